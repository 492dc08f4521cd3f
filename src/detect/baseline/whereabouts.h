#pragma once
// Where an entity was, and how fast it must have gone to be where it is.

#include <cstdint>
#include <optional>

#include "detect/baseline/reading.h"

namespace tocsin::detect {

struct Coordinates {
  double latitude = 0;   // -90..90
  double longitude = 0;  // -180..180
  bool operator==(const Coordinates&) const = default;
};

// On the great circle of a sphere.
double distance_km(const Coordinates& from, const Coordinates& to);

struct Whereabouts {
  std::optional<Coordinates> at;
  std::int64_t time_ms = 0;

  // What is earlier than the place before is compared with it too, but not remembered. Times less than a
  // minute apart count as a minute: events of one moment are not in order.
  void move_to(const Coordinates& place, std::int64_t now_ms, Reading& reading);
};

}  // namespace tocsin::detect
