#pragma once
// S4's investigation timeline, from stored times only: what happened, when it arrived, what enrichment and
// correlation added, what people did. Nothing is placed at an invented offset.

#include <span>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/incident.h"

namespace tocsin::triage {

struct ThreatEvent {
  Timestamp timestamp{};
  std::string event_type;  // detection enrichment analysis correlation decision action escalation
  std::string title;
  std::string description;  // fit to show
  std::string source;       // who or what says so
  std::vector<std::string> evidence;
};

struct ThreatTimeline {
  std::vector<ThreatEvent> events;  // in order of time
  Timestamp start_time{}, end_time{};
  double duration_ms = 0;
};

// `incident` may be nullptr (an alert that belongs to none). At most 500 events: the earliest.
ThreatTimeline make_threat_timeline(std::span<const model::Alert> alerts, const model::Incident* incident,
                                    std::span<const model::ActionRecord> actions);

// What phase of S4 an entry of the action log is: escalation, decision (verdict, status, assignee, merge,
// split) or action.
std::string_view event_type_of(const model::ActionRecord& action);

// S4's executive_summary and customer_narrative, from the alert's facts.
std::string executive_summary(const model::Alert& alert);
std::string customer_narrative(const model::Alert& alert);

}  // namespace tocsin::triage
