#include "app/correlation_turn.h"

#include <utility>

namespace tocsin::app {
namespace {

// Whoever vanishes is followed after this long at most, and a look of the follower (a second).
constexpr auto kTurn = std::chrono::seconds(5);
constexpr auto kRenewBefore = std::chrono::seconds(3);
// A rebuild renews nothing meanwhile.
constexpr auto kLongTurn = std::chrono::minutes(2);

}  // namespace

Result<bool> CorrelationTurn::take() {
  if (process_.empty()) return true;
  const auto now = clock_.now();
  if (until_ - now > kRenewBefore) return true;
  if (std::exchange(until_, Timestamp{}) == Timestamp{}) {
    TOCSIN_TRY(holder, store_.leases().find(store::kCorrelationLease));
    if (holder && holder->owner != process_) return false;
  }
  TOCSIN_TRY(ours, store_.leases().take(store::kCorrelationLease, process_, kTurn));
  if (ours) until_ = now + kTurn;
  return ours;
}

Result<void> CorrelationTurn::seize() {
  if (process_.empty()) return {};
  const auto now = clock_.now();
  TOCSIN_CHECK(store_.leases().seize(store::kCorrelationLease, process_, kLongTurn));
  until_ = now + kRenewBefore;  // so that the next take() makes it a short one again
  return {};
}

void CorrelationTurn::give_back() {
  if (process_.empty() || until_ == Timestamp{}) return;
  (void)store_.leases().give_back(store::kCorrelationLease, process_);
  until_ = {};
}

}  // namespace tocsin::app
