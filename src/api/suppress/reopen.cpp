#include "api/suppress/reopen.h"

#include "model/suppressed.h"

namespace tocsin::api {
namespace {

model::Condition tagged(std::string tag) {
  model::Condition condition;
  condition.kind = model::Condition::Kind::kTest;
  condition.test.field = model::Field::kTag;
  condition.test.how = model::Comparison::kEquals;
  condition.test.values = {std::move(tag)};
  return condition;
}

bool may_be_reopened(const model::Alert& alert, const std::string& reason) {
  const auto verdict = alert.triage.verdict;
  const bool is_decided =
      verdict == model::Verdict::kFalsePositive || verdict == model::Verdict::kBenignPositive;
  return !is_decided && alert.close_reason && alert.close_reason->starts_with(reason);
}

}  // namespace

std::string suppressed_reason(std::string_view id) {
  return "suppressed by " + std::string(id) + ": ";
}

Result<ReopenedBySuppression> reopen_suppressed(store::TenantStore& store, std::string_view id,
                                                const std::string& actor) {
  store::AlertChange change;
  change.status = model::AlertStatus::kNew;
  change.close_reason = std::optional<std::string>();
  change.actor = actor;
  const auto reason = suppressed_reason(id);
  store::AlertQuery query;
  query.statuses = {model::AlertStatus::kClosed};
  query.where = tagged(std::string(model::kSuppressedTag) + std::string(id));
  query.sort = store::AlertSort::kOldest;
  query.limit = kReopenedAtOnce;
  ReopenedBySuppression reopened;
  for (std::size_t seen = 0;;) {
    TOCSIN_TRY(page, store.alerts().list(query));
    std::vector<std::string> ids;
    for (const auto& alert : page.items) {
      if (may_be_reopened(alert, reason)) ids.push_back(alert.id.str());
    }
    if (!ids.empty()) {
      TOCSIN_TRY(result, store.alerts().update_many(ids, change));
      reopened.alerts += result.changed;
    }
    seen += ids.size();
    reopened.in_part = seen >= kMostReopenedByCall && !page.next_cursor.empty();
    if (page.next_cursor.empty() || reopened.in_part) return reopened;
    query.cursor = std::move(page.next_cursor);
  }
}

}  // namespace tocsin::api
