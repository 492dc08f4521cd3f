#include "store/sqlite/alert_change.h"

#include <algorithm>

#include "store/sql/desk_store.h"
#include "store/sql/disposition_store.h"

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

struct Dispositions {
  double closed = 0;
  double false_positives = 0;
};

// One more (or, with sign -1, one less). Beyond kHistoryKept each new one makes the older ones count a little
// less.
Dispositions with_one(Dispositions kept, bool false_positive, double sign) {
  const double room = kHistoryKept - std::max(sign, 0.0);
  const double fading = std::min(1.0, room / std::max(kept.closed, 1.0));
  kept.false_positives = std::max(0.0, kept.false_positives * fading + (false_positive ? sign : 0));
  kept.closed = std::clamp(kept.closed + sign, 0.0, kHistoryKept);
  return kept;
}

Result<void> add_disposition(const model::Alert& alert, double sign, TenantId tenant, Connection& db) {
  auto row = db.prepare(
      "SELECT closed, false_positives FROM rule_stats WHERE tenant = ?1 AND source = ?2 AND type = ?3");
  Dispositions kept;
  if (row.query(tenant.value, alert.source, alert.type).next()) kept = {row.real(0), row.real(1)};
  TOCSIN_CHECK(row.status());
  kept = with_one(kept, alert.triage.verdict == model::Verdict::kFalsePositive, sign);
  auto save = db.prepare(
      "INSERT INTO rule_stats (tenant, source, type, closed, false_positives) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (tenant, source, type) DO UPDATE SET closed = excluded.closed, "
      "false_positives = excluded.false_positives");
  return save.run(tenant.value, alert.source, alert.type, kept.closed, kept.false_positives);
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
      "updated_at = ?8, version = ?9, requires_review = ?10 WHERE seq = ?1 AND tenant = ?11");
  const auto& after = stored.alert;
  const auto tags = encode_tags(after.tags);
  TOCSIN_CHECK(update.run(stored.seq, after.status, after.triage.verdict, after.assignee, after.close_reason,
                          after.priority, tags.empty() ? std::nullopt : std::optional(Blob{tags}),
                          context.now, stored.version, after.requires_review, tenant.value));
  if (before.status != after.status) {
    context.counters.add(tenant, Counter::kAlertStatus, to_text(before.status), -1);
    context.counters.add(tenant, Counter::kAlertStatus, to_text(after.status), 1);
  }
  TOCSIN_CHECK(keep_history(before, after, tenant, context.db));
  TOCSIN_CHECK(keep_mark(stored.seq, before, after, tenant, context));
  if (before.triage.verdict != after.triage.verdict)
    TOCSIN_CHECK(keep_disposition(stored.seq, after.triage.verdict, tenant, context));
  return stored;
}

}  // namespace tocsin::store
