#include "store/postgres/tenant_store.h"

#include "store/postgres/alert_lister.h"
#include "store/postgres/alert_read.h"
#include "store/postgres/incident_delta.h"

namespace tocsin::store {

// The writer had the appender do it for the whole group; this is what came of one batch.
Result<std::vector<AppendOutcome>> PostgresAlertStore::append_prepared(const PreparedBatch& batch,
                                                                       WriteContext&) {
  return appender_.take(batch);
}

Result<std::optional<StoredAlert>> PostgresAlertStore::find_stored(Connection& db,
                                                                   std::string_view id) const {
  return postgres::find_alert(db, tenant(), id);
}

Result<std::vector<StoredAlert>> PostgresAlertStore::load_stored(Connection& db,
                                                                 std::span<const Seq> seqs) const {
  return postgres::load_alerts(db, tenant(), seqs);
}

Result<void> PostgresAlertStore::load_documents(Connection& db, std::span<StoredAlert> alerts) const {
  return postgres::load_documents(db, tenant(), alerts);
}

Result<Page<StoredAlert>> PostgresAlertStore::list_stored(Connection& db, const AlertQuery& query,
                                                          ScopePtr scope) const {
  return postgres::list_alerts(db, tenant(), query, std::move(scope));
}

const Dialect& postgres_dialect() {
  static const Dialect dialect{
      .last_seq = "SELECT seq FROM alerts WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1",
      .searched = "SELECT seq FROM watermarks WHERE tenant = ?1 AND name = 'search'",
      .last_event =
          "SELECT first_seq + events - 1 FROM event_blocks WHERE tenant = ?1 ORDER BY first_seq DESC "
          "LIMIT 1",
      .occurrences =
          "SELECT occurred_at, received_at, block, slot FROM alert_occurrences WHERE tenant = ?1 AND "
          "alert_seq = ?2 ORDER BY number DESC LIMIT ?3",
      .lock_free_rows = " FOR UPDATE SKIP LOCKED",
      .lock_rows = " FOR UPDATE",
      .has_our_functions = false,
      .write_delta = postgres::write_delta};
  return dialect;
}

}  // namespace tocsin::store
