#pragma once
// What noise is looked for in, read from the store; and a proposal in the query language.

#include <functional>
#include <string>
#include <vector>

#include "store/store.h"
#include "triage/noise/noise.h"

namespace tocsin::api {

constexpr std::size_t kNoiseAlerts = 50'000;  // the newest; 20,000 with their documents took .1 to .3 s

struct NoiseInput {
  std::vector<triage::NoisyAlert> alerts;
  bool in_part = false;  // there are older ones in that time
  // With an idea: which of the alerts it hides, and the newest of those that are real.
  std::vector<bool> matched;
  std::vector<std::string> real_matched;
};

constexpr std::size_t kRealShown = 20;

// Alerts that came since `from`, the newest first, with what people said of them. `hides` is asked of each,
// in that order; it may be empty.
using HidingIdea = std::function<bool(const model::Alert&)>;
Result<NoiseInput> load_noise(store::TenantStore& store, Timestamp from, const HidingIdea& hides = {});

// Jobs and the server itself decide, too.
bool is_persons(const store::Disposition& said);

// The rule of a proposal, with the value of an exception: what it speaks of, as a search for alerts.
std::string question_of(const triage::NoiseProposal& proposal);

}  // namespace tocsin::api
