#include "triage/suppress/volume.h"

#include <algorithm>
#include <boost/math/distributions/poisson.hpp>

namespace tocsin::triage {

std::int64_t hour_of(Timestamp time) {
  return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

Timestamp start_of_hour(std::int64_t hour) {
  return Timestamp(std::chrono::hours(hour));
}

double poisson_tail(double mean, std::int64_t at_least) {
  if (at_least <= 0) return 1;
  const boost::math::poisson_distribution<double> hits(mean);
  return boost::math::cdf(boost::math::complement(hits, static_cast<double>(at_least - 1)));
}

bool is_jump(std::int64_t count, std::int64_t busiest) {
  if (count < kJumpFloor) return false;
  return poisson_tail(static_cast<double>(std::max<std::int64_t>(busiest, 1)), count) <= kJumpChance;
}

void HourlyHits::add(std::int64_t hour, std::int64_t count) {
  auto& hits = hours_[hour];
  hits = std::max<std::int64_t>(0, hits + count);
  if (hits == 0) hours_.erase(hour);
  hours_.erase(hours_.begin(), hours_.lower_bound(hour - kHoursRemembered));
}

void HourlyHits::replace_from(std::int64_t hour, const Hours& counts) {
  hours_.erase(hours_.lower_bound(hour), hours_.end());
  for (const auto& [at, count] : counts) {
    if (at >= hour) add(at, count);
  }
}

std::int64_t HourlyHits::in(std::int64_t hour) const {
  const auto found = hours_.find(hour);
  return found == hours_.end() ? 0 : found->second;
}

std::int64_t HourlyHits::since(std::int64_t hour) const {
  std::int64_t sum = 0;
  for (auto at = hours_.lower_bound(hour); at != hours_.end(); ++at) sum += at->second;
  return sum;
}

std::int64_t HourlyHits::busiest_before(std::int64_t hour) const {
  std::int64_t most = 0;
  const auto end = hours_.lower_bound(hour);
  for (auto at = hours_.lower_bound(hour - kHoursRemembered); at != end; ++at)
    most = std::max(most, at->second);
  return most;
}

}  // namespace tocsin::triage
