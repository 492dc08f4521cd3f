#pragma once
// What a suppression would have hidden of the stored alerts, which of it was real, and what it learns from
// them. Reads alerts as they came: what became of them since decides nothing.

#include <array>
#include <string>
#include <vector>

#include "api/noise_input.h"
#include "api/suppress/suppression.h"
#include "triage/guard.h"

namespace tocsin::api {

constexpr int kLearnedDays = 30;
constexpr int kMissedDays = 90;  // in which an alert that was called real speaks against it

struct LookBack {
  NoiseInput input;              // of which `matched` are those that it would have hidden
  triage::NoiseProposal replay;  // what that is (triage/noise/noise.h)
  std::array<std::int64_t, triage::kGuards> guarded{};  // found by the search, and never hidden
  Learned learned;                                      // of what it would have hidden and nobody called real
};
Result<LookBack> look_back(store::TenantStore& store, const model::Condition& scope,
                           const std::vector<model::EntityKind>& watched, Timestamp from, Timestamp now);

// Alerts that people called real since `from` and that it would have hidden, however many came since: of the
// newest 50,000 decisions.
struct Missed {
  std::int64_t alerts = 0;
  std::vector<std::string> ids;  // the newest, at most kRealShown
};
Result<Missed> missed_by(store::TenantStore& store, const model::Condition& scope, Timestamp from);

}  // namespace tocsin::api
