#include "ingest/syslog.h"

#include <algorithm>
#include <string>

#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

std::string_view take_word(std::string_view& rest) {
  rest = trim(rest);
  const auto word = take_until(rest, ' ');
  rest = trim(rest);
  return word;
}

// "Jan 18 11:07:53" in the year of `now`, or in the one before when that lies ahead.
std::optional<Timestamp> time_without_year(std::string_view month_day_clock, Timestamp now) {
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const auto year = static_cast<int>(today.year());
  const auto in_year = [&](int y) {
    return read_time(std::string(month_day_clock) + ' ' + std::to_string(y));
  };
  const auto time = in_year(year);
  if (time && *time > now + std::chrono::hours{24}) return in_year(year - 1);
  return time;
}

}  // namespace

SyslogHeader read_syslog_header(std::string_view header, Timestamp now) {
  SyslogHeader result;
  auto rest = trim(header);
  if (rest.starts_with('<')) rest = trim(rest.substr(std::min(rest.find('>'), rest.size() - 1) + 1));
  if (rest.starts_with("1 ")) rest = trim(rest.substr(2));
  if (rest.empty()) return result;
  if (is_digit(rest.front())) {
    result.time = read_time(take_word(rest));
  } else if (rest.size() >= 15 && rest[3] == ' ' && rest[9] == ':' && rest[12] == ':') {
    result.time = time_without_year(rest.substr(0, 15), now);
    rest = trim(rest.substr(15));
  } else {
    take_word(rest);  // a word that is no time
  }
  result.host = take_word(rest);
  return result;
}

}  // namespace tocsin::ingest
