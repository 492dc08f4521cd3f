#pragma once
// What people said of alerts, as the decisions that a promise (bound.h) is tested on.
//
// A decision is everything that was said of the alerts of one incident, or, outside of incidents, by one
// person at one moment: whoever calls three hundred alerts of an incident real has decided once. It is as
// likely a false positive as the likeliest of its alerts.
//
// What closing itself hides from people must not be missing here, or each choice would look better than the
// one before: of alerts that came while something was closed only those that chance kept open count
// (sample.h). Whoever's word counts less than kFullWord counts only against closing: an adversary with a
// small role cannot make the bound look good.
//
// Pure.

#include <string>
#include <vector>

#include "base/clock.h"
#include "model/names.h"
#include "triage/auto_close/bound.h"

namespace tocsin::triage {

struct SaidOfAlert {
  std::string incident;  // id; empty: in none
  std::string actor;
  Timestamp decided_at{};
  double fp_probability = 0.5;  // as stored at arrival
  double word = 1;              // of who said it, 0..1
  bool is_real = false;
  bool is_open_to_view = true;  // closing was off when it came, or chance kept it open
};
constexpr double kFullWord = 0.75;  // of an analyst; keys, which speak for programs, and responders have less

// Only alerts of these are ever closed, and count: low and medium ones, on no crown jewel.
bool may_be_closed(model::Severity severity, model::AssetTier tier);

RealDecisions real_decisions(const std::vector<SaidOfAlert>& said);

}  // namespace tocsin::triage
