#pragma once
// Room in a group that is full, at the least loss that its type allows:
//
//   event_count, value_sum, value_avg   the older half becomes sums of 8 / room of the time each. Counts stay
//                                       right, but for what the start of a window cuts; bounds up to a
//                                       quarter of the room stay exact
//   value_count, temporal               repeats go that another event of the same value or rule speaks for in
//                                       every window; then the oldest
//   temporal_ordered                    the same for runs of one rule; then the oldest
//   value_percentile, value_median      the oldest

#include <span>

#include "detect/correlation/correlation_plan.h"
#include "detect/correlation/observation.h"
#include "detect/correlation/stamped_table.h"

namespace tocsin::detect {

class Compactor {
 public:
  static constexpr std::size_t kRepeatsFrom = 128;  // groups that are smaller keep their repeats

  // Moves what stays to the front, in its order, and says how many these are. `newest` is the time of the
  // newest event of the group. Nothing may have become less.
  std::size_t compact(const CorrelationPlan& plan, std::span<Observation> seen, std::int64_t newest);

 private:
  struct Last {
    std::size_t kept = 0;       // the newest of this value that stays for good
    std::size_t candidate = 0;  // the newest of this value; stays unless a later one makes it a repeat
  };
  std::size_t drop_repeats(const CorrelationPlan& plan, std::span<Observation> seen);

  StampedTable<Last> last_;
  std::vector<char> gone_;
};

}  // namespace tocsin::detect
