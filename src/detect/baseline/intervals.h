#pragma once
// How even the gaps between events are; the last sixteen or so count.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "detect/baseline/reading.h"

namespace tocsin::detect {

struct Intervals {
  static constexpr double kFade = 1.0 / 16;  // how much less each gap weighs than the one after it

  std::uint32_t count = 0;
  double weight = 0;
  double mean = 0;      // seconds
  double variance = 0;  // of the gaps, each with its weight

  // West's incremental form: differences of squares would lose what tells a clock from a person.
  void add(double seconds) {
    ++count;
    weight = weight * (1 - kFade) + 1;
    const auto off = seconds - mean;
    const auto part = 1 / weight;
    mean += off * part;
    variance = (1 - part) * (variance + part * off * off);
  }

  void tell(Reading& reading) const {
    reading.set(BaselineField::kIntervals, count);
    if (count == 0) return;
    reading.set(BaselineField::kIntervalMean, mean);
    if (mean > 0) reading.set(BaselineField::kIntervalVariation, std::sqrt(std::max(0.0, variance)) / mean);
  }
};

}  // namespace tocsin::detect
