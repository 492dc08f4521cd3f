#include "store/sqlite/tenant_store.h"

#include "store/sqlite/alert_append.h"
#include "store/sqlite/alert_lister.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/incident_row.h"

namespace tocsin::store {

Result<std::vector<AppendOutcome>> SqliteAlertStore::append_prepared(const PreparedBatch& batch,
                                                                     WriteContext& context) {
  return append_batch(batch, state_, context);
}

Result<std::optional<StoredAlert>> SqliteAlertStore::find_stored(Connection& db, std::string_view id) const {
  return find_alert(db, state_.tail, tenant(), id);
}

Result<std::vector<StoredAlert>> SqliteAlertStore::load_stored(Connection& db,
                                                               std::span<const Seq> seqs) const {
  return load_alerts(db, tenant(), seqs);
}

Result<void> SqliteAlertStore::load_documents(Connection& db, std::span<StoredAlert> alerts) const {
  return store::load_documents(db, alerts);
}

Result<Page<StoredAlert>> SqliteAlertStore::list_stored(Connection& db, const AlertQuery& query,
                                                        ScopePtr scope) const {
  return list_alerts(db, tenant(), query, std::move(scope));
}

// Alerts and events are numbered across tenants here.
const Dialect& sqlite_dialect() {
  static const Dialect dialect{
      .last_seq = last_seq_sql(),
      .searched = "SELECT seq FROM watermarks WHERE name = 'search' AND ?1 > 0",
      .last_event =
          "SELECT first_seq + events - 1 FROM event_blocks WHERE ?1 > 0 ORDER BY first_seq DESC LIMIT 1",
      .occurrences =
          "SELECT occurred_at, received_at, block, slot FROM alert_occurrences WHERE alert_seq = ?2 "
          "AND ?1 > 0 ORDER BY number DESC LIMIT ?3",
      .lock_free_rows = "",
      .lock_rows = "",
      .has_our_functions = true,
      .write_delta = write_delta};
  return dialect;
}

}  // namespace tocsin::store
