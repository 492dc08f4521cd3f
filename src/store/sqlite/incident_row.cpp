#include "store/sqlite/incident_row.h"

namespace tocsin::store {

std::string_view select_incident() {
  return "SELECT seq, id, title, severity, priority, risk_score, confidence, status, verdict, assignee, "
         "close_reason, "
         "created_at, updated_at, first_seen, last_seen, alert_count, lead_alert, tactics, requires_review, "
         "review_reason, merged_into, decided, version, tlp, first_response_at FROM incidents ";
}

model::Incident read_incident(const Statement& row) {
  model::Incident incident;
  incident.seq = row.int64(0);
  incident.id = IncidentId::parse(row.text(1)).value_or(IncidentId());
  incident.title = row.text(2);
  incident.severity = static_cast<model::Severity>(row.integer(3));
  incident.priority = row.integer(4);
  incident.risk_score = row.real(5);
  incident.confidence = row.real(6);
  incident.status = static_cast<model::IncidentStatus>(row.integer(7));
  incident.verdict = static_cast<model::Verdict>(row.integer(8));
  incident.assignee = row.optional_text(9);
  incident.close_reason = row.optional_text(10);
  incident.created_at = row.time(11);
  incident.updated_at = row.time(12);
  incident.first_seen = row.time(13);
  incident.last_seen = row.time(14);
  incident.alert_count = row.int64(15);
  incident.lead_alert = row.int64(16);
  incident.tactics = static_cast<std::uint16_t>(row.integer(17));
  incident.requires_review = row.integer(18) != 0;
  incident.review_reason = row.text(19);
  if (!row.null(20)) incident.merged_into = IncidentId::parse(row.text(20));
  incident.decided = row.integer(21) != 0;
  incident.version = row.int64(22);
  incident.tlp = static_cast<model::Tlp>(row.integer(23));
  if (!row.null(24)) incident.first_response_at = row.time(24);
  return incident;
}

Result<std::optional<model::Incident>> find_incident(Connection& db, TenantId tenant, std::string_view id) {
  static const std::string kById = join_sql({select_incident(), "WHERE tenant = ?1 AND id = ?2"});
  auto row = db.prepare(kById);
  std::optional<model::Incident> incident;
  if (row.query(tenant.value, id).next()) incident = read_incident(row);
  TOCSIN_CHECK(row.status());
  return incident;
}

std::string_view select_membership() {
  return "SELECT alert_seq, incident, linked_to, reason, weight, entity_indexes FROM incident_alerts ";
}

model::Membership read_membership(const Statement& row) {
  model::Membership member;
  member.alert = row.int64(0);
  member.incident = row.int64(1);
  member.linked_to = row.int64(2);
  member.reason = static_cast<model::LinkReason>(row.integer(3));
  member.weight_hundredths = static_cast<std::uint16_t>(row.integer(4));
  const auto indexes = row.blob(5);
  member.entity_indexes.assign(indexes.begin(), indexes.end());
  return member;
}

namespace {

Result<void> note_change(Seq incident, TenantId tenant, WriteContext& context) {
  if (context.changes == nullptr) return {};
  auto row = context.db.prepare("SELECT id FROM incidents WHERE tenant = ?1 AND seq = ?2");
  if (row.query(tenant.value, incident).next()) context.changes->incident(tenant, row.text(0));
  return row.status();
}

}  // namespace

Result<void> mark_decided(Seq incident, TenantId tenant, WriteContext& context) {
  if (incident == 0) return {};
  TOCSIN_CHECK(note_change(incident, tenant, context));
  auto update = context.db.prepare(
      "UPDATE incidents SET decided = 1, version = version + 1, updated_at = ?3, "
      "first_response_at = coalesce(first_response_at, ?3) WHERE tenant = ?1 AND seq = ?2");
  return update.run(tenant.value, incident, context.now);
}

}  // namespace tocsin::store
