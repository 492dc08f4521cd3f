#pragma once
// Incidents, notes and actions as JSON (openapi.yaml: IncidentSummary, Note, ActionRecord).

#include "api/dto/sla_dto.h"
#include "model/incident.h"

namespace tocsin::api {

// The members of IncidentSummary, into an object that is open. `techniques` is empty in lists.
void write_incident_members(JsonWriter& json, const model::Incident& incident,
                            const std::vector<std::string>& techniques, const FirstResponseMinutes& minutes);
void append_incident_summary(std::string& out, const model::Incident& incident,
                             const FirstResponseMinutes& minutes);
void write_entity(JsonWriter& json, const model::Entity& entity);
void write_note(JsonWriter& json, const model::Note& note);
void write_action(JsonWriter& json, const model::ActionRecord& action);

// "TA0001" … of the bits of LinkRecord::tactics, in kill-chain order.
std::vector<std::string> tactic_ids(std::uint16_t bits);

}  // namespace tocsin::api
