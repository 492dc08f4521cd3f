#include "api/match_history.h"

#include <boost/json.hpp>

namespace tocsin::api {
namespace {

constexpr std::int64_t kDay = 24;

std::string key_of(std::int64_t place) {
  return "detection.matches." + std::to_string(place);
}

void add(MatchSumsByRule& sums, const HourOfMatches& hour, std::int64_t now) {
  const auto age = now - hour.hour;
  if (age >= MatchHistory::kHours) return;
  for (const auto& [rule, matches] : hour.by_rule) {
    auto& sum = sums[rule];
    sum.week += matches;
    if (age <= kDay) sum.day += matches;
  }
}

}  // namespace

std::int64_t hour_of(Timestamp at) {
  return std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count();
}

void write_hour(JsonWriter& json, const HourOfMatches& hour) {
  json.member("hour", hour.hour);
  json.member("matches", [&] {
    json.object([&] {
      for (const auto& [rule, matches] : hour.by_rule) json.member(rule, matches);
    });
  });
}

HourOfMatches read_hour(const boost::json::object& object) {
  HourOfMatches read;
  const auto* hour = object.if_contains("hour");
  const auto* matches = object.if_contains("matches");
  if (hour == nullptr || !hour->is_int64() || matches == nullptr || !matches->is_object()) return read;
  read.hour = hour->get_int64();
  for (const auto& [rule, count] : matches->get_object()) {
    if (count.is_int64() && count.get_int64() > 0) read.by_rule.emplace(rule, count.get_int64());
  }
  return read;
}

Result<void> MatchHistory::keep(const HourOfMatches& hour) {
  if (hour.by_rule.empty()) return {};
  const auto place = hour.hour % kHours;
  std::string text;
  JsonWriter json(text);
  json.object([&] { write_hour(json, hour); });
  TOCSIN_CHECK(store_.set_setting(key_of(place), text));
  if (hours_) (*hours_)[static_cast<std::size_t>(place)] = hour;
  return {};
}

Result<MatchSumsByRule> MatchHistory::sums(const HourOfMatches& at_hand, Timestamp now) {
  TOCSIN_CHECK(load());
  MatchSumsByRule sums;
  add(sums, at_hand, hour_of(now));
  for (const auto& hour : *hours_) {
    if (hour.hour != at_hand.hour) add(sums, hour, hour_of(now));  // else kept and not let go yet
  }
  return sums;
}

Result<void> MatchHistory::load() {
  if (hours_) return {};
  std::vector<HourOfMatches> hours(kHours);
  for (std::int64_t place = 0; place < kHours; ++place) {
    TOCSIN_TRY(text, store_.setting(key_of(place)));
    boost::system::error_code failed;
    const auto value = boost::json::parse(text.value_or("{}"), failed);
    if (!failed && value.is_object()) hours[static_cast<std::size_t>(place)] = read_hour(value.get_object());
  }
  hours_ = std::move(hours);
  return {};
}

}  // namespace tocsin::api
