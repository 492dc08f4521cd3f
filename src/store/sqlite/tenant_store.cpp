#include "store/sqlite/tenant_store.h"

#include <cmath>

#include "store/sqlite/alert_read.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kSourcesShown = 100;

Result<std::int64_t> number(Connection& db, std::string_view sql, TenantId tenant) {
  auto row = db.prepare(sql);
  std::int64_t value = 0;
  if (row.query(tenant.value).next()) value = row.int64(0);
  TOCSIN_CHECK(row.status());
  return value;
}

Result<std::int64_t> counter(Connection& db, TenantId tenant, Counter kind) {
  TOCSIN_TRY(values, read_counters(db, tenant, kind, 1));
  return values.empty() ? std::int64_t{0} : values[0].second;
}

}  // namespace

Result<void> SqliteTenantStore::add_feedback(const Feedback& feedback) {
  return parts_.writer.wait_for([&](WriteContext& context) {
    auto insert = context.db.prepare(
        "INSERT INTO feedback (tenant, alert_id, incident_id, verdict, correct_priority, body, actor, "
        "created_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    const auto incident = feedback.incident_id ? std::optional(feedback.incident_id->str()) : std::nullopt;
    return insert.run(tenant_.value, feedback.alert_id, incident, feedback.verdict, feedback.correct_priority,
                      feedback.body, feedback.actor, feedback.created_at);
  });
}

Result<std::optional<std::string>> SqliteTenantStore::setting(std::string_view key) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare("SELECT value FROM settings WHERE tenant = ?1 AND key = ?2");
  std::optional<std::string> value;
  if (row.query(tenant_.value, key).next()) value = row.text(0);
  TOCSIN_CHECK(row.status());
  return value;
}

Result<void> SqliteTenantStore::set_setting(std::string_view key, std::string_view value) {
  return parts_.writer.wait_for([&](WriteContext& context) {
    return context.db.prepare("INSERT OR REPLACE INTO settings (tenant, key, value) VALUES (?1, ?2, ?3)")
        .run(tenant_.value, key, value);
  });
}

Result<Counts> SqliteTenantStore::counts() const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  Counts counts;
  TOCSIN_TRY(alerts, counter(*db, tenant_, Counter::kAlerts));
  counts.alerts = alerts;
  TOCSIN_TRY(incidents, counter(*db, tenant_, Counter::kIncidents));
  counts.incidents = incidents;
  TOCSIN_TRY(open, counter(*db, tenant_, Counter::kIncidentsOpen));
  counts.incidents_open = open;
  TOCSIN_TRY(letters,
             number(*db, "SELECT count(*) FROM dead_letters WHERE tenant = ?1 AND resolved = 0", tenant_));
  counts.dead_letters = letters;
  TOCSIN_TRY(waiting, number(*db, "SELECT count(*) FROM jobs WHERE tenant = ?1 AND state = 0", tenant_));
  counts.jobs_waiting = waiting;
  TOCSIN_TRY(dead, number(*db, "SELECT count(*) FROM jobs WHERE tenant = ?1 AND state = 3", tenant_));
  counts.jobs_dead = dead;
  TOCSIN_TRY(last, last_seq_of(*db, tenant_));
  TOCSIN_TRY(searched, watermark_of(*db, "search"));
  counts.search_behind = std::max<std::int64_t>(0, last - searched);
  TOCSIN_TRY(judged, number(*db, "SELECT watermark FROM correlation WHERE tenant = ?1", tenant_));
  counts.correlation_behind = std::max<std::int64_t>(0, last - judged);
  TOCSIN_TRY(by_severity, read_counters(*db, tenant_, Counter::kAlertSeverity, kSourcesShown));
  counts.alerts_by_severity = std::move(by_severity);
  TOCSIN_TRY(by_status, read_counters(*db, tenant_, Counter::kAlertStatus, kSourcesShown));
  counts.alerts_by_status = std::move(by_status);
  TOCSIN_TRY(by_source, read_counters(*db, tenant_, Counter::kAlertSource, kSourcesShown));
  counts.alerts_by_source = std::move(by_source);
  return counts;
}

Result<TenantStore::RuleHistory> SqliteTenantStore::rule_history(std::string_view source,
                                                                 std::string_view type) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(
      "SELECT closed, false_positives FROM rule_stats WHERE tenant = ?1 AND source = ?2 AND type = ?3");
  RuleHistory history;
  if (row.query(tenant_.value, source, type).next()) {
    history.closed = std::llround(row.real(0));
    history.false_positives = std::llround(row.real(1));
  }
  TOCSIN_CHECK(row.status());
  return history;
}

}  // namespace tocsin::store
