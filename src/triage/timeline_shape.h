#pragma once
// What a list of times does not show at once: phases of the attack, silences, clocks that are off. From
// stored times only; nothing is placed where nothing was recorded.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "triage/incident_view.h"

namespace tocsin::triage {

// The alerts of one tactic. An alert with two tactics is in both phases.
struct TimelinePhase {
  std::uint8_t tactic = 0;  // place in model::tactics()
  Timestamp first{};
  Timestamp last{};
  std::size_t alerts = 0;
  std::vector<std::string> alert_ids;  // at most kMaxSentenceIds
  bool before_earlier_tactic = false;  // it began before a phase that stands ahead of it in ATT&CK's order
};

// Nothing was recorded between two alerts, for an hour at least and ten times longer than is usual here.
struct TimelineGap {
  Timestamp from{};
  Timestamp to{};
};

// Alerts of one source whose time cannot be right, or that came long after it.
struct ClockFinding {
  enum class Kind : std::uint8_t {
    kAhead,  // they happened after they arrived: that clock, or ours, is wrong
    kLate,   // they arrived ten minutes or more after their time: a slow clock or a slow delivery, which
             // cannot be told apart
  };
  Kind kind = Kind::kAhead;
  std::string source;
  std::size_t alerts = 0;
  Nanos typical{};                     // median of how far off
  std::vector<std::string> alert_ids;  // at most kMaxSentenceIds
};
std::string_view to_text(ClockFinding::Kind kind);  // clock_ahead arrived_late

struct TimelineShape {
  std::vector<TimelinePhase> phases;  // in ATT&CK's order
  std::vector<TimelineGap> gaps;      // in order of time; at most kMaxGaps, the longest
  std::vector<ClockFinding> clocks;   // by source
};
constexpr std::size_t kMaxGaps = 20;

// `entries` in order of time, as in IncidentView. Notes and actions are not looked at.
TimelineShape shape_of(std::span<const TimelineEntry> entries);

}  // namespace tocsin::triage
