#include "triage/timeline_shape.h"

#include <algorithm>
#include <array>
#include <map>

#include "model/attack.h"

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kShortestGap = 1h;
constexpr int kTimesUsual = 10;
constexpr Nanos kClocksMayDiffer = 2min;
constexpr Nanos kLateFrom = 10min;

bool is_alert(const TimelineEntry& entry) {
  return entry.kind == TimelineEntry::Kind::kAlert;
}

void remember(std::vector<std::string>& ids, const TimelineEntry& entry) {
  for (const auto& id : entry.alert_ids) {
    if (ids.size() < kMaxSentenceIds) ids.push_back(id);
  }
}

void add_to_phase(TimelinePhase& phase, const TimelineEntry& entry) {
  phase.first = phase.alerts == 0 ? entry.at : std::min(phase.first, entry.at);
  phase.last = phase.alerts == 0 ? entry.at : std::max(phase.last, entry.at);
  ++phase.alerts;
  remember(phase.alert_ids, entry);
}

std::vector<TimelinePhase> phases_of(std::span<const TimelineEntry> entries) {
  std::map<std::uint8_t, TimelinePhase> by_tactic;
  for (const auto& entry : entries) {
    if (!is_alert(entry)) continue;
    for (const auto& id : entry.tactics) {
      const auto place = model::find_tactic(id);
      if (!place) continue;
      auto& phase = by_tactic[*place];
      phase.tactic = *place;
      add_to_phase(phase, entry);
    }
  }
  std::vector<TimelinePhase> phases;
  auto latest_start = Timestamp::min();
  for (auto& [place, phase] : by_tactic) {
    phase.before_earlier_tactic = phase.first < latest_start;
    latest_start = std::max(latest_start, phase.first);
    phases.push_back(std::move(phase));
  }
  return phases;
}

Nanos median(std::vector<Nanos>& values) {
  if (values.empty()) return Nanos(0);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<TimelineGap> gaps_of(std::span<const TimelineEntry> entries) {
  std::vector<Timestamp> times;
  for (const auto& entry : entries) {
    if (is_alert(entry)) times.push_back(entry.at);
  }
  std::vector<Nanos> spacings;
  for (std::size_t i = 1; i < times.size(); ++i) spacings.push_back(times[i] - times[i - 1]);
  const auto usual = median(spacings);
  // Of two or three alerts nothing is usual: the hour decides alone.
  const auto shortest = times.size() < 4 ? kShortestGap : std::max(kShortestGap, usual * kTimesUsual);
  std::vector<TimelineGap> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] - times[i - 1] >= shortest) gaps.push_back({times[i - 1], times[i]});
  }
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const auto& a, const auto& b) { return a.to - a.from > b.to - b.from; });
  if (gaps.size() > kMaxGaps) gaps.resize(kMaxGaps);
  std::sort(gaps.begin(), gaps.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  return gaps;
}

std::vector<ClockFinding> clocks_of(std::span<const TimelineEntry> entries) {
  struct Found {
    ClockFinding finding;
    std::vector<Nanos> offsets;
  };
  std::map<std::pair<std::string, ClockFinding::Kind>, Found> by_source;
  for (const auto& entry : entries) {
    if (!is_alert(entry)) continue;
    const auto ahead = entry.at - entry.recorded_at;
    if (ahead <= kClocksMayDiffer && -ahead < kLateFrom) continue;
    const auto kind = ahead > Nanos(0) ? ClockFinding::Kind::kAhead : ClockFinding::Kind::kLate;
    auto& found = by_source[{entry.source, kind}];
    found.finding.kind = kind;
    found.finding.source = entry.source;
    ++found.finding.alerts;
    found.offsets.push_back(ahead > Nanos(0) ? ahead : -ahead);
    remember(found.finding.alert_ids, entry);
  }
  std::vector<ClockFinding> findings;
  for (auto& [key, found] : by_source) {
    found.finding.typical = median(found.offsets);
    findings.push_back(std::move(found.finding));
  }
  return findings;
}

}  // namespace

std::string_view to_text(ClockFinding::Kind kind) {
  constexpr std::array<std::string_view, 2> kNames{"clock_ahead", "arrived_late"};
  return kNames[static_cast<std::size_t>(kind)];
}

TimelineShape shape_of(std::span<const TimelineEntry> entries) {
  return {phases_of(entries), gaps_of(entries), clocks_of(entries)};
}

}  // namespace tocsin::triage
