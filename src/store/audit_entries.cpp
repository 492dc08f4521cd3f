#include "store/audit_entries.h"

#include <algorithm>

#include "base/sha256.h"
#include "store/audit_fields.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kValuesCounted = 20;  // different values of one field before a change of many
constexpr std::string_view kOtherValues = "(others)";

AuditEntry entry_of(AuditAction action, std::string object_id, const AuditFields& fields) {
  return {action, std::move(object_id), fields.before(), fields.after()};
}

template <class T>
const T& or_empty(const std::optional<T>& value) {
  static const T kEmpty{};
  return value ? *value : kEmpty;
}

// Fields of a thing that may not be there on one side.
template <class Thing>
class Sides {
 public:
  Sides(const std::optional<Thing>& before, const std::optional<Thing>& after)
      : before_(before), after_(after) {}
  template <class T>
  Sides& field(std::string_view name, T Thing::*member) {
    const auto& was = or_empty(before_).*member;
    const auto& is = or_empty(after_).*member;
    if (before_ && after_) {
      fields_.changed(name, was, is);
    } else if (before_) {
      fields_.was(name, was);
    } else {
      fields_.is(name, is);
    }
    return *this;
  }
  AuditFields& fields() { return fields_; }

 private:
  const std::optional<Thing>& before_;
  const std::optional<Thing>& after_;
  AuditFields fields_;
};

template <class Row>
AuditEntry entry_of_row(AuditAction action, const std::optional<Row>& before, const std::optional<Row>& after,
                        AuditFields& fields) {
  const auto& meta = after ? after->meta : or_empty(before).meta;
  if (after) fields.is("version", after->meta.version);
  if (before) fields.was("version", before->meta.version);
  return entry_of(action, meta.id, fields);
}

std::string_view state_of(const Job& job) {
  constexpr std::array<std::string_view, 4> kStates{"waiting", "leased", "done", "dead"};
  return kStates[static_cast<std::size_t>(job.state) & 3];
}

std::string counted(const std::map<std::string, std::int64_t>& values) {
  std::string json = "[";
  for (const auto& [value, alerts] : values) {
    json += json.size() > 1 ? "," : "";
    json.append("{\"value\":").append(value);
    json.append(",\"alerts\":").append(std::to_string(alerts)).append("}");
  }
  return json + "]";
}

}  // namespace

void AlertAudit::add(const model::Alert& before, const model::Alert& after) {
  bool any = false;
  const auto field = [&](std::string_view name, const auto& from, const auto& to) {
    if (from == to) return;
    any = true;
    auto& kept = fields_[name];
    auto value = audit_value(from);
    if (kept.many.empty()) kept.from = value;
    if (!kept.many.contains(value) && kept.many.size() >= kValuesCounted) value = audit_value(kOtherValues);
    ++kept.many[std::move(value)];
    kept.to = audit_value(to);
  };
  field("status", before.status, after.status);
  field("verdict", before.triage.verdict, after.triage.verdict);
  field("assignee", before.assignee, after.assignee);
  field("close_reason", before.close_reason, after.close_reason);
  field("priority", before.priority, after.priority);
  field("requires_review", before.requires_review, after.requires_review);
  field("tags", before.tags, after.tags);
  if (any) ids_.push_back(after.id.str());
}

std::optional<AuditEntry> AlertAudit::entry() const {
  if (ids_.empty()) return std::nullopt;
  const bool one = ids_.size() == 1;
  AuditFields fields;
  if (!one) fields.is_json("alerts", audit_ids(ids_));
  for (const auto& [name, field] : fields_) {
    fields.was_json(name, one ? field.from : counted(field.many));
    fields.is_json(name, field.to);
  }
  return entry_of(AuditAction::kAlertUpdate, one ? ids_[0] : std::string(), fields);
}

AuditEntry audit_of(const model::Incident& before, const model::Incident& after,
                    const std::optional<std::string>& note_before,
                    const std::optional<std::string>& note_after) {
  AuditFields fields;
  fields.changed("status", before.status, after.status)
      .changed("verdict", before.verdict, after.verdict)
      .changed("assignee", before.assignee, after.assignee)
      .changed("close_reason", before.close_reason, after.close_reason)
      .changed("priority", before.priority, after.priority)
      .changed("tlp", before.tlp, after.tlp)
      .changed("decided", before.decided, after.decided)
      .changed("analyst_notes", note_before, note_after)
      .changed("version", before.version, after.version);
  return entry_of(AuditAction::kIncidentUpdate, after.id.str(), fields);
}

AuditEntry audit_of(const Decision& decision, std::int64_t number, const IncidentId& first,
                    const IncidentId& second, std::size_t alerts) {
  constexpr std::array kActions{AuditAction::kIncidentMerge, AuditAction::kIncidentSplit,
                                AuditAction::kIncidentOpen};
  AuditFields fields;
  fields.is("decision", number).is("alerts_moved", alerts);
  if (!second.str().empty()) fields.is("other_incident", second.str());
  if (!decision.alerts.empty()) {
    std::vector<std::string> seqs;
    for (const auto seq : decision.alerts) seqs.push_back(std::to_string(seq));
    fields.is_json("alert_seqs", audit_ids(seqs));
  }
  return entry_of(kActions[static_cast<std::size_t>(decision.kind)], first.str(), fields);
}

AuditEntry audit_of(const std::optional<model::Note>& before, const model::Note& after) {
  AuditFields fields;
  if (before) {
    fields.changed("text", before->text, after.text).changed("revision", before->revision, after.revision);
  } else {
    fields.is("incident", after.incident.str()).is("text", after.text);
  }
  return entry_of(before ? AuditAction::kNoteEdit : AuditAction::kNoteAdd, after.id.str(), fields);
}

AuditEntry audit_of(const model::ActionRecord& record) {
  AuditFields fields;
  fields.is("line", record.id.str())
      .is("by", record.actor)
      .is("action", record.action)
      .is("target", record.target)
      .is("detail", record.detail)
      .is("simulated", record.simulated);
  return entry_of(AuditAction::kIncidentAction, record.incident.str(), fields);
}

AuditEntry audit_of(const std::vector<DeadLetter>& letters) {
  AuditFields fields;
  std::vector<std::string> ids;
  Sha256 content;
  for (const auto& letter : letters) {
    ids.push_back(letter.id.str());
    content.add(letter.id.str()).add("\n").add(sha256(letter.body));
  }
  fields.is_json("letters", audit_ids(ids));
  if (!letters.empty()) fields.is("source", letters[0].source).is("reason", letters[0].reason);
  fields.is("content_sha256", to_hex(content.finish()));
  return entry_of(AuditAction::kDeadLetterPut, ids.size() == 1 ? ids[0] : std::string(), fields);
}

AuditEntry audit_of_mark(const DeadLetter& before, bool resolved, std::string_view reason) {
  AuditFields fields;
  fields.changed("resolved", before.resolved, resolved)
      .changed("reason", std::string_view(before.reason), reason)
      .changed("attempts", before.attempts, before.attempts + 1);
  return entry_of(AuditAction::kDeadLetterMark, before.id.str(), fields);
}

AuditEntry audit_of_enqueue(const Job& job) {
  AuditFields fields;
  fields.is("kind", job.kind).is("payload", job.payload).is("urgency", job.urgency);
  if (!job.dedupe_key.empty()) fields.is("dedupe_key", job.dedupe_key);
  return entry_of(AuditAction::kJobEnqueue, job.id.str(), fields);
}

AuditEntry audit_of_retry(const Job& before, const Job& after) {
  AuditFields fields;
  fields.changed("state", state_of(before), state_of(after))
      .changed("attempts", before.attempts, after.attempts);
  return entry_of(AuditAction::kJobRetry, before.id.str(), fields);
}

AuditEntry audit_of_discard(const Job& job) {
  AuditFields fields;
  fields.was("kind", job.kind).was("state", state_of(job)).was("payload", job.payload);
  return entry_of(AuditAction::kJobDiscard, job.id.str(), fields);
}

AuditEntry audit_of(const Feedback& feedback) {
  AuditFields fields;
  if (feedback.alert_id) fields.is("alert", *feedback.alert_id);
  if (feedback.incident_id) fields.is("incident", feedback.incident_id->str());
  if (feedback.verdict) fields.is("verdict", *feedback.verdict);
  if (feedback.correct_priority) fields.is("correct_priority", *feedback.correct_priority);
  fields.is("by", feedback.actor).is("body", feedback.body);
  const auto incident = feedback.incident_id ? feedback.incident_id->str() : std::string();
  return entry_of(AuditAction::kFeedbackAdd, feedback.alert_id.value_or(incident), fields);
}

AuditEntry audit_of(const AnswerRating& rating) {
  AuditFields fields;
  fields.is("answer_kind", rating.kind).is("helpful", rating.helpful);
  return entry_of(AuditAction::kFeedbackAdd, rating.answer, fields);
}

// What of a secret setting may be seen: its first line.
std::string_view shown_line(std::string_view value) {
  return value.substr(0, value.find('\n'));
}

AuditEntry audit_of_secret(std::string_view key, const std::optional<std::string>& before,
                           std::string_view after) {
  AuditFields fields;
  if (before) fields.was("value", shown_line(*before));
  fields.is("value", shown_line(after));
  const bool is_resealed = before && shown_line(*before) == shown_line(after);
  const auto action = after.empty() ? AuditAction::kSecretRemove
                      : is_resealed ? AuditAction::kSecretRotate
                                    : AuditAction::kSecretSet;
  return entry_of(action, std::string(key), fields);
}

AuditEntry audit_of_setting(std::string_view key, const std::optional<std::string>& before,
                            std::string_view after) {
  if (key.starts_with(kSecretSettings)) return audit_of_secret(key, before, after);
  AuditFields fields;
  if (before) fields.was("value", *before);
  fields.is("value", after);
  return entry_of(AuditAction::kSettingSet, std::string(key), fields);
}

AuditEntry audit_of(const std::optional<IntelList>& before, const std::optional<IntelList>& after,
                    std::string_view content) {
  Sides<IntelList> sides(before, after);
  sides.field("name", &IntelList::name)
      .field("format", &IntelList::format)
      .field("source", &IntelList::source)
      .field("tlp", &IntelList::tlp)
      .field("produced_at", &IntelList::produced_at)
      .field("imported_by", &IntelList::imported_by)
      .field("entries", &IntelList::entries);
  if (before && after) sides.fields().was("id", before->id.str());
  if (after) sides.fields().is("content_sha256", content);
  return entry_of(after ? AuditAction::kIntelPut : AuditAction::kIntelRemove,
                  after ? after->id.str() : or_empty(before).id.str(), sides.fields());
}

std::string content_hash(const std::vector<IntelEntry>& entries) {
  Sha256 hash;
  for (const auto& entry : entries) {
    const auto bytes = std::string(to_text(entry.ioc.kind)) + '\n' + entry.ioc.value + '\n' + entry.label +
                       '\n' + entry.reference + '\n' + std::to_string(entry.confidence) + '\n' +
                       std::string(to_text(entry.tlp)) + '\n';
    hash.add(bytes);
  }
  return to_hex(hash.finish());
}

AuditEntry audit_of(const std::optional<ReferenceFile>& before, const std::optional<ReferenceFile>& after) {
  Sides<ReferenceFile> sides(before, after);
  sides.field("kind", &ReferenceFile::kind)
      .field("name", &ReferenceFile::name)
      .field("version", &ReferenceFile::version)
      .field("as_of", &ReferenceFile::as_of)
      .field("imported_by", &ReferenceFile::imported_by)
      .field("entries", &ReferenceFile::entries);
  if (before) sides.fields().was("body_sha256", sha256_hex(before->body));
  if (before && after) sides.fields().was("id", before->id.str());
  if (after) sides.fields().is("body_bytes", after->body.size()).is("body_sha256", sha256_hex(after->body));
  return entry_of(after ? AuditAction::kReferencePut : AuditAction::kReferenceRemove,
                  after ? after->id.str() : or_empty(before).id.str(), sides.fields());
}

AuditEntry audit_of(AuditAction action, const std::optional<Asset>& before,
                    const std::optional<Asset>& after) {
  Sides<Asset> sides(before, after);
  sides.field("name", &Asset::name)
      .field("hosts", &Asset::hosts)
      .field("addresses", &Asset::addresses)
      .field("tier", &Asset::tier)
      .field("owner", &Asset::owner)
      .field("department", &Asset::department)
      .field("zone", &Asset::zone)
      .field("tags", &Asset::tags);
  return entry_of_row(action, before, after, sides.fields());
}

AuditEntry audit_of(AuditAction action, const std::optional<User>& before, const std::optional<User>& after) {
  Sides<User> sides(before, after);
  sides.field("name", &User::name)
      .field("email", &User::email)
      .field("aliases", &User::aliases)
      .field("department", &User::department)
      .field("title", &User::title)
      .field("manager", &User::manager)
      .field("privileged", &User::privileged)
      .field("tier", &User::tier);
  return entry_of_row(action, before, after, sides.fields());
}

AuditEntry audit_of(AuditAction action, const InventoryChange& change) {
  AuditFields fields;
  fields.is("created", change.created)
      .is("updated", change.updated)
      .is("removed", change.removed)
      .is_json("names", audit_ids(change.names))
      .is("content_sha256", change.content);
  return entry_of(action, {}, fields);
}

AuditEntry audit_of_events(std::size_t count, Seq first, Seq last, std::string_view content) {
  AuditFields fields;
  fields.is("events", count).is("first_seq", first).is("last_seq", last).is("sha256", content);
  return entry_of(AuditAction::kIngestEvents, {}, fields);
}

}  // namespace tocsin::store
