#pragma once
// Playbooks and simulations as JSON (openapi.yaml: PlaybookSummary, Playbook, Simulation).

#include "api/json_writer.h"
#include "base/ids.h"
#include "base/result.h"
#include "respond/match.h"
#include "respond/simulate.h"

namespace tocsin::api {

void write_playbook_summary(JsonWriter& json, const respond::Playbook& playbook);
void write_library_error(JsonWriter& json, const Error& error);
// The matches with their reasons, and their steps, each action once, with the incident's names filled in.
void write_incident_playbook(JsonWriter& json, const IncidentId& incident,
                             const std::vector<respond::Match>& matches, const respond::Scene& scene);
void write_simulation(JsonWriter& json, const respond::Simulation& simulation);

}  // namespace tocsin::api
