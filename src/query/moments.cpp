#include "query/moments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tocsin::query {
namespace {

using model::RelativeTime;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kSecondsAtMost = 3'660 * kDay;  // ten years
constexpr std::int64_t kNanos = 1'000'000'000;

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array<Unit, 5> kUnits{{{'w', 7 * kDay}, {'d', kDay}, {'h', 3600}, {'m', 60}, {'s', 1}}};

// "90m" in seconds.
std::optional<std::int64_t> seconds_of(std::string_view text) {
  if (text.size() < 2 || text.front() == '-') return std::nullopt;
  std::int64_t number = 0;
  const auto digits = text.substr(0, text.size() - 1);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  const auto* unit =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.letter == text.back(); });
  if (unit == kUnits.end() || number > kSecondsAtMost / unit->seconds) return std::nullopt;
  return number * unit->seconds;
}

std::string in_largest_unit(std::int64_t seconds) {
  const auto* unit =
      std::find_if(kUnits.begin() + 1, kUnits.end(), [&](const Unit& u) { return seconds % u.seconds == 0; });
  auto text = std::to_string(seconds / unit->seconds);
  text.push_back(unit->letter);
  return text;
}

Point day_or_moment(const RelativeTime& time) {
  if (!time.day_start || time.seconds % kDay != 0) return {time, {}};
  return {time, RelativeTime{true, time.seconds + kDay}};
}

std::optional<Point> read_relative(std::string_view text) {
  if (text == "yesterday") return day_or_moment({true, -kDay});
  RelativeTime time;
  time.day_start = text.starts_with("today");
  if (!time.day_start && !text.starts_with("now")) return std::nullopt;
  text.remove_prefix(time.day_start ? 5 : 3);
  if (text.empty()) return day_or_moment(time);
  if (text.front() != '-' && text.front() != '+') return std::nullopt;
  const auto seconds = seconds_of(text.substr(1));
  if (!seconds) return std::nullopt;
  time.seconds = text.front() == '-' ? -*seconds : *seconds;
  return day_or_moment(time);
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-';
}

}  // namespace

Value<Point> read_moment(const FieldInfo& field, std::string_view text) {
  if (const auto relative = read_relative(text)) return *relative;
  if (is_date(text)) {
    std::string midnight(text);
    midnight.append("T00:00:00Z");
    if (const auto start = parse_time(midnight)) return Point{*start, *start + std::chrono::seconds(kDay)};
  } else if (const auto time = parse_time(text)) {
    return Point{*time, {}};
  }
  return ValueFault{"\"" + std::string(text) + "\" is not a time",
                    "write " + std::string(field.name) +
                        ">=now-1d, or a day as 2026-11-01, or a time as 2026-11-01T12:00:00Z"};
}

Value<Point> read_duration(const FieldInfo& field, std::string_view text) {
  if (const auto seconds = seconds_of(text)) return Point{*seconds * kNanos, {}};
  return ValueFault{"\"" + std::string(text) + "\" is not a duration",
                    "write " + std::string(field.name) + "<4h; units are s, m, h, d and w"};
}

std::string print_time(Timestamp time) {
  auto text = to_rfc3339(time);  // with milliseconds
  const auto below = to_unix_nanos(time) % 1'000'000;
  if (below == 0) return text;
  auto digits = std::to_string(below);
  digits.insert(0, 6 - digits.size(), '0');
  text.insert(text.size() - 1, digits);
  return text;
}

std::string print_relative(const RelativeTime& time) {
  std::string text(time.day_start ? "today" : "now");
  if (time.seconds != 0) {
    text.push_back(time.seconds < 0 ? '-' : '+');
    text.append(in_largest_unit(time.seconds < 0 ? -time.seconds : time.seconds));
  }
  return text;
}

std::string print_duration(std::int64_t nanos) {
  return in_largest_unit(nanos / kNanos);
}

}  // namespace tocsin::query
