#include "store/sqlite/incident_store.h"

#include "store/audit_entries.h"
#include "store/change_log.h"
#include "store/sql/desk_store.h"
#include "store/sql/disposition_store.h"
#include "store/sql/lease_store.h"
#include "store/sql/scoped_incidents.h"
#include "store/sqlite/action_log.h"
#include "store/sqlite/codec.h"
#include "store/sqlite/incident_list.h"
#include "store/sqlite/incident_notes.h"
#include "store/sqlite/incident_row.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kRowsPerChunk = 20'000;

model::Incident changed(const model::Incident& before, const IncidentChange& change) {
  auto after = before;
  if (change.status) after.status = *change.status;
  if (change.verdict) after.verdict = *change.verdict;
  if (change.assignee) after.assignee = *change.assignee;
  if (change.close_reason) after.close_reason = *change.close_reason;
  if (change.priority) after.priority = *change.priority;
  if (change.tlp) after.tlp = *change.tlp;
  return after;
}

Result<void> save_change(const model::Incident& after, TenantId tenant, Connection& db) {
  auto update = db.prepare(
      "UPDATE incidents SET status = ?3, verdict = ?4, assignee = ?5, close_reason = ?6, priority = ?7, "
      "updated_at = ?8, "
      "version = ?9, tlp = ?10, first_response_at = ?11, decided = 1 WHERE tenant = ?1 AND seq = ?2");
  return update.run(tenant.value, after.seq, after.status, after.verdict, after.assignee, after.close_reason,
                    after.priority, after.updated_at, after.version, after.tlp, after.first_response_at);
}

Result<IncidentId> id_of(Seq seq, TenantId tenant, Connection& db) {
  auto row = db.prepare("SELECT id FROM incidents WHERE tenant = ?1 AND seq = ?2");
  IncidentId id;
  if (row.query(tenant.value, seq).next()) id = IncidentId::parse(row.text(0)).value_or(IncidentId());
  TOCSIN_CHECK(row.status());
  return id;
}

Result<void> log_decision(const Decision& decision, std::int64_t number, std::size_t alerts, TenantId tenant,
                          WriteContext& context) {
  TOCSIN_TRY(first, id_of(decision.incident, tenant, context.db));
  TOCSIN_TRY(second, id_of(decision.other_incident, tenant, context.db));
  TOCSIN_CHECK(write_actions(lines_of(decision, first, second, alerts), tenant, context.db));
  return write_audit(context, tenant, audit_of(decision, number, first, second, alerts));
}

std::string encode_seqs(const std::vector<Seq>& seqs) {
  std::string bytes;
  ByteWriter to(bytes);
  to.varint(seqs.size());
  for (const auto seq : seqs) to.signed_varint(seq);
  return bytes;
}

std::vector<Seq> decode_seqs(std::string_view bytes) {
  ByteReader from(bytes);
  std::vector<Seq> seqs(from.count());
  for (auto& seq : seqs) seq = from.signed_varint();
  return seqs;
}

}  // namespace

Result<Page<model::Incident>> SqliteIncidentStore::list(const IncidentQuery& query) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(scope,
             read_scope(*db, tenant_, *parts_.asset_groups, query.scope.value_or(model::AlertScope())));
  const bool rows_answer = !scope && (!query.where || parts_.dialect.has_our_functions);
  return rows_answer ? list_incidents(*db, tenant_, query) : walk_incidents(*db, tenant_, scope.get(), query);
}

Result<std::vector<model::Incident>> SqliteIncidentStore::narrowed(std::vector<model::Incident> incidents,
                                                                   const model::AlertScope& scope) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(filter, read_scope(*db, tenant_, *parts_.asset_groups, scope));
  if (!filter) return incidents;
  return narrow_incidents(*db, tenant_, *filter, std::move(incidents));
}

Result<std::optional<model::Incident>> SqliteIncidentStore::find(const IncidentId& id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  return find_incident(*db, tenant_, id.str());
}

Result<std::vector<model::Incident>> SqliteIncidentStore::by_seq(std::span<const Seq> seqs) const {
  static const std::string kBySeq = join_sql({select_incident(), "WHERE tenant = ?1 AND seq = ?2"});
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);  // one, instead of a lock taken and given back for each row
  std::vector<model::Incident> incidents;
  auto row = db->prepare(kBySeq);
  for (const auto seq : seqs) {
    if (row.query(tenant_.value, seq).next()) incidents.push_back(read_incident(row));
  }
  TOCSIN_CHECK(row.status());
  return incidents;
}

Result<model::Incident> SqliteIncidentStore::update(const IncidentId& id, const IncidentChange& change,
                                                    std::optional<std::int64_t> if_version) {
  return parts_.writer.wait<model::Incident>([&](WriteContext& context) -> Result<model::Incident> {
    TOCSIN_TRY(before, find_incident(context.db, tenant_, id.str()));
    if (!before) return no_such_incident(id);
    if (if_version && *if_version != before->version) {
      return error(ErrorKind::kConflict, "change incident " + id.str(), "it was changed by someone else",
                   "Read it again and repeat the change");
    }
    auto after = changed(*before, change);
    after.decided = true;
    after.updated_at = context.now;
    if (!after.first_response_at) after.first_response_at = context.now;
    ++after.version;
    TOCSIN_CHECK(save_change(after, tenant_, context.db));
    TOCSIN_CHECK(keep_mark(*before, after, tenant_, context));
    if (before->verdict != after.verdict)
      TOCSIN_CHECK(keep_incident_dispositions(after.seq, after.verdict, tenant_, context));
    TOCSIN_TRY(note_before, replace_note(id, change, tenant_, context));
    TOCSIN_CHECK(write_actions(lines_of(*before, after, change, context.now), tenant_, context.db));
    const auto open = [](const model::Incident& i) {
      return !i.merged_into && i.status != model::IncidentStatus::kClosed;
    };
    context.counters.add(tenant_, Counter::kIncidentsOpen, "",
                         std::int64_t{open(after)} - std::int64_t{open(*before)});
    const auto& note_after = change.analyst_notes ? change.analyst_notes : note_before;
    if (context.changes != nullptr) context.changes->incident(tenant_, id.str());
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of(*before, after, note_before, note_after)));
    return after;
  });
}

Result<std::vector<model::Membership>> SqliteIncidentStore::members(Seq incident, std::size_t limit) const {
  static const std::string kOfIncident =
      join_sql({select_membership(), "WHERE tenant = ?1 AND incident = ?2 ORDER BY alert_seq LIMIT ?3"});
  TOCSIN_TRY(db, parts_.readers.take());
  std::vector<model::Membership> members;
  auto row = db->prepare(kOfIncident);
  row.query(tenant_.value, incident, limit);
  while (row.next()) members.push_back(read_membership(row));
  TOCSIN_CHECK(row.status());
  return members;
}

Result<void> SqliteIncidentStore::scan_memberships(
    Seq after_alert, const std::function<bool(std::span<const model::Membership>)>& each) const {
  static const std::string kAfter = join_sql(
      {select_membership(), "NOT INDEXED WHERE alert_seq > ?1 AND tenant = ?2 ORDER BY alert_seq LIMIT ?3"});
  for (;;) {
    std::vector<model::Membership> members;
    {
      TOCSIN_TRY(db, parts_.readers.take());
      auto row = db->prepare(kAfter);
      row.query(after_alert, tenant_.value, kRowsPerChunk);
      while (row.next()) members.push_back(read_membership(row));
      TOCSIN_CHECK(row.status());
    }
    if (members.empty() || !each(members)) return {};
    after_alert = members.back().alert;
  }
}

Result<void> SqliteIncidentStore::scan_incidents(
    Seq after, const std::function<bool(std::span<const model::Incident>)>& each) const {
  static const std::string kAfter =
      join_sql({select_incident(), "WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"});
  for (;;) {
    std::vector<model::Incident> incidents;
    {
      TOCSIN_TRY(db, parts_.readers.take());
      auto row = db->prepare(kAfter);
      row.query(tenant_.value, after, kRowsPerChunk);
      while (row.next()) incidents.push_back(read_incident(row));
      TOCSIN_CHECK(row.status());
    }
    if (incidents.empty() || !each(incidents)) return {};
    after = incidents.back().seq;
  }
}

Result<void> SqliteIncidentStore::apply(const CorrelationDelta& delta) {
  return parts_.writer.wait_for(
      [&](WriteContext& context) { return apply_delta(delta, tenant_, parts_.dialect, context); });
}

Result<std::int64_t> SqliteIncidentStore::number(std::string_view sql) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(sql);
  std::int64_t number = 0;
  if (row.query(tenant_.value).next()) number = row.int64(0);
  TOCSIN_CHECK(row.status());
  return number;
}

Result<Seq> SqliteIncidentStore::watermark() const {
  return number("SELECT watermark FROM correlation WHERE tenant = ?1");
}

// Retention removes an incident with everything that names its number, which may then be given again.
Result<Seq> SqliteIncidentStore::last_incident_seq() const {
  return number("SELECT seq FROM incidents WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1");
}

Result<std::int64_t> SqliteIncidentStore::decide(const Decision& decision, const CorrelationDelta& delta) {
  return parts_.writer.wait<std::int64_t>([&](WriteContext& context) -> Result<std::int64_t> {
    TOCSIN_CHECK(check_lease(kCorrelationLease, delta.owner, tenant_, context));
    auto insert = context.db.prepare(
        "INSERT INTO decisions (tenant, kind, after_alert, incident, other_incident, alerts, actor, made_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING number");
    const auto alerts = encode_seqs(decision.alerts);
    insert.query(tenant_.value, decision.kind, decision.after_alert, decision.incident,
                 decision.other_incident, Blob{alerts}, decision.actor, decision.made_at);
    const auto number = insert.next() ? insert.int64(0) : 0;
    while (insert.next()) {
    }
    TOCSIN_CHECK(insert.status());
    TOCSIN_CHECK(apply_delta(delta, tenant_, parts_.dialect, context));
    TOCSIN_CHECK(mark_decided(decision.incident, tenant_, context));
    TOCSIN_CHECK(mark_decided(decision.other_incident, tenant_, context));
    TOCSIN_CHECK(log_decision(decision, number, delta.memberships.size(), tenant_, context));
    return number;
  });
}

Result<std::vector<Decision>> SqliteIncidentStore::decisions() const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(
      "SELECT number, kind, after_alert, incident, other_incident, alerts, actor, made_at FROM decisions "
      "WHERE tenant = ?1 ORDER BY number");
  std::vector<Decision> decisions;
  row.query(tenant_.value);
  while (row.next()) {
    Decision decision;
    decision.number = row.int64(0);
    decision.kind = static_cast<Decision::Kind>(row.integer(1));
    decision.after_alert = row.int64(2);
    decision.incident = row.int64(3);
    decision.other_incident = row.int64(4);
    decision.alerts = decode_seqs(row.blob(5));
    decision.actor = row.text(6);
    decision.made_at = row.time(7);
    decisions.push_back(std::move(decision));
  }
  TOCSIN_CHECK(row.status());
  return decisions;
}

Result<void> SqliteIncidentStore::log_action(const model::ActionRecord& record) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_CHECK(write_actions(std::span(&record, 1), tenant_, context.db));
    if (context.changes != nullptr) context.changes->incident(tenant_, record.incident.str());
    return write_audit(context, tenant_, audit_of(record));
  });
}

Result<std::vector<model::ActionRecord>> SqliteIncidentStore::actions(const IncidentId& id,
                                                                      std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(
      "SELECT id, actor, action, target, detail, simulated, created_at FROM actions "
      "WHERE tenant = ?1 AND incident = ?2 ORDER BY number DESC LIMIT ?3");
  std::vector<model::ActionRecord> records;
  row.query(tenant_.value, id.str(), limit);
  while (row.next()) {
    model::ActionRecord record;
    record.id = ActionId::parse(row.text(0)).value_or(ActionId());
    record.incident = id;
    record.actor = row.text(1);
    record.action = row.text(2);
    record.target = row.text(3);
    record.detail = row.text(4);
    record.simulated = row.integer(5) != 0;
    record.created_at = row.time(6);
    records.push_back(std::move(record));
  }
  TOCSIN_CHECK(row.status());
  return records;
}

}  // namespace tocsin::store
