#include "store/sqlite/alert_change.h"

namespace tocsin::store {
namespace {

constexpr double kHistoryKept = 1000;  // closed alerts that a rule's history speaks of

model::Alert changed(const model::Alert& before, const AlertChange& change) {
  model::Alert after = before;
  if (change.status) after.status = *change.status;
  if (change.verdict) after.triage.verdict = *change.verdict;
  if (change.assignee) after.assignee = *change.assignee;
  if (change.close_reason) after.close_reason = *change.close_reason;
  if (change.priority) {
    after.priority = *change.priority;
    after.requires_review =
        after.severity == model::Severity::kCritical || after.priority >= change.review_from;
  }
  if (change.tags) after.tags = *change.tags;
  return after;
}

bool same(const model::Alert& a, const model::Alert& b) {
  return a.status == b.status && a.triage.verdict == b.triage.verdict && a.assignee == b.assignee &&
         a.close_reason == b.close_reason && a.priority == b.priority &&
         a.requires_review == b.requires_review && a.tags == b.tags;
}

// A closed alert with a verdict is one disposition of its rule.
bool is_disposed(const model::Alert& alert) {
  return alert.status == model::AlertStatus::kClosed && alert.triage.verdict != model::Verdict::kUndecided;
}

// Beyond kHistoryKept each new disposition makes the older ones count a little less.
Result<void> add_disposition(const model::Alert& alert, double sign, TenantId tenant, Connection& db) {
  auto upsert = db.prepare(
      "INSERT INTO rule_stats (tenant, source, type, closed, false_positives) VALUES (?1, ?2, ?3, max(?4, "
      "0), max(?5, 0)) "
      "ON CONFLICT DO UPDATE SET "
      "false_positives = max(0, false_positives * min(1, (?6 - max(?4, 0)) / max(closed, 1)) + ?5), "
      "closed = max(0, min(?6, closed + ?4))");
  const double false_positive = alert.triage.verdict == model::Verdict::kFalsePositive ? sign : 0;
  return upsert.run(tenant.value, alert.source, alert.type, sign, false_positive, kHistoryKept);
}

Result<void> keep_history(const model::Alert& before, const model::Alert& after, TenantId tenant,
                          Connection& db) {
  const bool same_disposition =
      is_disposed(before) == is_disposed(after) && before.triage.verdict == after.triage.verdict;
  if (same_disposition) return {};
  if (is_disposed(before)) TOCSIN_CHECK(add_disposition(before, -1, tenant, db));
  if (is_disposed(after)) TOCSIN_CHECK(add_disposition(after, 1, tenant, db));
  return {};
}

}  // namespace

Result<StoredAlert> change_alert(StoredAlert stored, const AlertChange& change,
                                 std::optional<std::int64_t> if_version, TenantId tenant,
                                 WriteContext& context) {
  if (if_version && *if_version != stored.version) {
    return error(ErrorKind::kConflict, "change alert " + stored.alert.id.str(),
                 "it was changed by someone else", "Read it again and repeat the change");
  }
  const auto before = stored.alert;
  stored.alert = changed(before, change);
  if (same(before, stored.alert)) return stored;
  ++stored.version;
  auto update = context.db.prepare(
      "UPDATE alerts SET status = ?2, verdict = ?3, assignee = ?4, close_reason = ?5, priority = ?6, tags = "
      "?7, "
      "updated_at = ?8, version = ?9, requires_review = ?10 WHERE seq = ?1");
  const auto& after = stored.alert;
  const auto tags = encode_tags(after.tags);
  TOCSIN_CHECK(update.run(stored.seq, after.status, after.triage.verdict, after.assignee, after.close_reason,
                          after.priority, tags.empty() ? std::nullopt : std::optional(Blob{tags}),
                          context.now, stored.version, after.requires_review));
  if (before.status != after.status) {
    context.counters.add(tenant, Counter::kAlertStatus, to_text(before.status), -1);
    context.counters.add(tenant, Counter::kAlertStatus, to_text(after.status), 1);
  }
  TOCSIN_CHECK(keep_history(before, after, tenant, context.db));
  return stored;
}

}  // namespace tocsin::store
