#pragma once
// What could be done about the noise of one rule. Pure.

#include "triage/noise/replay.h"

namespace tocsin::triage {

// Each was replayed, hides nothing that was called real, and has the evidence that `needs` asks for. The
// alerts are of one rule, and there is at least one.
std::vector<NoiseProposal> propose(const WeighedAlerts& alerts, const NoiseNeeds& needs);

}  // namespace tocsin::triage
