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

std::vector<double> real_decisions(const std::vector<SaidOfAlert>& said, double misses_from) {
  std::map<Key, double> decisions;
  for (const auto& one : said) {
    if (!one.is_real || one.word <= 0) continue;
    const bool counts = one.word >= kFullWord && one.is_open_to_view;
    if (!counts && one.fp_probability < misses_from) continue;
    auto& highest = decisions[decision_of(one)];
    highest = std::max(highest, one.fp_probability);
  }
  std::vector<double> highest;
  highest.reserve(decisions.size());
  for (const auto& [key, probability] : decisions) highest.push_back(probability);
  return highest;
}

}  // namespace tocsin::triage
