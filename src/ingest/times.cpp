#include "ingest/times.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr auto kMonths = std::to_array<std::string_view>(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
constexpr std::size_t kMaxTimeBytes = 64;

int month_number(std::string_view word) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (word.size() >= 3 && equal_ignoring_case(word.substr(0, 3), kMonths[i]))
      return static_cast<int>(i) + 1;
  }
  return 0;
}

bool is_number(std::string_view text, std::size_t min_digits, std::size_t max_digits) {
  return text.size() >= min_digits && text.size() <= max_digits &&
         std::all_of(text.begin(), text.end(), is_digit);
}

std::string_view take_word(std::string_view& rest) {
  rest = trim(rest);
  const auto end = std::min(rest.find_first_of(" /:"), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

// Zones that have one meaning: those of RFC 822 §5.1, and the common ones east of Greenwich. "GMT+02:00" is
// its offset. Others stay as they are.
std::string_view plain_zone(std::string_view zone) {
  struct Zone {
    std::string_view name;
    std::string_view offset;
  };
  constexpr auto kZones = std::to_array<Zone>({{"EST", "-0500"},
                                               {"EDT", "-0400"},
                                               {"CST", "-0600"},
                                               {"CDT", "-0500"},
                                               {"MST", "-0700"},
                                               {"MDT", "-0600"},
                                               {"PST", "-0800"},
                                               {"PDT", "-0700"},
                                               {"CET", "+0100"},
                                               {"CEST", "+0200"},
                                               {"EET", "+0200"},
                                               {"EEST", "+0300"},
                                               {"MSK", "+0300"},
                                               {"JST", "+0900"}});
  const bool prefixed = zone.starts_with("GMT") || zone.starts_with("UTC");
  if (prefixed && zone.size() > 3 && (zone[3] == '+' || zone[3] == '-')) return zone.substr(3);
  const auto* const found =
      std::find_if(kZones.begin(), kZones.end(), [&](const Zone& known) { return known.name == zone; });
  return found == kZones.end() ? zone : found->offset;
}

// Puts the parts in ISO order and lets the one time parser judge them.
std::optional<Timestamp> assemble(std::string_view year, int month, std::string_view day,
                                  std::string_view clock, std::string_view zone) {
  if (!is_number(year, 4, 4) || month == 0 || !is_number(day, 1, 2)) return std::nullopt;
  std::string iso(year);
  iso += month < 10 ? "-0" : "-";
  iso += std::to_string(month);
  iso += day.size() == 1 ? "-0" : "-";
  iso += day;
  iso += 'T';
  iso += clock;
  iso += plain_zone(zone);
  return parse_time(iso);
}

// "04/Jul/2025:21:23:11 +0000"
std::optional<Timestamp> read_web_log_time(std::string_view text) {
  const auto day = take_word(text);
  const auto month = month_number(take_word(text));
  const auto year = take_word(text);
  const auto clock = take_until(text, ' ');
  return assemble(year, month, day, clock, text);
}

// "[Mon] Aug  1 03:34:23 2022", "Sep 07 2018 14:50:39[.123] [UTC]"
std::optional<Timestamp> read_month_first(std::string_view text) {
  auto word = take_word(text);
  if (month_number(word) == 0) word = take_word(text);
  const auto month = month_number(word);
  const auto day = take_word(text);
  text = trim(text);
  auto first = take_until(text, ' ');
  text = trim(text);
  auto second = take_until(text, ' ');
  const bool year_first = is_number(first, 4, 4);
  return year_first ? assemble(first, month, day, second, trim(text))
                    : assemble(second, month, day, first, trim(text));
}

// Wazuh's integrations write zones as "+01.00".
std::optional<Timestamp> read_dotted_zone(std::string_view text) {
  if (text.size() < 25 || text[text.size() - 3] != '.') return std::nullopt;
  const char sign = text[text.size() - 6];
  if (sign != '+' && sign != '-') return std::nullopt;
  std::string fixed(text);
  fixed[fixed.size() - 3] = ':';
  return parse_time(fixed);
}

// "2024/01/12 11:21:15", as firewalls write it.
std::optional<Timestamp> read_slashed(std::string_view text) {
  if (text.size() < 19 || text[4] != '/' || text[7] != '/') return std::nullopt;
  std::string iso(text);
  iso[4] = iso[7] = '-';
  return parse_time(iso);
}

// "3/24/2022 2:42:35 PM", as .NET writes it with American settings; without AM or PM the clock has 24 hours.
std::optional<Timestamp> read_american(std::string_view text) {
  const auto month = take_until(text, '/');
  const auto day = take_until(text, '/');
  const auto year = take_until(text, ' ');
  const auto hour = take_until(text, ':');
  const auto clock = take_until(text, ' ');
  if (!is_number(month, 1, 2) || !is_number(hour, 1, 2)) return std::nullopt;
  const bool half = equal_ignoring_case(text, "am") || equal_ignoring_case(text, "pm");
  if (!half && !text.empty()) return std::nullopt;
  auto hours = std::stoi(std::string(hour));
  if (half) hours = hours % 12 + (lower(text[0]) == 'p' ? 12 : 0);
  const auto full = (hours < 10 ? "0" : "") + std::to_string(hours) + ':' + std::string(clock);
  return assemble(year, std::stoi(std::string(month)), day, full, "");
}

// "2023-10-26T5:32:08.107Z": an hour of one digit.
std::optional<Timestamp> read_short_hour(std::string_view text) {
  if (text.size() < 16 || text[12] != ':' || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  return parse_time(std::string(text.substr(0, 11)) + '0' + std::string(text.substr(11)));
}

// Windows' file times count 100 ns from 1601. As nanoseconds of Unix they would lie in 1973 to 1975, when
// nobody logged.
constexpr std::int64_t kFileTimeOf1970 = 116'444'736'000'000'000;
constexpr std::int64_t kLastFileTime = 160'000'000'000'000'000;  // the year 2108

std::optional<Timestamp> read_number(std::int64_t number) {
  if (number < 100'000'000) return std::nullopt;
  if (number >= kFileTimeOf1970 && number < kLastFileTime)
    return from_unix_nanos((number - kFileTimeOf1970) * 100);
  return time_from_epoch(number);
}

std::optional<Timestamp> read_epoch(std::string_view text) {
  std::int64_t whole = 0;
  const auto* const last = text.data() + text.size();
  if (const auto [end, code] = std::from_chars(text.data(), last, whole); code == std::errc() && end == last)
    return read_number(whole);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), last, value);
  // Small numbers are counters, not times: 1e8 seconds is March 1973.
  if (code != std::errc() || end != last || value < 1e8) return std::nullopt;
  return time_from_epoch(value);
}

}  // namespace

std::optional<Timestamp> read_time(std::string_view text) {
  text = trim(text);
  if (text.size() < 8 || text.size() > kMaxTimeBytes) return std::nullopt;
  if (const auto time = parse_time(text)) return time;
  if (is_alpha(text[0])) return read_month_first(text);
  if (text[2] == '/' && is_alpha(text[3])) return read_web_log_time(text);
  if (text.substr(0, 3).find('/') != std::string_view::npos) return read_american(text);
  if (text[4] == '/') return read_slashed(text);
  if (const auto time = read_epoch(text)) return time;
  if (const auto time = read_short_hour(text)) return time;
  return read_dotted_zone(text);
}

std::optional<Timestamp> read_time(const Node& node) {
  if (node.is_string()) return read_time(node.text());
  const auto whole = node.integer();
  if (whole) return read_number(*whole);
  const auto number = node.number();
  if (!number || *number < 1e8) return std::nullopt;
  return time_from_epoch(*number);
}

}  // namespace tocsin::ingest
