#include "base/interval.h"

#include <algorithm>
#include <cmath>

namespace tocsin {

Interval interval_of(std::size_t some, std::size_t all) {
  if (all == 0) return {};
  constexpr double kZ = 1.959964;
  const auto n = static_cast<double>(all);
  const double p = static_cast<double>(some) / n;
  const double middle = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace tocsin
