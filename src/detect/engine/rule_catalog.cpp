#include "detect/engine/rule_catalog.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tocsin::detect {
namespace {

std::vector<sigma::Rule> with_probes(std::vector<sigma::Rule> rules, const BaselinePlan& baselines) {
  auto probes = baselines.probe_rules();
  rules.insert(rules.end(), std::make_move_iterator(probes.begin()), std::make_move_iterator(probes.end()));
  return rules;
}

}  // namespace

RuleCatalog::RuleCatalog(sigma::RuleSet set, const SourceTable& sources, const BaselineSet& baselines,
                         RuleTexts texts)
    : sources_(sources),
      rest_(std::move(set)),
      declared_(baselines),
      baselines_(baselines, rest_.rules),
      rules_(rest_.rules.size()),
      matcher_(with_probes(std::exchange(rest_.rules, {}), baselines_), sources),
      texts_(std::move(texts)) {
  for (std::size_t i = 0; i < rules().size(); ++i) by_key_.emplace(key_of(rules()[i]), i);
}

sigma::RuleSet RuleCatalog::whole_set() const {
  auto set = rest_;
  set.rules.assign(rules().begin(), rules().end());
  return set;
}

const std::string* RuleCatalog::text_of(const std::string& file) const {
  const auto found = texts_.find(file);
  return found == texts_.end() ? nullptr : found->second.get();
}

std::optional<std::size_t> RuleCatalog::find(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> RuleCatalog::find_correlation(std::string_view key) const {
  const auto& all = correlations();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return key_of(one) == key; });
  return found == all.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - all.begin()));
}

}  // namespace tocsin::detect
