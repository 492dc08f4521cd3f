#include "api/sla/sla_policy.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"

namespace tocsin::api {
namespace {

using respond::WorkingHours;
using std::chrono::sys_days;

constexpr std::string_view kSetting = "sla.policy";
constexpr std::size_t kMaxName = 100;
constexpr double kLeastMinutes = 1.0 / 60;  // clocks count seconds
constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<double, 5> kResolveMinutes = {10'080, 4'320, 1'440, 480, 240};  // info first

std::optional<int> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const auto place : {0U, 1U, 3U, 4U}) {
    if (!is_digit(text[place])) return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
  return hour * 60 + minute;
}

std::string text_of_minute(int minute) {
  const auto two = [](int number) {
    return std::string(1, static_cast<char>('0' + number / 10)) + static_cast<char>('0' + number % 10);
  };
  return two(minute / 60) + ":" + two(minute % 60);
}

std::optional<sys_days> day_of(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto time = parse_time(text);
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*time);
}

std::optional<double> read_minutes(Body& body, std::string_view name, double least) {
  const auto* value = body.any(name);
  if (value == nullptr) return std::nullopt;
  const auto minutes = value->is_number() ? value->to_number<double>() : NAN;
  if (std::isfinite(minutes) && minutes >= least && minutes <= kMostSlaMinutes) return minutes;
  body.fail(name, "must be a number of minutes, at most 525600 (a year)");
  return std::nullopt;
}

// Each element of a list as a Body of its own; what is wrong in it is told with its place.
template <class Read>
void read_list(Body& body, std::string_view name, std::size_t most, Read read) {
  const auto* value = body.any(name);
  if (value == nullptr) return;
  if (!value->is_array() || value->get_array().size() > most)
    return body.fail(name, "must be a list of at most " + std::to_string(most));
  std::size_t place = 0;
  for (const auto& one : value->get_array()) {
    if (!one.is_object()) return body.fail(name, "each of it must be an object");
    auto inner = body.inside(pointer_to(name) + "/" + std::to_string(place++), one.get_object());
    read(inner);
    body.adopt(inner);
  }
}

// False: something was wrong, and told to the body.
bool read_hours(Body& body, std::vector<WorkingHours>& to) {
  for (const auto* name : {"days", "from", "until"}) body.require(name);
  const auto from = minute_of(body.text("from", 5).value_or(""));
  const auto until = minute_of(body.text("until", 5).value_or(""));
  if (!from) body.fail("from", "must be a time of day such as 09:00");
  if (!until) body.fail("until", "must be a time of day such as 17:00, at most 24:00");
  for (const auto& day : body.texts("days", kDays.size(), kMaxName).value_or(std::vector<std::string>{})) {
    const auto found = std::find(kDays.begin(), kDays.end(), day);
    if (found == kDays.end()) {
      body.fail("days", "must be of mon, tue, wed, thu, fri, sat, sun, not \"" + day + "\"");
      return false;
    }
    if (from && until) to.push_back({static_cast<unsigned>(found - kDays.begin()), *from, *until});
  }
  return from && until;
}

void read_calendar(Body& body, SlaPolicy& policy) {
  for (const auto* name : {"name", "time_zone", "hours"}) body.require(name);
  SlaCalendar calendar;
  calendar.name = body.text("name", kMaxName, false).value_or("");
  calendar.time_zone = body.text("time_zone", kMaxName, false).value_or("");
  bool are_sound = true;
  read_list(body, "hours", respond::kMaxWorkingHours,
            [&](Body& one) { are_sound = read_hours(one, calendar.hours) && are_sound; });
  if (!are_sound) return;
  for (const auto& text :
       body.texts("holidays", respond::kMaxHolidays, 10).value_or(std::vector<std::string>{})) {
    const auto day = day_of(text);
    if (!day) return body.fail("holidays", "\"" + text + "\" is not a day such as 2026-12-25");
    calendar.holidays.insert(*day);
  }
  auto made = respond::WorkingCalendar::make(calendar.time_zone, calendar.hours, calendar.holidays);
  if (!made) return body.fail(made.error().where, made.error().message, made.error().hint);
  const bool is_twice = std::any_of(policy.calendars.begin(), policy.calendars.end(),
                                    [&](const SlaCalendar& other) { return other.name == calendar.name; });
  if (is_twice) return body.fail("name", "is that of another calendar");
  calendar.made = *std::move(made);
  policy.calendars.push_back(std::move(calendar));
}

void read_promises(Body& body, SlaPromises& to, const std::vector<SlaCalendar>& calendars) {
  to.acknowledge_minutes =
      read_minutes(body, "acknowledge_minutes", kLeastMinutes).value_or(to.acknowledge_minutes);
  to.resolve_minutes = read_minutes(body, "resolve_minutes", kLeastMinutes).value_or(to.resolve_minutes);
  const auto calendar = body.nullable_text("calendar", kMaxName);
  if (!calendar || !*calendar) return;
  const bool is_known = std::any_of(calendars.begin(), calendars.end(),
                                    [&](const SlaCalendar& one) { return one.name == **calendar; });
  if (!is_known) return body.fail("calendar", "is none of \"calendars\"", "null is around the clock");
  to.calendar = **calendar;
}

void write_calendar(JsonWriter& json, const SlaCalendar& calendar) {
  json.object([&] {
    json.member("name", calendar.name);
    json.member("time_zone", calendar.time_zone);
    json.member("hours", [&] {
      json.array([&] {
        for (const auto& hours : calendar.hours) {
          json.object([&] {
            json.member("days", [&] { json.array([&] { json.value(kDays[hours.weekday]); }); });
            json.member("from", text_of_minute(hours.from));
            json.member("until", text_of_minute(hours.until));
          });
        }
      });
    });
    json.member("holidays", [&] {
      json.array([&] {
        for (const auto day : calendar.holidays) json.value(to_rfc3339(Timestamp(day)).substr(0, 10));
      });
    });
  });
}

}  // namespace

SlaPolicy read_sla_body(Body& body, const FirstLook& first_look) {
  auto policy = default_sla_policy(first_look);
  read_list(body, "calendars", kMaxSlaCalendars, [&](Body& one) { read_calendar(one, policy); });
  if (const auto* severities = body.object("severities")) {
    auto inner = body.inside("/severities", *severities);
    for (std::size_t i = 0; i < policy.by_severity.size(); ++i) {
      const auto name = to_text(static_cast<model::Severity>(i));
      const auto* promises = inner.object(name);
      if (promises == nullptr) continue;
      auto one = inner.inside(pointer_to(name), *promises);
      read_promises(one, policy.by_severity[i], policy.calendars);
      inner.adopt(one);
    }
    body.adopt(inner);
  }
  policy.at_risk_percent =
      static_cast<int>(body.integer("at_risk_percent", 1, 100).value_or(policy.at_risk_percent));
  if (body.has("escalation")) policy.escalation.clear();
  read_list(body, "escalation", kMaxSlaSteps, [&](Body& one) {
    one.require("to");
    policy.escalation.push_back(
        {read_minutes(one, "after_minutes", 0).value_or(0), one.text("to", kMaxName, false).value_or("")});
  });
  std::stable_sort(policy.escalation.begin(), policy.escalation.end(),
                   [](const SlaStep& a, const SlaStep& b) { return a.after_minutes < b.after_minutes; });
  return policy;
}

const SlaPromises& SlaPolicy::of(model::Severity severity) const {
  return by_severity[static_cast<std::size_t>(severity)];
}

const respond::WorkingCalendar& SlaPolicy::calendar_of(const SlaPromises& promises) const {
  static const respond::WorkingCalendar always;
  for (const auto& calendar : calendars) {
    if (calendar.name == promises.calendar) return calendar.made;
  }
  return always;
}

SlaPolicy default_sla_policy(const FirstLook& first_look) {
  SlaPolicy policy;
  for (std::size_t i = 0; i < first_look.size(); ++i)
    policy.by_severity[i] = {static_cast<double>(first_look[i]), kResolveMinutes[i], {}};
  policy.escalation = {{0, "soc_lead"}, {60, "incident_manager"}};
  return policy;
}

Result<SlaPolicy> read_sla_policy(const store::TenantStore& store, const FirstLook& first_look) {
  TOCSIN_TRY(text, store.setting(kSetting));
  if (!text) return default_sla_policy(first_look);
  const auto damaged = [] {
    return error(ErrorKind::kInternal, "read the SLA policy", "its setting is damaged", "Set it again");
  };
  const auto json = parse_json(*text);
  if (!json || !json->is_object()) return damaged();
  Body body(json->get_object());
  auto policy = read_sla_body(body, first_look);
  policy.version = body.integer("version", 1, INT64_MAX).value_or(1);
  policy.set_by = body.text("set_by", 1000).value_or("");
  policy.set_at = parse_time(body.text("set_at", 64).value_or("")).value_or(Timestamp{});
  if (body.problem({})) return damaged();
  return policy;
}

Result<void> save_sla_policy(store::TenantStore& store, const SlaPolicy& policy) {
  std::string text;
  append_sla_policy(text, policy);
  return store.set_setting(kSetting, text);
}

void append_sla_policy(std::string& out, const SlaPolicy& policy) {
  JsonWriter json(out);
  json.object([&] {
    json.member("calendars", [&] {
      json.array([&] {
        for (const auto& calendar : policy.calendars) write_calendar(json, calendar);
      });
    });
    json.member("severities", [&] {
      json.object([&] {
        for (std::size_t i = policy.by_severity.size(); i-- > 0;) {
          const auto& promises = policy.by_severity[i];
          json.member(to_text(static_cast<model::Severity>(i)), [&] {
            json.object([&] {
              json.member("acknowledge_minutes", promises.acknowledge_minutes);
              json.member("resolve_minutes", promises.resolve_minutes);
              promises.calendar.empty() ? json.member("calendar", nullptr)
                                        : json.member("calendar", promises.calendar);
            });
          });
        }
      });
    });
    json.member("at_risk_percent", policy.at_risk_percent);
    json.member("escalation", [&] {
      json.array([&] {
        for (const auto& step : policy.escalation) {
          json.object([&] {
            json.member("after_minutes", step.after_minutes);
            json.member("to", step.to);
          });
        }
      });
    });
    json.member("version", policy.version);
    json.member("set_by", policy.set_by);
    policy.version > 0 ? json.member("set_at", policy.set_at) : json.member("set_at", nullptr);
  });
}

}  // namespace tocsin::api
