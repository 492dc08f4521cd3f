#include "ingest/syslog_message.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using std::chrono::minutes;

constexpr std::size_t kMaxTagBytes = 64;  // RFC 3164 says 32, which programs do not keep to
constexpr int kMaxPriority = 191;         // RFC 5424 §6.2.1

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Only names that mean one offset wherever they are used: IST, CST and their like are read as no zone.
constexpr std::pair<std::string_view, int> kZones[] = {
    {"Z", 0},      {"UTC", 0},    {"GMT", 0},    {"WET", 0},     {"WEST", 60},   {"CET", 60},   {"CEST", 120},
    {"EET", 120},  {"EEST", 180}, {"MSK", 180},  {"EST", -300},  {"EDT", -240},  {"CDT", -300}, {"MST", -420},
    {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"JST", 540},
    {"KST", 540},  {"AEST", 600}, {"AEDT", 660}, {"NZST", 720},  {"NZDT", 780},
};

std::string_view word_of(std::string_view text) {
  return text.substr(0, text.find(' '));
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

// Two digits, or one after a blank ("Jan  8").
std::optional<unsigned> two_digits(std::string_view text) {
  if (text.size() < 2 || !is_digit(text[1]) || (text[0] != ' ' && !is_digit(text[0]))) return std::nullopt;
  return static_cast<unsigned>((text[0] == ' ' ? 0 : text[0] - '0') * 10 + (text[1] - '0'));
}

std::optional<int> take_priority(std::string_view& rest) {
  if (!rest.starts_with('<')) return std::nullopt;
  std::size_t at = 1;
  int value = 0;
  while (at < rest.size() && at <= 3 && is_digit(rest[at])) value = value * 10 + (rest[at++] - '0');
  if (at == 1 || at >= rest.size() || rest[at] != '>' || value > kMaxPriority) return std::nullopt;
  rest.remove_prefix(at + 1);
  return value;
}

// ---- times of RFC 3164 ----

struct DayAndClock {
  unsigned month = 1;
  unsigned day = 1;
  Nanos clock{0};
};

std::optional<Timestamp> in_year(const DayAndClock& parts, int year) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), month(parts.month), day(parts.day)};
  if (!date.ok()) return std::nullopt;
  return Timestamp(sys_days(date)) + parts.clock;
}

// 29 February may be up to eight years back.
std::optional<Timestamp> in_latest_year(const DayAndClock& parts, Timestamp now) {
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const auto this_year = static_cast<int>(today.year());
  for (int year = this_year + 1; year >= this_year - 8; --year) {
    const auto time = in_year(parts, year);
    if (time && *time <= now + std::chrono::hours{24}) return time;
  }
  return std::nullopt;
}

std::optional<DayAndClock> take_month_and_day(std::string_view& rest) {
  const auto* month = std::find(kMonths.begin(), kMonths.end(), rest.substr(0, 3));
  if (month == kMonths.end() || rest.size() < 7 || rest[3] != ' ') return std::nullopt;
  auto day = two_digits(rest.substr(4));
  std::size_t used = 6;
  if (!day && is_digit(rest[4])) {  // "Jan 8 11:07:53"
    day = static_cast<unsigned>(rest[4] - '0');
    used = 5;
  }
  if (!day || *day == 0 || rest[used] != ' ') return std::nullopt;
  rest.remove_prefix(used + 1);
  return DayAndClock{static_cast<unsigned>(month - kMonths.begin()) + 1, *day, Nanos{0}};
}

std::optional<int> take_year(std::string_view& rest) {
  if (rest.size() < 5 || rest[4] != ' ' || !std::all_of(rest.begin(), rest.begin() + 4, is_digit))
    return std::nullopt;
  int year = 0;
  for (int i = 0; i < 4; ++i) year = year * 10 + (rest[static_cast<std::size_t>(i)] - '0');
  rest.remove_prefix(5);
  return year;
}

Nanos take_fraction(std::string_view& rest) {
  if (rest.size() < 2 || (rest[0] != '.' && rest[0] != ',') || !is_digit(rest[1])) return Nanos{0};
  std::int64_t unit = 100'000'000;
  std::int64_t value = 0;
  std::size_t at = 1;
  for (; at < rest.size() && is_digit(rest[at]); ++at, unit /= 10) value += unit * (rest[at] - '0');
  rest.remove_prefix(at);
  return Nanos{value};
}

std::optional<Nanos> take_clock(std::string_view& rest) {
  if (rest.size() < 8 || rest[2] != ':' || rest[5] != ':') return std::nullopt;
  const auto hour = two_digits(rest);
  const auto minute = two_digits(rest.substr(3));
  const auto second = two_digits(rest.substr(6));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  rest.remove_prefix(8);
  return std::chrono::hours(*hour) + minutes(*minute) + std::chrono::seconds(*second) + take_fraction(rest);
}

std::optional<minutes> numeric_zone(std::string_view word) {
  if (word.size() < 3 || (word[0] != '+' && word[0] != '-')) return std::nullopt;
  const int sign = word[0] == '-' ? -1 : 1;
  auto digits = word.substr(1);
  const auto hours = two_digits(digits);
  digits.remove_prefix(2);
  if (digits.starts_with(':')) digits.remove_prefix(1);
  const auto rest = digits.empty() ? std::optional(0U) : two_digits(digits);
  if (!hours || !rest || *hours > 14 || *rest > 59 || digits.size() > 2) return std::nullopt;
  return minutes(sign * static_cast<int>(*hours * 60 + *rest));
}

std::optional<minutes> take_zone(std::string_view& rest) {
  auto after = rest;
  skip_blanks(after);
  auto word = word_of(after);
  const auto used = word.size();
  if (word.ends_with(':')) word.remove_suffix(1);
  auto zone = numeric_zone(word);
  const auto* named = std::find_if(std::begin(kZones), std::end(kZones),
                                   [&](const auto& entry) { return entry.first == word; });
  if (named != std::end(kZones)) zone = minutes(named->second);
  if (zone) rest = after.substr(used);
  return zone;
}

// "Jan 18 11:07:53", with a year before or after the clock's place, a fraction, a zone.
std::optional<Timestamp> take_bsd_time(std::string_view& rest, const SyslogTimes& times) {
  auto left = rest;
  auto parts = take_month_and_day(left);
  if (!parts) return std::nullopt;
  const auto year = take_year(left);
  const auto clock = take_clock(left);
  if (!clock) return std::nullopt;
  parts->clock = *clock;
  const auto zone = take_zone(left).value_or(times.zone);
  const auto local = year ? in_year(*parts, *year) : in_latest_year(*parts, times.now + zone);
  if (!local) return std::nullopt;
  rest = left;
  return *local - zone;
}

std::optional<Timestamp> take_iso_time(std::string_view& rest) {
  if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
  auto word = word_of(rest);
  const auto used = word.size();
  if (word.ends_with(':')) word.remove_suffix(1);
  if (word.size() < 19) return std::nullopt;
  const auto time = parse_time(word);
  if (time) rest.remove_prefix(used);
  return time;
}

// Cisco writes "12345: " (a sequence number) and '*' or '.' (an unsynchronised clock) before the time.
void skip_cisco_marks(std::string_view& rest) {
  auto left = rest;
  const auto digits = std::min(left.find_first_not_of("0123456789"), left.size());
  if (digits > 0 && left.substr(digits).starts_with(": ")) left.remove_prefix(digits + 2);
  if (left.starts_with('*') || left.starts_with('.')) left.remove_prefix(1);
  const auto looks_like_month = std::find(kMonths.begin(), kMonths.end(), left.substr(0, 3)) != kMonths.end();
  if (looks_like_month) rest = left;
}

// ---- RFC 3164 ----

bool is_host(std::string_view word) {
  return !word.empty() && word.size() <= 255 && word.find_first_of("[]{}|=\"%<>,;()") == word.npos &&
         !word.ends_with(':');
}

void take_host(std::string_view& rest, SyslogMessage& message) {
  const auto word = word_of(rest);
  if (!is_host(word) || word.size() == rest.size()) return;
  message.host = word;
  rest.remove_prefix(word.size());
  skip_blanks(rest);
}

constexpr bool ends_tag(char c) {
  return c == ':' || c == '[' || c == ' ';
}

// "sshd[4242]: text", "kernel: text". Without the colon it is text.
void take_tag(std::string_view& rest, SyslogMessage& message) {
  const auto* end = std::find_if(rest.begin(), rest.end(), ends_tag);
  const auto size = static_cast<std::size_t>(end - rest.begin());
  if (size == 0 || size > kMaxTagBytes || size == rest.size() || rest[size] == ' ') return;
  auto left = rest.substr(size);
  std::string_view process;
  if (left.starts_with('[')) {
    const auto close = left.find(']');
    if (close > kMaxTagBytes) return;  // npos is
    process = left.substr(1, close - 1);
    left.remove_prefix(close + 1);
  }
  const bool colon = left.starts_with(':');
  if (!colon && process.empty()) return;
  // "CEF:0|…", "http://…", "12:30": a colon inside a word ends no tag.
  if (colon && left.size() > 1 && left[1] != ' ') return;
  if (colon) left.remove_prefix(1);
  skip_blanks(left);
  message.app = rest.substr(0, size);
  message.process_id = process;
  rest = left;
}

void read_bsd(std::string_view rest, const SyslogTimes& times, SyslogMessage& message) {
  skip_cisco_marks(rest);
  message.time = take_bsd_time(rest, times);
  if (!message.time) message.time = take_iso_time(rest);
  if (message.time) {
    const bool host_is_missing = rest.starts_with(':');
    if (host_is_missing) rest.remove_prefix(1);
    skip_blanks(rest);
    if (!host_is_missing) take_host(rest, message);
  }
  if (rest.starts_with(": ")) rest.remove_prefix(2);  // Cisco ASA: "host : %ASA-4-106023: …"
  take_tag(rest, message);
  message.text = rest;
}

// ---- RFC 5424 ----

std::string_view take_field(std::string_view& rest) {
  skip_blanks(rest);
  const auto word = word_of(rest);
  rest.remove_prefix(word.size());
  return word == "-" ? std::string_view() : word;
}

// Bytes of the element that starts at text[0] == '['; 0 when it does not end.
std::size_t element_size(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ']' && !quoted) {
      return i + 1;
    }
  }
  return 0;
}

std::string_view take_structured_data(std::string_view& rest) {
  skip_blanks(rest);
  if (rest == "-" || rest.starts_with("- ")) {
    rest.remove_prefix(1);
    return {};
  }
  std::size_t size = 0;
  while (size < rest.size() && rest[size] == '[') {
    const auto element = element_size(rest.substr(size));
    if (element == 0) break;
    size += element;
  }
  const auto data = rest.substr(0, size);
  rest.remove_prefix(size);
  return data;
}

void read_5424(std::string_view rest, SyslogMessage& message) {
  const auto time = take_field(rest);
  message.time = parse_time(time);
  message.host = take_field(rest);
  message.app = take_field(rest);
  message.process_id = take_field(rest);
  message.message_id = take_field(rest);
  message.structured_data = take_structured_data(rest);
  skip_blanks(rest);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  message.text = rest;
}

// "1 " and a time or "-": a message of RFC 3164 may begin with a digit too.
bool is_5424(std::string_view rest) {
  return rest.size() > 3 && rest.starts_with("1 ") &&
         (rest.starts_with("1 - ") || (is_digit(rest[2]) && word_of(rest.substr(2)).find('T') != rest.npos));
}

}  // namespace

SyslogMessage read_syslog(std::string_view line, const SyslogTimes& times) {
  SyslogMessage message;
  auto rest = line;
  skip_blanks(rest);
  message.priority = take_priority(rest);
  if (message.priority && is_5424(rest)) {
    read_5424(rest.substr(2), message);
  } else {
    skip_blanks(rest);
    read_bsd(rest, times, message);
  }
  return message;
}

}  // namespace tocsin::ingest
