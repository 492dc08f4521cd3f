#pragma once
// What noise is looked for in, read from the store; and a proposal in the query language.

#include <string>
#include <vector>

#include "store/store.h"
#include "triage/noise/noise.h"

namespace tocsin::api {

constexpr std::size_t kNoiseAlerts = 50'000;  // the newest; 20,000 with their documents took .1 to .3 s

struct NoiseInput {
  std::vector<triage::NoisyAlert> alerts;
  bool in_part = false;  // there are older ones in that time
};

// Alerts that came since `from`, with what people said of them.
Result<NoiseInput> load_noise(store::TenantStore& store, Timestamp from);

// The rule of a proposal, with the value of an exception: what it speaks of, as a search for alerts.
std::string question_of(const triage::NoiseProposal& proposal);

}  // namespace tocsin::api
