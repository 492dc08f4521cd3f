#pragma once
// What noise is looked for in, read from the store; and a proposal in the query language.

#include <string>
#include <vector>

#include "model/matcher.h"
#include "store/store.h"
#include "triage/noise/noise.h"

namespace tocsin::api {

constexpr std::size_t kNoiseAlerts = 50'000;  // the newest; 20,000 with their documents took .1 to .3 s

struct NoiseInput {
  std::vector<triage::NoisyAlert> alerts;
  bool in_part = false;  // there are older ones in that time
  // With a matcher: which of the alerts it matches, and the newest of those that are real.
  std::vector<bool> matched;
  std::vector<std::string> real_matched;
};

constexpr std::size_t kRealShown = 20;

// Alerts that came since `from`, the newest first, with what people said of them. `matcher` may be null.
Result<NoiseInput> load_noise(store::TenantStore& store, Timestamp from,
                              const model::Matcher* matcher = nullptr);

// The rule of a proposal, with the value of an exception: what it speaks of, as a search for alerts.
std::string question_of(const triage::NoiseProposal& proposal);

}  // namespace tocsin::api
