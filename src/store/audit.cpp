#include "store/audit.h"

#include <algorithm>
#include <array>

#include "base/display_text.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "store/audit_bytes.h"

namespace tocsin::store {
namespace {

// In the order of AuditAction.
constexpr std::array kActions{
    AuditActionName{"ingest.batch", "source"},
    AuditActionName{"ingest.events", "event"},
    AuditActionName{"alert.update", "alert"},
    AuditActionName{"incident.update", "incident"},
    AuditActionName{"incident.merge", "incident"},
    AuditActionName{"incident.split", "incident"},
    AuditActionName{"incident.open", "incident"},
    AuditActionName{"incident.action", "incident"},
    AuditActionName{"note.add", "note"},
    AuditActionName{"note.edit", "note"},
    AuditActionName{"dead_letter.put", "dead_letter"},
    AuditActionName{"dead_letter.mark", "dead_letter"},
    AuditActionName{"job.enqueue", "job"},
    AuditActionName{"job.retry", "job"},
    AuditActionName{"job.discard", "job"},
    AuditActionName{"intel.put", "intel_list"},
    AuditActionName{"intel.remove", "intel_list"},
    AuditActionName{"asset.put", "asset"},
    AuditActionName{"asset.replace", "asset"},
    AuditActionName{"asset.remove", "asset"},
    AuditActionName{"user.put", "user"},
    AuditActionName{"user.replace", "user"},
    AuditActionName{"user.remove", "user"},
    AuditActionName{"reference.put", "reference_file"},
    AuditActionName{"reference.remove", "reference_file"},
    AuditActionName{"feedback.add", "feedback"},
    AuditActionName{"setting.set", "setting"},
    AuditActionName{"person.create", "person"},
    AuditActionName{"person.update", "person"},
    AuditActionName{"person.remove", "person"},
    AuditActionName{"person.password", "person"},
    AuditActionName{"person.second_factor", "person"},
    AuditActionName{"session.sign_in", "session"},
    AuditActionName{"session.refused", "session"},
    AuditActionName{"session.sign_out", "session"},
    AuditActionName{"session.revoke", "session"},
    AuditActionName{"api_key.create", "api_key"},
    AuditActionName{"api_key.update", "api_key"},
    AuditActionName{"api_key.revoke", "api_key"},
    AuditActionName{"ingest_token.create", "ingest_token"},
    AuditActionName{"ingest_token.revoke", "ingest_token"},
    AuditActionName{"tenant.create", "tenant"},
    AuditActionName{"tenant.update", "tenant"},
    AuditActionName{"tenant.remove", "tenant"},
    AuditActionName{"secret.set", "secret"},
    AuditActionName{"secret.rotate", "secret"},
    AuditActionName{"secret.remove", "secret"},
    AuditActionName{"hold.set", "hold"},
    AuditActionName{"hold.release", "hold"},
    AuditActionName{"retention.run", "retention"},
    AuditActionName{"audit.export", "audit"},
};
static_assert(kActions.size() == static_cast<std::size_t>(AuditAction::kAuditExport) + 1);

constexpr std::array kUnaudited{
    UnauditedWrite{"IncidentStore::apply",
                   "what correlation makes of alerts follows from their records and from people's decisions, "
                   "and a rebuild makes it again; what a person decides is recorded by decide()"},
    UnauditedWrite{"JobStore::lease",
                   "a worker takes work; the job's own row tells the attempt, its enqueueing is recorded"},
    UnauditedWrite{"JobStore::complete", "the end of work whose effects have records of their own"},
    UnauditedWrite{"JobStore::fail", "an attempt of the machine; the job's row keeps the error"},
    UnauditedWrite{"TenantStore::keep_answer",
                   "a copy of an answer to a call whose change is recorded; gone after a day"},
    UnauditedWrite{"AuditStore::add_head", "a head says nothing that the chain does not"},
    UnauditedWrite{"watermarks, lookup keys, full-text index, counters, expired rows",
                   "derived from what is recorded; the writer's own upkeep"},
    UnauditedWrite{"setting auto_close.key", "chance that nobody may know, made once"},
    UnauditedWrite{"setting auto_close.state",
                   "how far closing by the stated bound has come; each alert it closes has its record"},
    UnauditedWrite{"setting correlation.rebuilt_incident", "how far a rebuild has come"},
    UnauditedWrite{"setting detection.alerts", "alerts of the last events, for other servers' answers"},
    UnauditedWrite{"setting detection.events", "how far the rules over events have come"},
    UnauditedWrite{"setting detection.baseline*", "what baselines learned; the events make it again"},
    UnauditedWrite{"setting detection.waited_for", "an event that a request waits for on another server"},
    UnauditedWrite{"setting detection.matches.*", "how often rules matched in an hour"},
    UnauditedWrite{"setting metrics.threats", "how far a count for the metrics has come"},
    UnauditedWrite{"setting intake.*", "how far a followed file was read"},
    UnauditedWrite{
        "setting suppressions.*",
        "which suppressions there are, what they hid before and how often: each of them, each change "
        "of one and each time that one stopped by itself has a record"},
    UnauditedWrite{"setting upload.*", "how far an upload was read; its alerts and letters have records"},
};

// What the builders of audit_fields.h made fits; anything else is kept as its beginning and its hash.
std::string bounded_side(std::string side) {
  if (side.size() <= kAuditSideBytes) return side;
  std::string cut;
  JsonWriter json(cut);
  json.object([&] {
    json.member("cut", display_text(side, 1000));
    json.member("bytes", side.size());
    json.member("sha256", sha256_hex(side));
  });
  return cut;
}

}  // namespace

AuditActionName name_of(AuditAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

std::span<const AuditActionName> audit_actions() {
  return kActions;
}

std::span<const UnauditedWrite> unaudited_writes() {
  return kUnaudited;
}

bool is_bookkeeping_setting(std::string_view key) {
  constexpr std::string_view kSetting = "setting ";
  return std::any_of(kUnaudited.begin(), kUnaudited.end(), [&](const UnauditedWrite& write) {
    if (!write.what.starts_with(kSetting)) return false;
    const auto name = write.what.substr(kSetting.size());
    return name.ends_with('*') ? key.starts_with(name.substr(0, name.size() - 1)) : key == name;
  });
}

std::string first_prev_hash() {
  return std::string(kSha256Bytes, '\0');
}

std::string hash_of(const AuditRecord& record) {
  return sha256(AuditBytes("tocsin-audit-record-1")
                    .number(record.tenant.value)
                    .number(record.number)
                    .number(to_unix_nanos(record.at))
                    .number(static_cast<std::int64_t>(record.actor_kind))
                    .text(record.actor)
                    .text(record.address)
                    .text(record.trace_id)
                    .text(record.action)
                    .text(record.object_kind)
                    .text(record.object_id)
                    .text(record.before)
                    .text(record.after)
                    .text(record.reason)
                    .text(record.prev_hash)
                    .str());
}

AuditRecord next_record(const ChainEnd& end, const Origin& origin, Timestamp now, AuditEntry entry) {
  const auto [name, object_kind] = name_of(entry.action);
  AuditRecord record;
  record.number = end.number + 1;
  record.tenant = end.tenant;
  record.at = now;
  record.actor = display_text(origin.actor, kAuditNameChars);
  record.actor_kind = origin.kind;
  record.address = display_text(origin.address, kAuditNameChars);
  record.trace_id = display_text(origin.trace_id, kAuditNameChars);
  record.action = name;
  record.object_kind = object_kind;
  record.object_id = display_text(entry.object_id, kAuditNameChars);
  record.before = bounded_side(std::move(entry.before));
  record.after = bounded_side(std::move(entry.after));
  record.reason = display_text(origin.reason, kAuditReasonChars);
  record.prev_hash = end.hash;
  record.hash = hash_of(record);
  return record;
}

}  // namespace tocsin::store
