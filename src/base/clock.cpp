#include "base/clock.h"

#include <array>
#include <cmath>

namespace tocsin {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::year_month_day;

constexpr double kLastSecond = 9.2e9;  // 2261, the last full year that int64 nanoseconds hold

void put_digits(char* out, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

// Reads exactly `width` digits; -1 when there are not that many.
int take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return -1;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Fraction after '.' or ','; digits past the ninth are read and dropped.
std::optional<std::int64_t> take_fraction_nanos(std::string_view& text) {
  if (!take(text, '.') && !take(text, ',')) return 0;
  std::int64_t nanos = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 9) nanos = nanos * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (int i = digits; i < 9; ++i) nanos *= 10;
  return nanos;
}

std::optional<std::chrono::seconds> take_zone(std::string_view& text) {
  while (take(text, ' ')) {
  }
  if (text.empty() || text == "Z" || text == "z" || text == "UTC" || text == "GMT")
    return std::chrono::seconds{0};
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const int hours = take_digits(text, 2);
  if (hours < 0 || hours > 23) return std::nullopt;
  int minutes = 0;
  if (!text.empty()) {
    take(text, ':');
    minutes = take_digits(text, 2);
    if (minutes < 0 || minutes > 59 || !text.empty()) return std::nullopt;
  }
  return std::chrono::seconds{sign * (hours * 3600 + minutes * 60)};
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now());
}

void append_rfc3339(std::string& out, Timestamp t) {
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const auto ms = static_cast<std::uint64_t>(floor<std::chrono::milliseconds>(t - day).count());
  std::array<char, 24> text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                            '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  put_digits(&text[0], static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put_digits(&text[5], static_cast<unsigned>(date.month()), 2);
  put_digits(&text[8], static_cast<unsigned>(date.day()), 2);
  put_digits(&text[11], static_cast<unsigned>(ms / 3'600'000), 2);
  put_digits(&text[14], static_cast<unsigned>(ms / 60'000 % 60), 2);
  put_digits(&text[17], static_cast<unsigned>(ms / 1'000 % 60), 2);
  put_digits(&text[20], static_cast<unsigned>(ms % 1'000), 3);
  out.append(text.data(), text.size());
}

std::string to_rfc3339(Timestamp t) {
  std::string out;
  append_rfc3339(out, t);
  return out;
}

std::optional<Timestamp> parse_time(std::string_view text) {
  const int year = take_digits(text, 4);
  if (year < 1970 || year > 2261 || !take(text, '-')) return std::nullopt;
  const int month = take_digits(text, 2);
  if (!take(text, '-')) return std::nullopt;
  const int day = take_digits(text, 2);
  if (month < 1 || day < 1) return std::nullopt;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const auto midnight = std::chrono::time_point_cast<Nanos>(std::chrono::sys_days{date});
  if (text.empty()) return midnight;
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  std::int64_t nanos = 0;
  if (take(text, ':')) {
    second = take_digits(text, 2);
    if (second < 0 || second > 60) return std::nullopt;  // 60: a leap second counts as the next second
    const auto fraction = take_fraction_nanos(text);
    if (!fraction) return std::nullopt;
    nanos = *fraction;
  }
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  return midnight + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
         Nanos{nanos} - *zone;
}

std::optional<Timestamp> time_from_epoch(double number) {
  if (!std::isfinite(number) || number < 0) return std::nullopt;
  double seconds = number;
  if (number >= 1e17) {
    seconds = number / 1e9;
  } else if (number >= 1e14) {
    seconds = number / 1e6;
  } else if (number >= 1e11) {
    seconds = number / 1e3;
  }
  if (seconds > kLastSecond) return std::nullopt;
  const double whole = std::floor(seconds);
  const auto micros = static_cast<std::int64_t>(std::llround((seconds - whole) * 1e6));
  return Timestamp{std::chrono::seconds{static_cast<std::int64_t>(whole)} +
                   std::chrono::microseconds{micros}};
}

std::optional<Timestamp> time_from_epoch(std::int64_t number) {
  if (number < 0) return std::nullopt;
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  std::int64_t per_second = 1;
  if (number >= 100'000'000'000'000'000) {
    per_second = kNanosPerSecond;
  } else if (number >= 100'000'000'000'000) {
    per_second = 1'000'000;
  } else if (number >= 100'000'000'000) {
    per_second = 1'000;
  }
  const std::int64_t seconds = number / per_second;
  if (static_cast<double>(seconds) > kLastSecond) return std::nullopt;
  return from_unix_nanos(number * (kNanosPerSecond / per_second));
}

}  // namespace tocsin
