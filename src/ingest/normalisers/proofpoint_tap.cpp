// Proofpoint Targeted Attack Protection: SIEM API (clicksPermitted, clicksBlocked, messagesDelivered,
// messagesBlocked), as the API's envelope or record by record.

#include <array>

#include "ingest/normalisers/normaliser.h"
#include "ingest/paths.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

struct Outcome {
  std::string_view list;  // of the envelope
  bool click;
  bool stopped;
};
constexpr auto kOutcomes = std::to_array<Outcome>({{"clicksPermitted", true, false},
                                                   {"clicksBlocked", true, true},
                                                   {"messagesDelivered", false, false},
                                                   {"messagesBlocked", false, true}});

// The clicker's address is the customer's own.
constexpr auto kEntities = std::to_array<EntityField>({
    {"sender", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"fromAddress", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"replyToAddress", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"senderIP", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"recipient", EntityKind::kEmail, EntityRole::kTarget},
    {"toAddresses", EntityKind::kEmail, EntityRole::kTarget},
    {"ccAddresses", EntityKind::kEmail, EntityRole::kTarget},
    {"clickIP", EntityKind::kIp, EntityRole::kTarget},
    {"url", EntityKind::kUrl, EntityRole::kRelated, Standing::kReported},
});

void read_threat(const Node& threat, AlertDraft& draft) {
  const auto value = threat["threat"].text();
  const auto type = threat["threatType"].text();
  draft.source_url(threat["threatUrl"].text());
  draft.tag(threat["classification"].text());
  if (equal_ignoring_case(type, "attachment")) {
    draft.technique("T1566.001");
    return draft.reported(EntityKind::kHash, value, EntityRole::kRelated);
  }
  if (!equal_ignoring_case(type, "url")) return;
  draft.technique("T1566.002");
  const bool url = value.find("://") != std::string_view::npos || value.find('/') != std::string_view::npos;
  draft.reported(url ? EntityKind::kUrl : EntityKind::kDomain, value, EntityRole::kRelated);
}

// Bodies are parts too; only what was attached is looked for elsewhere.
void read_part(const Node& part, AlertDraft& draft) {
  if (!equal_ignoring_case(part["disposition"].text(), "attached")) return;
  draft.entity(EntityKind::kFile, part["filename"].text(), EntityRole::kRelated);
  for (const auto* name : {"sha256", "md5"})
    draft.observed(EntityKind::kHash, part[name].text(), EntityRole::kRelated);
}

std::string classification_of(const Node& record) {
  return to_lower(first_text(record, {"classification", "threatsInfoMap.classification"}));
}

bool is_cleared(const Node& record) {
  const auto status = to_lower(first_text(record, {"threatStatus", "threatsInfoMap.threatStatus"}));
  return status == "cleared" || status == "falsepositive";
}

// What reached the user weighs more than what was stopped; spam weighs least.
Severity severity_of(const Node& record, const Outcome& outcome) {
  if (is_cleared(record)) return Severity::kInfo;
  const auto kind = classification_of(record);
  if (kind == "spam" || kind == "bulk") return outcome.stopped ? Severity::kInfo : Severity::kLow;
  if (outcome.stopped) return Severity::kMedium;
  return kind == "malware" && outcome.click ? Severity::kCritical : Severity::kHigh;
}

std::string title_of(const Node& record, const Outcome& outcome) {
  const auto kind = classification_of(record);
  std::string title = outcome.click ? (outcome.stopped ? "Click blocked" : "Click permitted")
                                    : (outcome.stopped ? "Message blocked" : "Message delivered");
  if (!kind.empty()) title += ": " + kind;
  const auto subject = first_text(record, {"subject"});
  return subject.empty() ? title : title + ": " + subject;
}

void read_record(const Node& record, const Outcome& outcome, AlertDraft& draft) {
  const auto kind = classification_of(record);
  draft.source_id(outcome.click ? first_text(record, {"id", "GUID"}) : first_text(record, {"GUID", "id"}));
  draft.title(title_of(record, outcome));
  draft.type(outcome.click ? "malicious_click" : kind == "phish" ? "phishing" : "malicious_email");
  draft.rule(kind);
  draft.severity(severity_of(record, outcome));
  for (const auto* name : {"clickTime", "messageTime", "threatTime"})
    draft.occurred_at(read_time(record[name]));
  draft.source_url(first_text(record, {"threatURL", "threatUrl"}));
  draft.vendor_status(outcome.stopped ? "blocked" : outcome.click ? "permitted" : "delivered");
  draft.vendor_verdict(first_text(record, {"classification", "threatsInfoMap.classification"}));
  if (outcome.click) draft.technique("T1204.001");
  draft.tag(first_text(record, {"threatStatus", "threatsInfoMap.threatStatus"}));
  read_entities(record, kEntities, draft);
  record["threatsInfoMap"].each([&](const Node& threat) { read_threat(threat, draft); });
  record["messageParts"].each([&](const Node& part) { read_part(part, draft); });
}

// The threat API tells of a threat what no one met yet.
bool is_threat(const Node& object) {
  return object["identifiedAt"] && object["category"].is_string() && object["type"].is_string() &&
         object["name"].is_string();
}

void read_threat_summary(const Node& threat, AlertDraft& draft) {
  draft.source_id(threat["id"].scalar());
  draft.title(first_text(threat, {"detectionType", "category"}) + ": " + threat["name"].scalar());
  draft.type("threat_report");
  draft.severity(severity_from_hundred(threat["severityScore"].number().value_or(0) / 10));
  draft.occurred_at(read_time(threat["identifiedAt"]));
  draft.vendor_status(threat["status"].text());
  draft.vendor_verdict(threat["category"].text());
  for (const auto* path : {"actors.name", "families.name", "malware.name", "brands.name"})
    each_at(threat, path, [&](const Node& name) { draft.tag(name.text()); });
  const bool url = equal_ignoring_case(threat["type"].text(), "url");
  draft.reported(url ? EntityKind::kUrl : EntityKind::kHash, threat["name"].text(), EntityRole::kRelated);
}

bool is_record(const Node& record) {
  return (record["GUID"] && (record["threatsInfoMap"] || record["clickTime"])) ||
         (record["clickIP"] && record["threatID"]);
}

// A record alone says what it is by its members, and by "type" or "status" where a collector added them.
Outcome outcome_of(const Node& record) {
  const auto hint = to_lower(first_text(record, {"status", "eventType", "type", "event_type"}));
  const bool click = record["clickTime"] || record["clickIP"];
  const bool kept = !first_text(record, {"quarantineFolder", "quarantineRule"}).empty();
  return {"", click, kept || hint.find("block") != std::string::npos};
}

void read_one(const Node& record, const Outcome& outcome, std::string_view bytes, Output& out) {
  out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_record(record, outcome, draft); });
}

}  // namespace

bool is_proofpoint(const Node& object) {
  if (is_record(object) || is_threat(object)) return true;
  for (const auto& outcome : kOutcomes) {
    if (object[outcome.list].is_array()) return true;
  }
  return false;
}

void read_proofpoint(const Node& object, Output& out) {
  bool envelope = false;
  for (const auto& outcome : kOutcomes) {
    const Node list = object[outcome.list];
    if (!list.is_array()) continue;
    envelope = true;
    for_each_part(out.item(), outcome.list, list, [&](const Node& one, std::string_view bytes, std::size_t) {
      if (one.is_object()) return read_one(one, outcome, bytes, out);
      out.reject_part(bytes, "neither a click nor a message", "Send the answer of /v2/siem/all as it came.");
    });
  }
  if (envelope) return;
  if (is_record(object)) return read_one(object, outcome_of(object), out.item(), out);
  if (is_threat(object)) {
    return out.add(RecordKind::kIntel, [&](AlertDraft& draft) { read_threat_summary(object, draft); });
  }
  out.reject("neither a click, a message nor a threat of TAP",
             "Send the answer of /v2/siem/all or single records of it, or of /v2/threat/summary.");
}

}  // namespace tocsin::ingest
