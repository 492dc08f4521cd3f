#include "app/turn.h"

#include <utility>

namespace tocsin::app {
namespace {

// Whoever vanishes is followed after this long at most, and a look of the follower (a second).
constexpr auto kTurn = std::chrono::seconds(5);
constexpr auto kRenewBefore = std::chrono::seconds(3);
// A rebuild renews nothing meanwhile.
constexpr auto kLongTurn = std::chrono::minutes(2);

}  // namespace

Result<bool> Turn::take() {
  if (process_.empty()) return true;
  const auto now = clock_.now();
  if (until_ - now > kRenewBefore) return true;
  if (std::exchange(until_, Timestamp{}) == Timestamp{}) {
    TOCSIN_TRY(holder, store_.leases().find(work_));
    if (holder && holder->owner != process_) return false;
  }
  TOCSIN_TRY(ours, store_.leases().take(work_, process_, kTurn));
  if (ours) until_ = now + kTurn;
  return ours;
}

Result<void> Turn::seize() {
  if (process_.empty()) return {};
  const auto now = clock_.now();
  TOCSIN_CHECK(store_.leases().seize(work_, process_, kLongTurn));
  until_ = now + kRenewBefore;  // so that the next take() makes it a short one again
  return {};
}

void Turn::give_back() {
  if (process_.empty() || until_ == Timestamp{}) return;
  (void)store_.leases().give_back(work_, process_);
  until_ = {};
}

}  // namespace tocsin::app
