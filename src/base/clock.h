#pragma once
// Time in Tocsin: UTC nanoseconds since 1970, one type from parser to table.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

using Nanos = std::chrono::nanoseconds;
using Timestamp = std::chrono::time_point<std::chrono::system_clock, Nanos>;

constexpr Timestamp from_unix_nanos(std::int64_t ns) {
  return Timestamp(Nanos(ns));
}
constexpr std::int64_t to_unix_nanos(Timestamp t) {
  return t.time_since_epoch().count();
}

// Now, replaceable in tests. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

// "2026-01-04T12:00:00.000Z", always UTC, always milliseconds: 24 characters.
std::string to_rfc3339(Timestamp t);
void append_rfc3339(std::string& out, Timestamp t);

// RFC 3339 and the ISO 8601 forms that vendors send: 'T', 't' or blank between date and time; fraction of
// 0..9+ digits after '.' or ','; zone 'Z', "+02:00", "+0200", "+02", or none (read as UTC). Years 1970..2261.
// Absent when the text is not such a time or a field is out of range.
std::optional<Timestamp> parse_time(std::string_view text);

// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by magnitude
// (below 1e11 seconds, 1e14 ms, 1e17 µs). Absent outside 1970..2261.
std::optional<Timestamp> time_from_epoch(double number);
std::optional<Timestamp> time_from_epoch(std::int64_t number);

}  // namespace tocsin
