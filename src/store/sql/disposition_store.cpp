#include "store/sql/disposition_store.h"

#include <algorithm>

namespace tocsin::store {
namespace {

Disposition read_disposition(const Statement& row) {
  return {.alert = row.int64(0),
          .verdict = static_cast<model::Verdict>(row.integer(1)),
          .actor = std::string(row.text(2)),
          .word = row.real(3),
          .of_incident = row.int64(4) != 0,
          .decided_at = row.time(5)};
}

std::vector<Disposition> read_dispositions(Statement& rows) {
  std::vector<Disposition> found;
  while (rows.next()) found.push_back(read_disposition(rows));
  return found;
}

}  // namespace

Result<std::vector<Disposition>> SqlDispositionStore::after(Timestamp decided_at, Seq alert,
                                                            std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(
      "SELECT alert_seq, verdict, actor, word, of_incident, decided_at FROM dispositions WHERE tenant = ?1 "
      "AND (decided_at, alert_seq) > (?2, ?3) ORDER BY decided_at, alert_seq LIMIT ?4");
  rows.query(tenant_.value, decided_at, alert, limit);
  auto found = read_dispositions(rows);
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<std::vector<Disposition>> SqlDispositionStore::newest(std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(
      "SELECT alert_seq, verdict, actor, word, of_incident, decided_at FROM dispositions WHERE tenant = ?1 "
      "ORDER BY decided_at DESC, alert_seq DESC LIMIT ?2");
  rows.query(tenant_.value, limit);
  auto found = read_dispositions(rows);
  TOCSIN_CHECK(rows.status());
  std::reverse(found.begin(), found.end());
  return found;
}

Result<std::vector<DecidedAlert>> SqlDispositionStore::decided(Timestamp from, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto rows = db->prepare(
      "SELECT d.alert_seq, d.verdict, d.actor, d.word, d.of_incident, d.decided_at, a.source, a.type, "
      "a.received_at, a.fp_probability FROM dispositions AS d INDEXED BY dispositions_by_time JOIN alerts AS "
      "a "
      "ON a.tenant = d.tenant AND a.seq = d.alert_seq WHERE d.tenant = ?1 AND d.decided_at >= ?2 AND "
      "d.verdict "
      "<> 0 ORDER BY d.decided_at DESC, d.alert_seq DESC LIMIT ?3");
  rows.query(tenant_.value, from, limit);
  std::vector<DecidedAlert> found;
  while (rows.next()) {
    found.push_back({.said = read_disposition(rows),
                     .source = std::string(rows.text(6)),
                     .type = std::string(rows.text(7)),
                     .received_at = rows.time(8),
                     .fp_probability = rows.real(9)});
  }
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<void> keep_disposition(Seq alert, model::Verdict verdict, TenantId tenant, WriteContext& context) {
  return context.db
      .prepare(
          "INSERT INTO dispositions (tenant, alert_seq, verdict, actor, word, of_incident, decided_at) "
          "VALUES "
          "(?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT (tenant, alert_seq) DO UPDATE SET verdict = "
          "excluded.verdict, actor = excluded.actor, word = excluded.word, of_incident = 0, decided_at = "
          "excluded.decided_at")
      .run(tenant.value, alert, verdict, context.origin->actor, context.origin->word, context.now);
}

Result<void> keep_incident_dispositions(Seq incident, model::Verdict verdict, TenantId tenant,
                                        WriteContext& context) {
  return context.db
      .prepare(
          "INSERT INTO dispositions (tenant, alert_seq, verdict, actor, word, of_incident, decided_at) "
          "SELECT "
          "tenant, alert_seq, ?3, ?4, ?5, 1, ?6 FROM incident_alerts WHERE tenant = ?1 AND incident = ?2 "
          "ORDER BY alert_seq LIMIT ?7 ON CONFLICT (tenant, alert_seq) DO UPDATE SET verdict = "
          "excluded.verdict, actor = excluded.actor, word = excluded.word, of_incident = 1, decided_at = "
          "excluded.decided_at WHERE dispositions.of_incident = 1 OR dispositions.verdict = 0")
      .run(tenant.value, incident, verdict, context.origin->actor, context.origin->word, context.now,
           kDispositionsOfIncident);
}

}  // namespace tocsin::store
