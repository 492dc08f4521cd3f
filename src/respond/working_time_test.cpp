#include "respond/working_time.h"

#include <gtest/gtest.h>

#include <random>

namespace tocsin::respond {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

Timestamp at(std::string_view text) {
  return parse_time(text).value();
}

std::vector<WorkingHours> office_hours() {
  std::vector<WorkingHours> found;
  for (unsigned day = 1; day <= 5; ++day) found.push_back({day, 9 * 60, 17 * 60});
  return found;
}

WorkingCalendar office(std::string_view zone, std::set<sys_days> holidays = {}) {
  return *WorkingCalendar::make(zone, office_hours(), std::move(holidays));
}

constexpr sys_days day(int year, unsigned month, unsigned of_month) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(of_month);
}

TEST(WorkingCalendar, AroundTheClockIsTheClock) {
  const WorkingCalendar always;
  EXPECT_EQ(always.between(at("2026-01-01T00:00:00Z"), at("2026-01-08T00:00:00Z")), hours(168));
  EXPECT_EQ(always.after(at("2026-01-01T00:00:00Z"), hours(5)), at("2026-01-01T05:00:00Z"));
  EXPECT_TRUE(always.works_at(at("2026-01-04T03:00:00Z")));
}

TEST(WorkingCalendar, NightsAndWeekendsDoNotCount) {
  const auto berlin = office("Europe/Berlin");
  // Friday 16:00 in Berlin, four hours of work: Monday 12:00.
  EXPECT_EQ(berlin.after(at("2026-01-16T15:00:00Z"), hours(4)), at("2026-01-19T11:00:00Z"));
  EXPECT_EQ(berlin.between(at("2026-01-16T15:00:00Z"), at("2026-01-19T11:00:00Z")), hours(4));
  EXPECT_EQ(berlin.after(at("2026-01-17T12:00:00Z"), seconds(0)), at("2026-01-19T08:00:00Z"));
  EXPECT_FALSE(berlin.works_at(at("2026-01-17T12:00:00Z")));
  EXPECT_TRUE(berlin.works_at(at("2026-01-19T08:00:00Z")));
  EXPECT_FALSE(berlin.works_at(at("2026-01-19T16:00:00Z"))) << "the end is not of the day";
}

TEST(WorkingCalendar, HolidaysAreThoseOfTheLocalDay) {
  const auto auckland = office("Pacific/Auckland", {day(2026, 2, 6)});
  // Waitangi Day, a Friday: Thursday 17:00 to Monday 09:00 in Auckland holds no work.
  EXPECT_EQ(auckland.between(at("2026-02-05T04:00:00Z"), at("2026-02-08T20:00:00Z")), seconds(0));
  EXPECT_EQ(auckland.after(at("2026-02-05T03:00:00Z"), hours(2)), at("2026-02-08T21:00:00Z"));
}

TEST(WorkingCalendar, AnHourThatClocksLeaveOutIsNotWorked) {
  std::vector<WorkingHours> night = {{0, 0, 6 * 60}};
  const auto berlin = *WorkingCalendar::make("Europe/Berlin", night, {});
  // 2026-03-29, two becomes three; 2026-10-25, three becomes two.
  EXPECT_EQ(berlin.between(at("2026-03-28T12:00:00Z"), at("2026-03-30T12:00:00Z")), hours(5));
  EXPECT_EQ(berlin.between(at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z")), hours(7));
}

TEST(WorkingCalendar, IsWhatCountingMinutesGives) {
  std::mt19937 random(20261123);
  const auto below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const std::array zones = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
                            "UTC"};
  for (int round = 0; round < 60; ++round) {
    std::vector<WorkingHours> worked;
    for (unsigned weekday = 0; weekday < 7; ++weekday) {
      if (below(4) == 0) continue;
      const int from = below(700);
      worked.push_back({weekday, from, from + 1 + below(300)});
      worked.push_back({weekday, 1000 + below(200), 1201 + below(240)});
    }
    if (worked.empty()) continue;
    const auto* zone = zones[static_cast<std::size_t>(below(5))];
    const auto calendar = *WorkingCalendar::make(zone, worked, {day(2026, 3, 27), day(2026, 10, 26)});
    // Around a change of clocks, in spring or autumn.
    const auto from =
        at(below(2) == 0 ? "2026-03-26T00:00:00Z" : "2026-10-23T00:00:00Z") + minutes(below(3000));
    const auto until = from + minutes(below(8000));
    minutes counted{};
    std::optional<Timestamp> reached;
    const minutes wanted(below(1500) + 1);
    for (auto time = from; time < until; time += minutes(1)) {
      if (!calendar.works_at(time)) continue;
      counted += minutes(1);
      if (counted == wanted && !reached) reached = time + minutes(1);
    }
    EXPECT_EQ(calendar.between(from, until), counted) << zone << " " << to_rfc3339(from);
    if (reached) {
      EXPECT_EQ(calendar.after(from, wanted), reached) << zone << " " << to_rfc3339(from);
    }
  }
}

TEST(WorkingCalendar, SaysWhatItCannotBe) {
  EXPECT_FALSE(WorkingCalendar::make("Europe/Atlantis", office_hours(), {}));
  EXPECT_FALSE(WorkingCalendar::make("../../etc/passwd", office_hours(), {}));
  EXPECT_FALSE(WorkingCalendar::make("UTC", {}, {}));
  EXPECT_FALSE(WorkingCalendar::make("UTC", {{1, 600, 600}}, {}));
  EXPECT_FALSE(WorkingCalendar::make("UTC", {{7, 0, 600}}, {}));
  EXPECT_FALSE(WorkingCalendar::make("UTC", {{1, 0, 600}, {1, 599, 700}}, {}));
}

TEST(WorkingCalendar, LooksSoFarAheadAndNoFurther) {
  const auto calendar = *WorkingCalendar::make("UTC", {{1, 0, 1}}, {});
  EXPECT_EQ(calendar.after(at("2026-01-01T00:00:00Z"), hours(9)), std::nullopt);
  EXPECT_EQ(calendar.between(at("2026-01-01T00:00:00Z"), at("2200-01-01T00:00:00Z")),
            minutes(WorkingCalendar::kMostDays / 7 + 1));
}

}  // namespace
}  // namespace tocsin::respond
