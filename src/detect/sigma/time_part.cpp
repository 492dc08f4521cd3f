#include "detect/sigma/time_part.h"

#include <chrono>

#include "base/ascii.h"

namespace tocsin::detect::sigma {
namespace {

namespace chr = std::chrono;

// `count` digits at the start, which are cut off.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<chr::year_month_day> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const chr::year_month_day date{chr::year(*year), chr::month(static_cast<unsigned>(*month)),
                                 chr::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

// The week that holds the date's Thursday, counted in that Thursday's year (ISO 8601).
std::int64_t iso_week(chr::year_month_day date) {
  const chr::sys_days day(date);
  const auto thursday = day + chr::days(4) - chr::days(chr::weekday(day).iso_encoding());
  const auto year = chr::year_month_day(thursday).year();
  return (thursday - chr::sys_days(year / chr::January / 1)).count() / 7 + 1;
}

std::optional<std::int64_t> within(std::optional<int> value, int limit) {
  return value && *value < limit ? std::optional<std::int64_t>(*value) : std::nullopt;
}

std::optional<std::int64_t> read_clock(std::string_view text, TimePart part) {
  if (!take(text, "T t")) return std::nullopt;
  const auto hour = within(take_digits(text, 2), 24);
  if (part == TimePart::kHour || !hour) return hour;
  if (!take(text, ":")) return std::nullopt;
  return within(take_digits(text, 2), 60);
}

}  // namespace

std::optional<std::int64_t> read_time_part(std::string_view time, TimePart part) {
  const auto date = take_date(time);
  if (!date) return std::nullopt;
  switch (part) {
    case TimePart::kYear:
      return static_cast<int>(date->year());
    case TimePart::kMonth:
      return static_cast<unsigned>(date->month());
    case TimePart::kDay:
      return static_cast<unsigned>(date->day());
    case TimePart::kWeek:
      return iso_week(*date);
    case TimePart::kHour:
    case TimePart::kMinute:
      return read_clock(time, part);
  }
  return std::nullopt;
}

}  // namespace tocsin::detect::sigma
