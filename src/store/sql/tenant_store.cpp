#include "store/sql/tenant_store.h"

#include <cmath>

#include "store/audit_entries.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kSourcesShown = 100;
constexpr std::int64_t kCorrectionsCounted = 100;  // of one rule, the newest

Result<std::int64_t> counter(Connection& db, TenantId tenant, Counter kind) {
  TOCSIN_TRY(values, read_counters(db, tenant, kind, 1));
  return values.empty() ? std::int64_t{0} : values[0].second;
}

Result<std::optional<std::string>> read_setting(Connection& db, TenantId tenant, std::string_view key) {
  auto row = db.prepare("SELECT value FROM settings WHERE tenant = ?1 AND key = ?2");
  std::optional<std::string> value;
  if (row.query(tenant.value, key).next()) value = row.text(0);
  TOCSIN_CHECK(row.status());
  return value;
}

Result<void> save_correction(const PriorityCorrection& correction, TenantId tenant, WriteContext& context) {
  auto save = context.db.prepare(
      "INSERT INTO priority_corrections (tenant, source, type, alert_id, delta, made_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant, source, type, alert_id) DO UPDATE SET "
      "delta = excluded.delta, made_at = excluded.made_at");
  return save.run(tenant.value, correction.source, correction.type, correction.alert_id, correction.delta,
                  context.now);
}

Result<void> read_corrections(Connection& db, TenantId tenant, std::string_view source, std::string_view type,
                              TenantStore::RuleHistory& history) {
  auto row = db.prepare(
      "SELECT count(*), CAST(coalesce(avg(delta), 0) AS DOUBLE PRECISION) FROM (SELECT delta FROM "
      "priority_corrections INDEXED BY "
      "priority_corrections_newest WHERE tenant = ?1 AND source = ?2 AND type = ?3 ORDER BY made_at DESC "
      "LIMIT ?4) AS newest");
  if (row.query(tenant.value, source, type, kCorrectionsCounted).next()) {
    history.corrections = row.int64(0);
    history.mean_correction = row.real(1);
  }
  return row.status();
}

std::string encode_headers(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string bytes;
  ByteWriter to(bytes);
  to.varint(headers.size());
  for (const auto& [name, value] : headers) {
    to.text(name);
    to.text(value);
  }
  return bytes;
}

std::vector<std::pair<std::string, std::string>> decode_headers(std::string_view bytes) {
  ByteReader from(bytes);
  std::vector<std::pair<std::string, std::string>> headers(from.count());
  for (auto& [name, value] : headers) {
    name = from.text();
    value = from.text();
  }
  return headers;
}

}  // namespace

Result<void> SqlTenantStore::add_feedback(const Feedback& feedback) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    auto insert = context.db.prepare(
        "INSERT INTO feedback (tenant, alert_id, incident_id, verdict, correct_priority, body, actor, "
        "created_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    const auto incident = feedback.incident_id ? std::optional(feedback.incident_id->str()) : std::nullopt;
    TOCSIN_CHECK(insert.run(tenant_.value, feedback.alert_id, incident, feedback.verdict,
                            feedback.correct_priority, feedback.body, feedback.actor, feedback.created_at));
    if (feedback.correction) TOCSIN_CHECK(save_correction(*feedback.correction, tenant_, context));
    return write_audit(context, tenant_, audit_of(feedback));
  });
}

Result<std::optional<std::string>> SqlTenantStore::setting(std::string_view key) const {
  TOCSIN_TRY(db, parts_.readers.take());
  return read_setting(*db, tenant_, key);
}

Result<void> SqlTenantStore::set_setting(std::string_view key, std::string_view value) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(before, read_setting(context.db, tenant_, key));
    TOCSIN_CHECK(context.db
                     .prepare("INSERT INTO settings (tenant, key, value) VALUES (?1, ?2, ?3) "
                              "ON CONFLICT (tenant, key) DO UPDATE SET value = excluded.value")
                     .run(tenant_.value, key, value));
    if (context.changes != nullptr && before != value) context.changes->setting(tenant_, key);
    if (is_bookkeeping_setting(key) || before == value) return {};
    return write_audit(context, tenant_, audit_of_setting(key, before, value));
  });
}

Result<Counts> SqlTenantStore::counts() const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  Counts counts;
  TOCSIN_TRY(alerts, counter(*db, tenant_, Counter::kAlerts));
  counts.alerts = alerts;
  TOCSIN_TRY(incidents, counter(*db, tenant_, Counter::kIncidents));
  counts.incidents = incidents;
  TOCSIN_TRY(open, counter(*db, tenant_, Counter::kIncidentsOpen));
  counts.incidents_open = open;
  TOCSIN_TRY(letters, number_for(*db, "SELECT count(*) FROM dead_letters WHERE tenant = ?1 AND resolved = 0",
                                 tenant_));
  counts.dead_letters = letters;
  TOCSIN_TRY(waiting, number_for(*db, "SELECT count(*) FROM jobs WHERE tenant = ?1 AND state = 0", tenant_));
  counts.jobs_waiting = waiting;
  TOCSIN_TRY(dead, number_for(*db, "SELECT count(*) FROM jobs WHERE tenant = ?1 AND state = 3", tenant_));
  counts.jobs_dead = dead;
  TOCSIN_TRY(last, number_for(*db, parts_.dialect.last_seq, tenant_));
  TOCSIN_TRY(searched, number_for(*db, parts_.dialect.searched, tenant_));
  counts.search_behind = std::max<std::int64_t>(0, last - searched);
  TOCSIN_TRY(judged, number_for(*db, "SELECT watermark FROM correlation WHERE tenant = ?1", tenant_));
  counts.correlation_behind = std::max<std::int64_t>(0, last - judged);
  TOCSIN_TRY(by_severity, read_counters(*db, tenant_, Counter::kAlertSeverity, kSourcesShown));
  counts.alerts_by_severity = std::move(by_severity);
  TOCSIN_TRY(by_status, read_counters(*db, tenant_, Counter::kAlertStatus, kSourcesShown));
  counts.alerts_by_status = std::move(by_status);
  TOCSIN_TRY(by_source, read_counters(*db, tenant_, Counter::kAlertSource, kSourcesShown));
  counts.alerts_by_source = std::move(by_source);
  return counts;
}

Result<TenantStore::RuleHistory> SqlTenantStore::rule_history(std::string_view source,
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
  TOCSIN_CHECK(read_corrections(*db, tenant_, source, type, history));
  return history;
}

Result<std::optional<KeptAnswer>> SqlTenantStore::kept_answer(std::string_view key) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(
      "SELECT request_hash, status, headers, body FROM answers WHERE tenant = ?1 AND key = ?2 AND created_at "
      "> ?3");
  std::optional<KeptAnswer> answer;
  if (row.query(tenant_.value, key, parts_.clock.now() - parts_.options.idempotency_kept).next()) {
    answer = KeptAnswer{static_cast<std::uint64_t>(row.int64(0)), row.integer(1), decode_headers(row.blob(2)),
                        std::string(row.blob(3))};
  }
  TOCSIN_CHECK(row.status());
  return answer;
}

Result<void> SqlTenantStore::keep_answer(std::string_view key, const KeptAnswer& answer) {
  return parts_.writer.wait_for(
      [&](WriteContext& context) -> Result<void> {
        auto drop = context.db.prepare("DELETE FROM answers WHERE created_at <= ?1");
        TOCSIN_CHECK(drop.run(context.now - context.options.idempotency_kept));
        auto save = context.db.prepare(
            "INSERT INTO answers (tenant, key, request_hash, status, headers, body, created_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (tenant, key) DO UPDATE SET request_hash = "
            "excluded.request_hash, status = excluded.status, headers = excluded.headers, body = "
            "excluded.body, created_at = excluded.created_at");
        const auto headers = encode_headers(answer.headers);
        return save.run(tenant_.value, key, answer.request_hash, answer.status, Blob{headers},
                        Blob{answer.body}, context.now);
      },
      1, answer.body.size() + 256);
}

}  // namespace tocsin::store
