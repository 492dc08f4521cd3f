#include "store/sql/incident_removal.h"

#include <array>
#include <iterator>

#include "store/sqlite/incident_row.h"

namespace tocsin::store {
namespace {

Result<std::vector<model::Incident>> read_all(Statement& rows) {
  std::vector<model::Incident> found;
  while (rows.next()) found.push_back(read_incident(rows));
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<void> remove_incident_rows(WriteContext& context, TenantId tenant, const model::Incident& incident) {
  constexpr std::array kById{
      "DELETE FROM note_revisions WHERE tenant = ?1 AND note IN (SELECT id FROM notes WHERE tenant = ?1 AND "
      "incident = ?2)",
      "DELETE FROM notes WHERE tenant = ?1 AND incident = ?2",
      "DELETE FROM actions WHERE tenant = ?1 AND incident = ?2",
      "DELETE FROM feedback WHERE tenant = ?1 AND incident_id = ?2",
      "DELETE FROM incidents WHERE tenant = ?1 AND id = ?2"};
  constexpr std::array kBySeq{
      "DELETE FROM decisions WHERE tenant = ?1 AND (incident = ?2 OR other_incident = ?2)",
      "DELETE FROM holds WHERE tenant = ?1 AND incident = ?2",
      "DELETE FROM desk_marks WHERE tenant = ?1 AND kind = 1 AND object = ?2"};
  for (const auto* sql : kById) TOCSIN_CHECK(context.db.prepare(sql).run(tenant.value, incident.id.str()));
  for (const auto* sql : kBySeq) TOCSIN_CHECK(context.db.prepare(sql).run(tenant.value, incident.seq));
  if (incident.merged_into) return {};
  context.counters.add(tenant, Counter::kIncidents, "", -1);
  if (incident.status != model::IncidentStatus::kClosed)
    context.counters.add(tenant, Counter::kIncidentsOpen, "", -1);
  return {};
}

}  // namespace

Result<std::int64_t> remove_incident(WriteContext& context, TenantId tenant, Seq incident) {
  auto own = context.db.prepare(join_sql({select_incident(), "WHERE tenant = ?1 AND seq = ?2"}));
  own.query(tenant.value, incident);
  TOCSIN_TRY(gone, read_all(own));
  for (std::size_t i = 0; i < gone.size(); ++i) {  // and what was merged into it, and into that
    auto merged = context.db.prepare(join_sql({select_incident(), "WHERE tenant = ?1 AND merged_into = ?2"}));
    merged.query(tenant.value, gone[i].id.str());
    TOCSIN_TRY(more, read_all(merged));
    gone.insert(gone.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  for (const auto& one : gone) TOCSIN_CHECK(remove_incident_rows(context, tenant, one));
  return static_cast<std::int64_t>(gone.size());
}

}  // namespace tocsin::store
