#pragma once
// Parts of times: `TimeGenerated|hour: 3`. Sigma specification 2.1.0, modifiers appendix, "Time Modifiers".

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::detect::sigma {

enum class TimePart : std::uint8_t { kMinute, kHour, kDay, kWeek, kMonth, kYear };

// Of "2026-01-04", "2026-01-04T12:30", "2026-01-04 12:30:59.5+01:00": as written, no time zone is applied
// (the specification leaves them out). Weeks are those of ISO 8601. Absent when the text is no such time, or
// has no such part.
std::optional<std::int64_t> read_time_part(std::string_view time, TimePart part);

}  // namespace tocsin::detect::sigma
