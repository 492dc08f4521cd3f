#pragma once
// How much an entity does in an hour against its own past: mean and deviation over all hours since it was
// first seen, quiet ones too, of which older ones weigh less.

#include <chrono>
#include <cstdint>
#include <optional>

#include "detect/baseline/reading.h"

namespace tocsin::detect {

struct HourlyVolume {
  std::int64_t hour = 0;  // since 1970; the one that is counted in `total`
  double total = 0;
  double weight = 0;   // of the hours before, 0..1
  double sum = 0;      // of their totals, weighted
  double squares = 0;  // of their totals' squares, weighted

  // What came of the amount. `half_life`: of the weight of an hour, in hours, > 0. An hour that has passed is
  // closed: what comes late for it is not counted, and nothing is said.
  void add(std::int64_t hour_of_event, double amount, double half_life, Reading& reading);
};

}  // namespace tocsin::detect
