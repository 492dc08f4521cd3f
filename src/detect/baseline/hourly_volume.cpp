#include "detect/baseline/hourly_volume.h"

#include <algorithm>
#include <cmath>

namespace tocsin::detect {
namespace {

// A past that never changes has no deviation; a tenth of its mean is no surprise all the same.
constexpr double kLeastDeviation = 0.1;

}  // namespace

void HourlyVolume::add(std::int64_t hour_of_event, double amount, double half_life, Reading& reading) {
  if (hour_of_event < hour) return;
  if (hour_of_event > hour) {
    const auto one = std::exp2(-1 / half_life);
    const auto quiet = std::exp2(-static_cast<double>(hour_of_event - hour - 1) / half_life);
    weight = 1 - (1 - weight) * one * quiet;
    sum = (sum * one + total * (1 - one)) * quiet;
    squares = (squares * one + total * total * (1 - one)) * quiet;
    hour = hour_of_event;
    total = 0;
  }
  total += amount;
  reading.set(BaselineField::kHourTotal, total);
  if (weight <= 0) return;
  const auto mean = sum / weight;
  const auto deviation = std::sqrt(std::max(0.0, squares / weight - mean * mean));
  reading.set(BaselineField::kHourMean, mean);
  reading.set(BaselineField::kHourDeviation, deviation);
  if (mean > 0) reading.set(BaselineField::kHourRatio, total / mean);
  const auto scale = std::max(deviation, mean * kLeastDeviation);
  if (scale > 0) reading.set(BaselineField::kHourZ, (total - mean) / scale);
}

}  // namespace tocsin::detect
