#pragma once
// How many alerts a suppression hid in each hour of the last seven days, and whether the hour at hand is a
// jump: at least kJumpFloor, and so many that an hour as busy as the busiest of its past, or one a hour if
// that is more, would have them by chance once in a million (Poisson). Hours are those of UTC. Pure.

#include <chrono>
#include <cstdint>
#include <map>

#include "base/clock.h"

namespace tocsin::triage {

constexpr std::int64_t kJumpFloor = 20;
constexpr double kJumpChance = 1e-6;
constexpr std::int64_t kHoursRemembered = 7 * 24;

// Hours since 1970.
std::int64_t hour_of(Timestamp time);
Timestamp start_of_hour(std::int64_t hour);

// Chance of `at_least` or more of a Poisson distribution; 1 for none.
double poisson_tail(double mean, std::int64_t at_least);
bool is_jump(std::int64_t count, std::int64_t busiest);

class HourlyHits {
 public:
  using Hours = std::map<std::int64_t, std::int64_t>;  // none with 0

  // Counts below nothing are nothing. Forgets hours that are older than kHoursRemembered before `hour`.
  void add(std::int64_t hour, std::int64_t count);
  // Replaces what is known of the hours from `hour` on.
  void replace_from(std::int64_t hour, const Hours& counts);
  std::int64_t in(std::int64_t hour) const;
  std::int64_t since(std::int64_t hour) const;
  std::int64_t busiest_before(std::int64_t hour) const;  // of the kHoursRemembered before it
  const Hours& hours() const noexcept { return hours_; }

 private:
  Hours hours_;
};

}  // namespace tocsin::triage
