#include "ingest/mail/date.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "ingest/text.h"

namespace tocsin::ingest::mail {
namespace {

constexpr std::size_t kMaxSearched = 4096;
constexpr auto kMonths = std::to_array<std::string_view>(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
// RFC 5322 §4.3; other letters mean an unknown zone, read as UTC.
constexpr auto kZones = std::to_array<std::pair<std::string_view, std::string_view>>({{"est", "-05:00"},
                                                                                      {"edt", "-04:00"},
                                                                                      {"cst", "-06:00"},
                                                                                      {"cdt", "-05:00"},
                                                                                      {"mst", "-07:00"},
                                                                                      {"mdt", "-06:00"},
                                                                                      {"pst", "-08:00"},
                                                                                      {"pdt", "-07:00"}});

bool is_number(std::string_view text, std::size_t min_digits, std::size_t max_digits) {
  return text.size() >= min_digits && text.size() <= max_digits &&
         std::all_of(text.begin(), text.end(), is_digit);
}

std::string two(std::string_view digits) {
  return (digits.size() == 1 ? "0" : "") + std::string(digits);
}

std::size_t month_of(std::string_view word) {
  if (word.size() < 3) return 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (equal_ignoring_case(word.substr(0, 3), kMonths[i])) return i + 1;
  }
  return 0;
}

std::string zone_of(std::string_view word) {
  if (word.size() == 5 && (word[0] == '+' || word[0] == '-')) return std::string(word);
  for (const auto& [name, offset] : kZones) {
    if (equal_ignoring_case(name, word)) return std::string(offset);
  }
  return "Z";
}

// "7:04" and "07:04:05".
std::string clock_of(std::string_view text) {
  const auto hour = take_until(text, ':');
  const auto minute = take_until(text, ':');
  const auto second = text.empty() ? std::string_view("00") : text;
  if (!is_number(hour, 1, 2) || !is_number(minute, 2, 2) || !is_number(second.substr(0, 2), 2, 2)) return {};
  return two(hour) + ':' + std::string(minute) + ':' + std::string(second);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" ,;()\t", at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace

std::optional<Timestamp> find_date(std::string_view text) {
  if (text.size() > kMaxSearched) text = text.substr(text.size() - kMaxSearched);
  const auto words = words_of(text);
  for (std::size_t i = 0; i + 3 < words.size(); ++i) {
    const auto month = month_of(words[i + 1]);
    if (month == 0 || !is_number(words[i], 1, 2) || !is_number(words[i + 2], 4, 4)) continue;
    const auto clock = clock_of(words[i + 3]);
    if (clock.empty()) continue;
    const auto zone = i + 4 < words.size() ? zone_of(words[i + 4]) : "Z";
    std::string time(words[i + 2]);
    time.append("-").append(two(std::to_string(month))).append("-").append(two(words[i]));
    time.append("T").append(clock).append(zone);
    return parse_time(time);
  }
  return std::nullopt;
}

}  // namespace tocsin::ingest::mail
