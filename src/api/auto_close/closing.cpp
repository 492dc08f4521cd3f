#include "api/auto_close/closing.h"

#include "triage/guard.h"

namespace tocsin::api {
namespace {

model::Condition closed_by_policy() {
  model::Condition condition;
  condition.kind = model::Condition::Kind::kTest;
  condition.test.field = model::Field::kCloseReason;
  condition.test.how = model::Comparison::kContains;
  condition.test.values = {std::string(kAutoCloseReason)};
  return condition;
}

bool may_be_reopened(const model::Alert& alert) {
  const auto verdict = alert.triage.verdict;
  return is_closed_by_policy(alert) &&
         (verdict == model::Verdict::kUndecided || verdict == model::Verdict::kTruePositive);
}

// kConflict when somebody changes it meanwhile; false when somebody did before.
Result<bool> close_if_untouched(store::AlertStore& alerts, const std::string& id,
                                const store::AlertChange& change) {
  TOCSIN_TRY(version, alerts.version(id));
  TOCSIN_TRY(alert, alerts.find(id));
  if (!alert || !is_untouched(*alert)) return false;
  TOCSIN_TRY(closed, alerts.update(id, change, version));
  return closed.status == model::AlertStatus::kClosed;
}

}  // namespace

bool is_untouched(const model::Alert& alert) {
  return alert.status == model::AlertStatus::kNew && alert.triage.verdict == model::Verdict::kUndecided &&
         !alert.assignee && !alert.close_reason && !triage::guard_of(alert);
}

bool is_closed_by_policy(const model::Alert& alert) {
  return alert.status == model::AlertStatus::kClosed && alert.close_reason &&
         alert.close_reason->starts_with(kAutoCloseReason);
}

Result<std::int64_t> close_alerts(store::TenantStore& store, const std::vector<std::string>& ids,
                                  const AutoClosePolicy& policy) {
  // The verdict stays open and the word weighs nothing: what the machine closes is nobody's opinion.
  const store::Acting acting({.actor = std::string(kAutoCloseActor),
                              .kind = store::ActorKind::kMachine,
                              .reason = policy.close_reason(),
                              .word = 0});
  store::AlertChange change;
  change.status = model::AlertStatus::kClosed;
  change.close_reason = std::optional(policy.close_reason());
  change.actor = kAutoCloseActor;
  std::int64_t closed = 0;
  for (const auto& id : ids) {
    const auto done = close_if_untouched(store.alerts(), id, change);
    if (done && *done) ++closed;
    const bool is_left =
        !done && (done.error().kind == ErrorKind::kConflict || done.error().kind == ErrorKind::kNotFound);
    if (!done && !is_left) return done.error();
  }
  return closed;
}

Result<std::int64_t> reopen_alerts(store::TenantStore& store, const std::vector<std::string>& ids,
                                   const std::string& actor) {
  store::AlertChange change;
  change.status = model::AlertStatus::kNew;
  change.close_reason = std::optional<std::string>();
  change.actor = actor;
  std::vector<std::string> closed;
  for (const auto& id : ids) {
    TOCSIN_TRY(alert, store.alerts().find(id));
    if (alert && may_be_reopened(*alert)) closed.push_back(id);
  }
  if (closed.empty()) return std::int64_t{0};
  TOCSIN_TRY(result, store.alerts().update_many(closed, change));
  return result.changed;
}

Result<Reopened> reopen_all(store::TenantStore& store, const std::string& actor) {
  Reopened reopened;
  store::AlertQuery query;
  query.statuses = {model::AlertStatus::kClosed};
  query.where = closed_by_policy();
  query.sort = store::AlertSort::kOldest;
  query.limit = kClosedAtOnce;
  for (std::size_t seen = 0;;) {
    TOCSIN_TRY(page, store.alerts().list(query));
    std::vector<std::string> ids;
    for (const auto& alert : page.items) {
      if (may_be_reopened(alert)) ids.push_back(alert.id.str());
    }
    if (!ids.empty()) {
      TOCSIN_TRY(changed, reopen_alerts(store, ids, actor));
      reopened.alerts += changed;
    }
    seen += ids.size();
    reopened.in_part = seen >= kMostReopened && !page.next_cursor.empty();
    if (page.next_cursor.empty() || reopened.in_part) return reopened;
    query.cursor = std::move(page.next_cursor);
  }
}

}  // namespace tocsin::api
