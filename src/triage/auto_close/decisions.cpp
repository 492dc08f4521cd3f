#include "triage/auto_close/decisions.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace tocsin::triage {
namespace {

using Key = std::tuple<std::string, std::string, Timestamp>;  // incident; or actor and moment

Key decision_of(const SaidOfAlert& one) {
  if (!one.incident.empty()) return {one.incident, {}, {}};
  return {{}, one.actor, one.decided_at};
}

}  // namespace

bool may_be_closed(model::Severity severity, model::AssetTier tier) {
  return severity <= model::Severity::kMedium && tier != model::AssetTier::kCrownJewel;
}

RealDecisions real_decisions(const std::vector<SaidOfAlert>& said) {
  std::map<Key, double> counted;
  std::map<Key, double> against;
  for (const auto& one : said) {
    if (!one.is_real || one.word <= 0) continue;
    const bool counts = one.word >= kFullWord && one.is_open_to_view;
    auto& highest = (counts ? counted : against)[decision_of(one)];
    highest = std::max(highest, one.fp_probability);
  }
  RealDecisions decisions;
  for (const auto& [key, probability] : counted) decisions.counted.push_back(probability);
  for (const auto& [key, probability] : against) decisions.against.push_back(probability);
  return decisions;
}

}  // namespace tocsin::triage
