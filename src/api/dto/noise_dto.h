#pragma once
// What makes noise and what could be done about it, as JSON.

#include "api/json_writer.h"
#include "triage/noise/noise.h"

namespace tocsin::api {

void write_rule_noise(JsonWriter& json, const triage::RuleNoise& rule);
void write_noise_proposal(JsonWriter& json, const triage::NoiseProposal& proposal);
// The members of what anybody's idea would have hidden (triage::replay_hiding).
void write_noise_replay(JsonWriter& json, const triage::NoiseProposal& replayed);
void write_noise_needs(JsonWriter& json, const triage::NoiseNeeds& needs);

}  // namespace tocsin::api
