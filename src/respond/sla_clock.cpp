#include "respond/sla_clock.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tocsin::respond {
namespace {

struct Stretch {
  Timestamp from{};
  std::optional<Timestamp> until;  // absent: for good
};

// Where the clock runs, from `began` on, in order.
std::vector<Stretch> running(Timestamp began, std::span<const SlaPause> pauses, Timestamp now) {
  std::vector<Stretch> found;
  auto from = began;
  for (const auto& pause : pauses) {
    const auto until = pause.until.value_or(std::max(now, pause.from));
    if (until <= from) continue;
    if (pause.from > from) found.push_back({from, pause.from});
    from = until;
  }
  found.push_back({from, std::nullopt});
  return found;
}

std::chrono::seconds used_by(const WorkingCalendar& calendar, std::span<const Stretch> stretches,
                             Timestamp end) {
  std::chrono::seconds used{};
  for (const auto& stretch : stretches)
    used += calendar.between(stretch.from, std::min(stretch.until.value_or(end), end));
  return used;
}

std::optional<Timestamp> due(const WorkingCalendar& calendar, std::span<const Stretch> stretches,
                             std::chrono::seconds allowed) {
  for (const auto& stretch : stretches) {
    if (!stretch.until) return calendar.after(stretch.from, allowed);
    const auto here = calendar.between(stretch.from, *stretch.until);
    if (here >= allowed) return calendar.after(stretch.from, allowed);
    allowed -= here;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(SlaState state) {
  constexpr std::array<std::string_view, 5> kNames = {"running", "at_risk", "paused", "met", "breached"};
  return kNames[static_cast<std::size_t>(state)];
}

SlaReading read_clock(const WorkingCalendar& calendar, const SlaPromise& promise,
                      std::span<const SlaPause> pauses, Timestamp now) {
  const auto stretches = running(promise.began, pauses, now);
  SlaReading reading;
  reading.used = used_by(calendar, stretches, promise.kept_at.value_or(now));
  reading.due_at = due(calendar, stretches, promise.allowed);
  const bool is_paused = !pauses.empty() && !pauses.back().until;
  if (reading.due_at && promise.kept_at.value_or(now) > *reading.due_at) {
    reading.state = SlaState::kBreached;
  } else if (promise.kept_at) {
    reading.state = SlaState::kMet;
  } else if (is_paused) {
    reading.state = SlaState::kPaused;
  } else if (static_cast<double>(reading.used.count()) >=
             promise.risk_share * static_cast<double>(promise.allowed.count())) {
    reading.state = SlaState::kAtRisk;
  }
  return reading;
}

}  // namespace tocsin::respond
