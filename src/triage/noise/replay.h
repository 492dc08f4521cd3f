#pragma once
// What a proposal would have done to the alerts at hand. Pure.

#include <span>
#include <vector>

#include "triage/noise/minutes.h"

namespace tocsin::triage {

// An alert of one rule with what its decision cost. Borrows.
struct WeighedAlert {
  const NoisyAlert* alert = nullptr;
  Spent spent;

  bool is_called(model::Verdict verdict) const { return alert->said && alert->said->verdict == verdict; }
  bool is_real() const { return is_called(model::Verdict::kTruePositive); }
};
using WeighedAlerts = std::vector<WeighedAlert>;  // in the order of their arrival

void add(const WeighedAlert& one, NoiseCount& count);

// Which of the alerts a proposal hides, before is_never_hidden has its word.
using Hides = std::vector<bool>;

Hides hides_exception(const WeighedAlerts& alerts, model::EntityKind kind, std::string_view lower_case_value);

// An occurrence counts as an alert, and as if all of them had come with the first: rather too much is shown.
// An alert whose asset is not known is shown.
struct ThresholdReplay {
  Hides hides;
  std::int64_t delayed = 0;  // real ones
  std::chrono::minutes longest_delay{0};
};
ThresholdReplay replay_threshold(const WeighedAlerts& alerts, std::int64_t at_least,
                                 std::chrono::minutes window);

// An item begins with the first alert on an asset and takes in what comes within `window` of it. A real one
// that came into an item which did not begin with a real one counts as hidden.
Hides hides_aggregation(const WeighedAlerts& alerts, std::chrono::minutes window);

// What is hidden, what it rests on: fills hidden, guarded, people and real_share_at_most. `acts` and `words`
// are of those that were called false positives.
struct Weight {
  double words = 0;
  std::int64_t acts = 0;
};
Weight weigh(const WeighedAlerts& alerts, const Hides& hides, NoiseProposal& proposal);

}  // namespace tocsin::triage
