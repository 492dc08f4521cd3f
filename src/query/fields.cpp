#include "query/fields.h"

#include <algorithm>

namespace tocsin::query {
namespace {

using model::Field;
using Type = ValueType;

constexpr std::string_view kSeverities[] = {"info", "low", "medium", "high", "critical"};
constexpr std::string_view kAlertStatuses[] = {"new", "in_progress", "closed"};
constexpr std::string_view kIncidentStatuses[] = {"open", "triaged", "in_progress", "closed"};
constexpr std::string_view kVerdicts[] = {"undecided", "true_positive", "benign_positive", "false_positive"};
constexpr std::string_view kTiers[] = {"normal", "important", "crown_jewel"};
constexpr std::int64_t kManyAlerts = 1'000'000'000;

constexpr FieldInfo kAlertFields[] = {
    {Field::kSeverity,
     "severity",
     {"sev"},
     Type::kLevel,
     kSeverities,
     0,
     0,
     "How bad its tool says it is",
     "severity>=high"},
    {Field::kStatus,
     "status",
     {},
     Type::kChoice,
     kAlertStatuses,
     0,
     0,
     "Where the work stands; open is new or in_progress",
     "status:open"},
    {Field::kVerdict, "verdict", {}, Type::kChoice, kVerdicts, 0, 0, "What was decided", "verdict:undecided"},
    {Field::kPriority,
     "priority",
     {"prio"},
     Type::kNumber,
     {},
     0,
     100,
     "How urgent, 0 to 100",
     "priority:70..90"},
    {Field::kSource, "source", {}, Type::kName, {}, 0, 0, "The tool it came from", "source:suricata"},
    {Field::kType, "type", {}, Type::kName, {}, 0, 0, "Its family", "type:ssh_bruteforce"},
    {Field::kTitle, "title", {}, Type::kText, {}, 0, 0, "Its title", "title:*mimikatz*"},
    {Field::kMessage, "message", {}, Type::kText, {}, 0, 0, "Its message", "message~\"failed to sign in\""},
    {Field::kAssignee, "assignee", {"owner"}, Type::kPerson, {}, 0, 0, "Whose it is", "assignee:@me"},
    {Field::kRequiresReview,
     "requires_review",
     {"review"},
     Type::kFlag,
     {},
     0,
     0,
     "A person has to look at it",
     "requires_review:true"},
    {Field::kOccurred,
     "occurred",
     {"occurred_at", "time"},
     Type::kTime,
     {},
     0,
     0,
     "When it happened",
     "occurred:2026-11-01..2026-11-05"},
    {Field::kReceived,
     "received",
     {"received_at"},
     Type::kTime,
     {},
     0,
     0,
     "When it reached us",
     "received>=now-1h"},
    {Field::kAge, "age", {}, Type::kDuration, {}, 0, 0, "How long ago it happened", "age<4h"},
    {Field::kIncident,
     "incident",
     {"incident_id"},
     Type::kIncidentId,
     {},
     0,
     0,
     "The incident it belongs to",
     "-has:incident"},
    {Field::kEntity,
     "entity",
     {},
     Type::kEntity,
     {},
     0,
     0,
     "Any user, host, address, file … it is about",
     "entity:web-01"},
    {Field::kUser, "user", {}, Type::kEntity, {}, 0, 0, "A user it is about", "user:alice"},
    {Field::kHost, "host", {}, Type::kEntity, {}, 0, 0, "A host it is about", "host:(web-01,web-02)"},
    {Field::kIp,
     "ip",
     {"address"},
     Type::kAddress,
     {},
     0,
     0,
     "An IP address it is about",
     "ip:cidr(10.0.0.0/8)"},
    {Field::kDomain, "domain", {}, Type::kEntity, {}, 0, 0, "A domain it is about", "domain:*.example"},
    {Field::kUrl, "url", {}, Type::kEntity, {}, 0, 0, "A URL it is about", "url~\"/login\""},
    {Field::kHash, "hash", {}, Type::kEntity, {}, 0, 0, "A file's hash", "has:hash"},
    {Field::kEmail,
     "email",
     {"mail"},
     Type::kEntity,
     {},
     0,
     0,
     "A mail address it is about",
     "email:*@corp.example"},
    {Field::kFile, "file", {}, Type::kEntity, {}, 0, 0, "A file it is about", "file:*.docm"},
    {Field::kProcess,
     "process",
     {},
     Type::kEntity,
     {},
     0,
     0,
     "A process it is about",
     "process:powershell.exe"},
    {Field::kAccount,
     "account",
     {},
     Type::kEntity,
     {},
     0,
     0,
     "A cloud or service account it is about",
     "account:123456789012"},
    {Field::kCloudResource,
     "cloud_resource",
     {"resource"},
     Type::kEntity,
     {},
     0,
     0,
     "A cloud resource it is about",
     "resource~\"s3\""},
    {Field::kCve, "cve", {}, Type::kEntity, {}, 0, 0, "A vulnerability it names", "cve:CVE-2021-44228"},
    {Field::kMac, "mac", {}, Type::kEntity, {}, 0, 0, "A hardware address it is about", "has:mac"},
    {Field::kIoc,
     "ioc",
     {"indicator"},
     Type::kEntity,
     {},
     0,
     0,
     "An indicator of compromise it holds",
     "ioc:203.0.113.9"},
    {Field::kTechnique,
     "technique",
     {"mitre"},
     Type::kTechnique,
     {},
     0,
     0,
     "An ATT&CK technique, sub-techniques included",
     "technique:T1110"},
    {Field::kTactic, "tactic", {}, Type::kTactic, {}, 0, 0, "An ATT&CK tactic", "tactic:credential-access"},
    {Field::kTag, "tag", {"tags"}, Type::kEntity, {}, 0, 0, "A tag on it", "tag:vip"},
    {Field::kCommandLine,
     "command_line",
     {"cmdline"},
     Type::kText,
     {},
     0,
     0,
     "The command line of its process",
     "command_line~\"-enc\""},
    {Field::kAssetTier,
     "asset_tier",
     {"tier"},
     Type::kLevel,
     kTiers,
     0,
     0,
     "How important what it hit is",
     "asset_tier>=important"},
    {Field::kFpProbability,
     "fp_probability",
     {"fp"},
     Type::kFraction,
     {},
     0,
     1,
     "How likely it is nothing, 0 to 1",
     "fp_probability<0.2"},
    {Field::kConfidence,
     "confidence",
     {},
     Type::kFraction,
     {},
     0,
     1,
     "How much is known, 0 to 1",
     "confidence>=0.8"},
    {Field::kOccurrences,
     "occurrences",
     {"count"},
     Type::kNumber,
     {},
     1,
     kManyAlerts,
     "How often it came",
     "occurrences>=10"},
    {Field::kFirstSeen, "first_seen", {}, Type::kTime, {}, 0, 0, "When it came first", "first_seen>=today"},
    {Field::kLastSeen, "last_seen", {}, Type::kTime, {}, 0, 0, "When it came last", "last_seen<now-7d"},
    {Field::kCloseReason,
     "close_reason",
     {},
     Type::kText,
     {},
     0,
     0,
     "Why it was closed",
     "close_reason:scanner"},
    {Field::kSourceId,
     "source_id",
     {"vendor_id"},
     Type::kName,
     {},
     0,
     0,
     "The tool's own id of it",
     "source_id:2001219"},
    {Field::kFingerprint,
     "fingerprint",
     {},
     Type::kName,
     {},
     0,
     0,
     "What its repeats have in common, 16 hex digits",
     "fingerprint:0123456789abcdef"},
    {Field::kId, "id", {}, Type::kAlertId, {}, 0, 0, "Its id", "id:AL-01JB2ZK8M5X8Q0V1T9T3Y6N4RC"},
};

constexpr FieldInfo kIncidentFields[] = {
    {Field::kSeverity,
     "severity",
     {"sev"},
     Type::kLevel,
     kSeverities,
     0,
     0,
     "Of its worst alert",
     "severity>=high"},
    {Field::kStatus,
     "status",
     {},
     Type::kChoice,
     kIncidentStatuses,
     0,
     0,
     "Where the work stands",
     "-status:closed"},
    {Field::kVerdict, "verdict", {}, Type::kChoice, kVerdicts, 0, 0, "What was decided", "verdict:undecided"},
    {Field::kPriority,
     "priority",
     {"prio"},
     Type::kNumber,
     {},
     0,
     100,
     "How urgent, 0 to 100",
     "priority>=80"},
    {Field::kTitle, "title", {}, Type::kText, {}, 0, 0, "Its title", "title:ransomware"},
    {Field::kAssignee, "assignee", {"owner"}, Type::kPerson, {}, 0, 0, "Whose it is", "assignee:none"},
    {Field::kRequiresReview,
     "requires_review",
     {"review"},
     Type::kFlag,
     {},
     0,
     0,
     "A person has to look at it",
     "requires_review:true"},
    {Field::kAge, "age", {}, Type::kDuration, {}, 0, 0, "How long ago it was opened", "age>=4h"},
    {Field::kCreated,
     "created",
     {"created_at"},
     Type::kTime,
     {},
     0,
     0,
     "When it was opened",
     "created>=today"},
    {Field::kUpdated,
     "updated",
     {"updated_at"},
     Type::kTime,
     {},
     0,
     0,
     "When it was last changed",
     "updated<now-1d"},
    {Field::kFirstSeen,
     "first_seen",
     {},
     Type::kTime,
     {},
     0,
     0,
     "When its first alert happened",
     "first_seen>=now-7d"},
    {Field::kLastSeen,
     "last_seen",
     {},
     Type::kTime,
     {},
     0,
     0,
     "When its last alert happened",
     "last_seen>=now-1h"},
    {Field::kAlertCount,
     "alert_count",
     {"alerts"},
     Type::kNumber,
     {},
     0,
     kManyAlerts,
     "How many alerts it has",
     "alert_count>=10"},
    {Field::kRiskScore,
     "risk_score",
     {"risk"},
     Type::kFraction,
     {},
     0,
     100,
     "Its risk, 0 to 100",
     "risk_score>=75"},
    {Field::kConfidence,
     "confidence",
     {},
     Type::kFraction,
     {},
     0,
     1,
     "How much is known, 0 to 1",
     "confidence<0.5"},
    {Field::kTactic,
     "tactic",
     {},
     Type::kTactic,
     {},
     0,
     0,
     "An ATT&CK tactic of its alerts",
     "tactic:exfiltration"},
    {Field::kDecided, "decided", {}, Type::kFlag, {}, 0, 0, "A person has changed it", "decided:false"},
    {Field::kCloseReason,
     "close_reason",
     {},
     Type::kText,
     {},
     0,
     0,
     "Why it was closed",
     "close_reason:exercise"},
    {Field::kId, "id", {}, Type::kIncidentId, {}, 0, 0, "Its id", "id:IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC"},
};

struct TypeInfo {
  std::string_view name;
  std::span<const std::string_view> operators;
};

constexpr std::string_view kExactSigns[] = {":", "~", "!="};
constexpr std::string_view kTextSigns[] = {":", "~", "=", "!="};
constexpr std::string_view kChoiceSigns[] = {":", "!="};
constexpr std::string_view kOrderSigns[] = {":", ">=", ">", "<=", "<", "!="};
constexpr std::string_view kTimeSigns[] = {":", ">=", ">", "<=", "<"};

// By the places of ValueType.
constexpr TypeInfo kTypes[] = {
    {"name", kExactSigns},    {"text", kTextSigns},        {"entity", kExactSigns},
    {"address", kExactSigns}, {"alert_id", kChoiceSigns},  {"incident_id", kChoiceSigns},
    {"person", kExactSigns},  {"technique", kChoiceSigns}, {"tactic", kChoiceSigns},
    {"choice", kChoiceSigns}, {"level", kOrderSigns},      {"flag", kChoiceSigns},
    {"number", kOrderSigns},  {"fraction", kOrderSigns},   {"time", kTimeSigns},
    {"duration", kTimeSigns},
};
static_assert(std::size(kTypes) == static_cast<std::size_t>(ValueType::kDuration) + 1);

const TypeInfo& info(ValueType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

template <class Matches>
const FieldInfo* find_where(Subject subject, Matches matches) {
  const auto all = fields(subject);
  const auto found = std::find_if(all.begin(), all.end(), matches);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::span<const FieldInfo> fields(Subject subject) {
  if (subject == Subject::kAlerts) return kAlertFields;
  return kIncidentFields;
}

const FieldInfo* find_field(Subject subject, std::string_view name) {
  if (name.empty()) return nullptr;
  return find_where(subject, [&](const FieldInfo& one) {
    return one.name == name || std::find(one.aliases.begin(), one.aliases.end(), name) != one.aliases.end();
  });
}

const FieldInfo* find_field(Subject subject, Field field) {
  return find_where(subject, [&](const FieldInfo& one) { return one.field == field; });
}

std::string_view to_text(ValueType type) {
  return info(type).name;
}

std::span<const std::string_view> operators(ValueType type) {
  return info(type).operators;
}

bool has_order(ValueType type) {
  return type == ValueType::kLevel || type == ValueType::kNumber || type == ValueType::kFraction ||
         type == ValueType::kTime || type == ValueType::kDuration;
}

bool takes_commas(ValueType type) {
  switch (type) {
    case ValueType::kText:
    case ValueType::kEntity:
    case ValueType::kPerson:
      return false;
    default:
      return true;
  }
}

}  // namespace tocsin::query
