#include "detect/baseline/whereabouts.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace tocsin::detect {

double distance_km(const Coordinates& from, const Coordinates& to) {
  constexpr double kEarthRadiusKm = 6371.0088;  // mean radius, IUGG
  constexpr double kRadians = std::numbers::pi / 180;
  const auto half_sine = [](double degrees) { return std::pow(std::sin(degrees * kRadians / 2), 2); };
  const auto part = half_sine(to.latitude - from.latitude) + std::cos(from.latitude * kRadians) *
                                                                 std::cos(to.latitude * kRadians) *
                                                                 half_sine(to.longitude - from.longitude);
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::clamp(part, 0.0, 1.0)));
}

void Whereabouts::move_to(const Coordinates& place, std::int64_t now_ms, Reading& reading) {
  constexpr std::int64_t kMinuteMs = 60'000;
  constexpr double kHourMs = 3'600'000;
  if (at) {
    const auto distance = distance_km(*at, place);
    const auto hours = static_cast<double>(std::max(kMinuteMs, std::abs(now_ms - time_ms))) / kHourMs;
    reading.set(BaselineField::kDistanceKm, distance);
    reading.set(BaselineField::kSpeedKmh, distance / hours);
    if (now_ms < time_ms) return;
  }
  at = place;
  time_ms = now_ms;
}

}  // namespace tocsin::detect
