#include "detect/engine/rule_catalog.h"

#include <algorithm>
#include <utility>

namespace tocsin::detect {

RuleCatalog::RuleCatalog(sigma::RuleSet set, const SourceTable& sources)
    : sources_(sources), rest_(std::move(set)), matcher_(std::exchange(rest_.rules, {}), sources) {
  for (std::size_t i = 0; i < rules().size(); ++i) by_key_.emplace(key_of(rules()[i]), i);
}

sigma::RuleSet RuleCatalog::whole_set() const {
  auto set = rest_;
  set.rules = rules();
  return set;
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
