#pragma once
// Views of one incident as JSON (openapi.yaml: Incident, Timeline).

#include "api/json_writer.h"
#include "triage/incident_view.h"

namespace tocsin::api {

inline constexpr std::size_t kAlertsShown = 200;  // on the incident itself
inline constexpr std::size_t kTimelineShown = 2000;

void write_sentences(JsonWriter& json, const std::vector<triage::Sentence>& sentences);
void write_entities(JsonWriter& json, const std::vector<triage::CountedEntity>& entities);
void write_iocs(JsonWriter& json, const std::vector<model::Ioc>& iocs);
void write_member_alerts(JsonWriter& json, const std::vector<triage::Member>& members, std::size_t most,
                         bool with_raw);
// The oldest kTimelineShown entries, or the newest ones, that one first.
void write_timeline(JsonWriter& json, const triage::IncidentFacts& facts, const triage::IncidentView& view,
                    bool newest_first);

}  // namespace tocsin::api
