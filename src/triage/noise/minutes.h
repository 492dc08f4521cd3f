#pragma once
// How many minutes people spent on alerts, from the times of their decisions. Pure.
//
// Decisions of one person within a second of each other are one act. An act took the time since the same
// person's act before it, or since the first of its alerts came where that is later, and kLongestAct at most:
// who decides after lunch did not think about it all that time. Its alerts share it. What they spent on
// alerts that nobody decided is not known and not counted.

#include <cstddef>
#include <vector>

#include "triage/noise/noise.h"

namespace tocsin::triage {

constexpr std::chrono::minutes kLongestAct{15};

struct Spent {
  double minutes = 0;
  std::size_t act = 0;  // which; 0: nobody decided, or it is not known who
};

// For each of the alerts, in their order.
std::vector<Spent> minutes_spent(const std::vector<NoisyAlert>& alerts);

}  // namespace tocsin::triage
