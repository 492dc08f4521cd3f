#pragma once
// The sentences of an incident: its summary, and why its alerts are together.

#include <vector>

#include "triage/incident_view.h"

namespace tocsin::triage {

// Both take the members in order of time. Empty when there are none.
std::vector<Sentence> summarise(const std::vector<const Member*>& ordered, const IncidentView& view,
                                const model::Incident& incident);
// Alerts that came for the same reason through the same values share a sentence, so that a thousand repeats
// read as one; at most kMaxWhy sentences, the last then says how many more there are.
std::vector<Sentence> why_together(const std::vector<const Member*>& ordered);

}  // namespace tocsin::triage
