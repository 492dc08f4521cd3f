#pragma once
// When a record says that it happened.

#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {

// Where products write it; the first that says something counts. What a record says of its own time goes
// before the time at which somebody stored it.
std::span<const std::string_view> event_time_paths();

// Of a text or of seconds since 1970 and finer (base/clock.h).
std::optional<Timestamp> time_of(JsonValue value);

// The first of the paths that holds a time.
std::optional<Timestamp> event_time(JsonValue event);

}  // namespace tocsin::detect
