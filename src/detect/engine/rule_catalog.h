#pragma once
// What one load of rules gave, made ready to be asked. Immutable: tenants and threads share one.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "detect/baseline/baselines.h"
#include "detect/engine/event_matcher.h"
#include "detect/match/matcher.h"
#include "detect/sigma/rule_set.h"
#include "detect/source/source_table.h"

namespace tocsin::detect {

// By file.
using RuleTexts = std::unordered_map<std::string, std::shared_ptr<const std::string>>;

class RuleCatalog {
 public:
  // The table and the baselines must outlive the catalog. `texts`: that the set was read from, for those who
  // want to see them.
  RuleCatalog(sigma::RuleSet set, const SourceTable& sources,
              const BaselineSet& baselines = BaselineSet::built_in(), RuleTexts texts = {});

  // Its rules are rules(), then the probes of baselines(), so that one pass answers both.
  const RuleMatcher& matcher() const noexcept { return matcher_; }
  MatchToolShelf& match_tools() const noexcept { return match_tools_; }
  const BaselinePlan& baselines() const noexcept { return baselines_; }
  const BaselineSet& declared_baselines() const noexcept { return declared_; }
  const SourceTable& sources() const noexcept { return sources_; }
  std::span<const sigma::Rule> rules() const noexcept { return std::span(matcher_.rules()).first(rules_); }
  const std::vector<sigma::Correlation>& correlations() const noexcept { return rest_.correlations; }
  const std::vector<sigma::Targets>& targets() const noexcept { return rest_.targets; }
  // The set as it was loaded, a copy.
  sigma::RuleSet whole_set() const;
  // What could not be honoured: `where` is FILE:LINE:COL.
  const std::vector<Error>& refusals() const noexcept { return rest_.refusals; }
  std::size_t files() const noexcept { return rest_.files; }
  // Null: not among those it was given.
  const std::string* text_of(const std::string& file) const;

  // By what people know it: its id, or its title where it has none. Place in rules().
  template <class Definition>
  static const std::string& key_of(const Definition& rule) {
    return rule.id.empty() ? rule.title : rule.id;
  }
  std::optional<std::size_t> find(std::string_view key) const;
  // Place in correlations().
  std::optional<std::size_t> find_correlation(std::string_view key) const;

 private:
  const SourceTable& sources_;
  sigma::RuleSet rest_;  // without its rules
  const BaselineSet& declared_;
  BaselinePlan baselines_;
  std::size_t rules_;  // the matcher's others are probes
  RuleMatcher matcher_;
  mutable MatchToolShelf match_tools_{matcher_};
  std::unordered_map<std::string_view, std::size_t> by_key_;
  RuleTexts texts_;
};

using RuleCatalogPtr = std::shared_ptr<const RuleCatalog>;

}  // namespace tocsin::detect
