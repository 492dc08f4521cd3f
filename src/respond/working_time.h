#pragma once
// The hours in which a team works, and time measured in them alone: what an agreement "within four hours"
// means for a team that sleeps at night and has holidays. Time zones and their changes are those of the
// system's tzdata.

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::respond {

struct WorkingHours {
  unsigned weekday = 0;  // 0 Sunday … 6 Saturday
  int from = 0;          // minutes of the local day, 0..1439
  int until = 1440;      // after `from`, up to 1440
  bool operator==(const WorkingHours&) const = default;
};

constexpr std::size_t kMaxWorkingHours = 28;  // four a weekday
constexpr std::size_t kMaxHolidays = 400;

class WorkingCalendar {
 public:
  // Around the clock.
  WorkingCalendar() = default;
  // `zone`: an IANA name such as "Europe/Berlin". `hours`: none of a day overlap, in any order. `holidays`:
  // local days on which nobody works. kInvalidInput: the zone is unknown, hours are out of range, overlap or
  // are none.
  static Result<WorkingCalendar> make(std::string_view zone, std::vector<WorkingHours> hours,
                                      std::set<std::chrono::sys_days> holidays);

  bool is_always() const noexcept { return zone_.empty(); }
  bool works_at(Timestamp time) const;
  // Working time in [from, until); zero when `until` is not later. Of more than kMostDays the first so many
  // count.
  std::chrono::seconds between(Timestamp from, Timestamp until) const;
  // The first moment by which so much working time has passed since `from`. Absent when kMostDays do not hold
  // so much.
  std::optional<Timestamp> after(Timestamp from, std::chrono::seconds work) const;

  static constexpr int kMostDays = 3660;

 private:
  struct Span {
    Timestamp from{};
    Timestamp until{};
  };
  // What is worked on a local day, in order; at most four.
  std::vector<Span> spans_of(std::chrono::sys_days local_day) const;
  template <class Visit>
  void visit_spans(Timestamp from, Visit visit) const;

  std::string zone_;
  std::vector<WorkingHours> hours_;  // by weekday, then from
  std::set<std::chrono::sys_days> holidays_;
};

}  // namespace tocsin::respond
