#include "store/sqlite/action_log.h"

namespace tocsin::store {

Result<void> write_actions(std::span<const model::ActionRecord> records, TenantId tenant, Connection& db) {
  auto insert = db.prepare(
      "INSERT INTO actions (tenant, id, incident, actor, action, target, detail, simulated, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  for (const auto& record : records) {
    TOCSIN_CHECK(insert.run(tenant.value, record.id.str(), record.incident.str(), record.actor, record.action,
                            record.target, record.detail, record.simulated, record.created_at));
  }
  return {};
}

}  // namespace tocsin::store
