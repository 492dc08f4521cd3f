#include "auth/failure_table.h"

#include <algorithm>

namespace tocsin::auth {
namespace {

constexpr std::size_t kCandidates = 16;

std::chrono::seconds delay_after(unsigned failures, const FailurePolicy& policy) {
  if (failures <= policy.free_tries) return std::chrono::seconds(0);
  if (failures >= policy.locked_at) return policy.lock;
  const unsigned doublings = std::min(failures - policy.free_tries - 1, 30U);
  return std::min(std::chrono::seconds(std::int64_t{1} << doublings), policy.lock);
}

}  // namespace

std::chrono::seconds FailureTable::wait(std::string_view key, Timestamp now) const {
  const auto found = entries_.find(std::string(key));
  if (found == entries_.end()) return std::chrono::seconds(0);
  const auto& entry = *found->second;
  const auto left = entry.last + delay_after(entry.failures, policy_) - now;
  return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(left));
}

void FailureTable::add(std::string_view key, Timestamp now) {
  const auto entry = find_or_insert(key);
  if (now - entry->last > policy_.forget_after) entry->failures = 0;
  ++entry->failures;
  entry->last = now;
}

void FailureTable::take_back(std::string_view key) {
  const auto found = entries_.find(std::string(key));
  if (found != entries_.end() && found->second->failures > 0) --found->second->failures;
}

void FailureTable::forget(std::string_view key) {
  const auto found = entries_.find(std::string(key));
  if (found == entries_.end()) return;
  order_.erase(found->second);
  entries_.erase(found);
}

FailureTable::Order::iterator FailureTable::find_or_insert(std::string_view key) {
  const auto found = entries_.find(std::string(key));
  if (found != entries_.end()) {
    order_.splice(order_.end(), order_, found->second);
    return found->second;
  }
  if (entries_.size() >= max_entries_) make_room();
  order_.push_back({std::string(key)});
  const auto added = std::prev(order_.end());
  entries_.emplace(added->key, added);
  return added;
}

void FailureTable::make_room() {
  auto least = order_.begin();
  auto candidate = order_.begin();
  for (std::size_t i = 0; i < kCandidates && candidate != order_.end(); ++i, ++candidate)
    if (candidate->failures < least->failures) least = candidate;
  entries_.erase(least->key);
  order_.erase(least);
}

}  // namespace tocsin::auth
