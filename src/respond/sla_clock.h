#pragma once
// One promise about an incident: that something happens within so much working time. Its clock stands still
// while it is paused (waiting for a customer, say) and outside the calendar's hours.

#include <optional>
#include <span>
#include <string_view>

#include "respond/working_time.h"

namespace tocsin::respond {

enum class SlaState : std::uint8_t { kRunning, kAtRisk, kPaused, kMet, kBreached };
std::string_view to_text(SlaState state);  // running, at_risk, paused, met, breached

// A stretch in which the clock stood still; without an end it still does.
struct SlaPause {
  Timestamp from{};
  std::optional<Timestamp> until;
};

struct SlaPromise {
  Timestamp began{};
  std::chrono::seconds allowed{};
  std::optional<Timestamp> kept_at;  // when what was promised happened
  double risk_share = 0.75;          // of the time allowed, used up: at risk; 0..1
};

struct SlaReading {
  SlaState state = SlaState::kRunning;
  std::chrono::seconds used{};      // of working time, to now or to when it was kept
  std::optional<Timestamp> due_at;  // as if a pause ended now; absent: further away than the calendar looks
};

// `pauses`: in order of time; what overlaps counts once. A breach stays one when the thing is done after all.
SlaReading read_clock(const WorkingCalendar& calendar, const SlaPromise& promise,
                      std::span<const SlaPause> pauses, Timestamp now);

}  // namespace tocsin::respond
