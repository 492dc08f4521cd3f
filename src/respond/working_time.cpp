#include "respond/working_time.h"

#include <date/tz.h>

#include <algorithm>

namespace tocsin::respond {
namespace {

constexpr int kDayMinutes = 24 * 60;

Error bad_calendar(std::string_view where, std::string what, std::string hint) {
  return error(ErrorKind::kInvalidInput, "read a calendar", std::move(what), std::move(hint),
               std::string(where));
}

// Throws for an unknown name, as the library does.
const date::time_zone* find_zone(const std::string& name) {
  return date::locate_zone(name);
}

// An hour that a change of clocks leaves out begins with the one after it; one that comes twice, with the
// first.
Timestamp to_time(const date::time_zone& zone, std::chrono::sys_days day, int minute) {
  const date::local_seconds local{std::chrono::seconds(day.time_since_epoch()) +
                                  std::chrono::minutes(minute)};
  return Timestamp(zone.to_sys(local, date::choose::earliest));
}

std::chrono::sys_days local_day_of(const date::time_zone& zone, Timestamp time) {
  const auto local = zone.to_local(std::chrono::floor<std::chrono::seconds>(time));
  return std::chrono::sys_days(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
}

}  // namespace

Result<WorkingCalendar> WorkingCalendar::make(std::string_view zone, std::vector<WorkingHours> hours,
                                              std::set<std::chrono::sys_days> holidays) {
  if (hours.empty() || hours.size() > kMaxWorkingHours)
    return bad_calendar(
        "hours", "has " + std::to_string(hours.size()) + " stretches of work",
        "give 1 to " + std::to_string(kMaxWorkingHours) + ", or no calendar: around the clock");
  if (holidays.size() > kMaxHolidays)
    return bad_calendar("holidays", "has more than " + std::to_string(kMaxHolidays) + " days",
                        "leave those out that are past");
  std::sort(hours.begin(), hours.end(), [](const WorkingHours& a, const WorkingHours& b) {
    return std::pair(a.weekday, a.from) < std::pair(b.weekday, b.from);
  });
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const auto& one = hours[i];
    if (one.weekday > 6 || one.from < 0 || one.until > kDayMinutes || one.from >= one.until)
      return bad_calendar("hours", "has work that ends before it begins",
                          "give from and until of one day, 00:00 to 24:00");
    if (i > 0 && hours[i - 1].weekday == one.weekday && hours[i - 1].until > one.from)
      return bad_calendar("hours", "has work of one day that overlaps", "join it");
  }
  WorkingCalendar made;
  made.zone_ = zone;
  try {
    find_zone(made.zone_);
  } catch (const std::runtime_error&) {
    return bad_calendar("time_zone", "is no time zone that is known here",
                        "give an IANA name such as Europe/Berlin");
  }
  made.hours_ = std::move(hours);
  made.holidays_ = std::move(holidays);
  return made;
}

std::vector<WorkingCalendar::Span> WorkingCalendar::spans_of(std::chrono::sys_days local_day) const {
  std::vector<Span> found;
  if (holidays_.contains(local_day)) return found;
  const auto* zone = find_zone(zone_);
  const auto weekday = std::chrono::weekday(local_day).c_encoding();
  for (const auto& hours : hours_) {
    if (hours.weekday != weekday) continue;
    const Span span{to_time(*zone, local_day, hours.from), to_time(*zone, local_day, hours.until)};
    if (span.from < span.until) found.push_back(span);
  }
  return found;
}

// Each stretch of work that ends after `from`, cut to what lies after it, until `visit` says false or the
// days run out.
template <class Visit>
void WorkingCalendar::visit_spans(Timestamp from, Visit visit) const {
  auto day = local_day_of(*find_zone(zone_), from);
  for (int left = kMostDays; left > 0; --left, day += std::chrono::days(1)) {
    for (const auto& span : spans_of(day)) {
      if (span.until > from && !visit(Span{std::max(span.from, from), span.until})) return;
    }
  }
}

bool WorkingCalendar::works_at(Timestamp time) const {
  if (is_always()) return true;
  const auto spans = spans_of(local_day_of(*find_zone(zone_), time));
  return std::any_of(spans.begin(), spans.end(),
                     [&](const Span& span) { return span.from <= time && time < span.until; });
}

std::chrono::seconds WorkingCalendar::between(Timestamp from, Timestamp until) const {
  if (until <= from) return {};
  if (is_always()) return std::chrono::floor<std::chrono::seconds>(until - from);
  Nanos worked{};
  visit_spans(from, [&](const Span& span) {
    if (span.from >= until) return false;
    worked += std::min(span.until, until) - span.from;
    return true;
  });
  return std::chrono::floor<std::chrono::seconds>(worked);
}

std::optional<Timestamp> WorkingCalendar::after(Timestamp from, std::chrono::seconds work) const {
  if (is_always()) return from + work;
  std::optional<Timestamp> found;
  Nanos left = work;
  visit_spans(from, [&](const Span& span) {
    const auto here = span.until - span.from;
    if (here < left) {
      left -= here;
      return true;
    }
    found = span.from + left;
    return false;
  });
  return found;
}

}  // namespace tocsin::respond
