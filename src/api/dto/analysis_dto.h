#pragma once
// What the agents and the false-positive score say, as JSON (openapi.yaml: AgentAnalysis).

#include "api/json_writer.h"
#include "triage/agents/agents.h"
#include "triage/false_positive.h"

namespace tocsin::api {

void write_analyses(JsonWriter& json, const triage::Analyses& analyses);
void write_false_positive_score(JsonWriter& json, const triage::FalsePositiveScore& score);

}  // namespace tocsin::api
