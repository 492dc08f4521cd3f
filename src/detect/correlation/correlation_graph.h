#pragma once
// Which correlations an event reaches, and in which order they are asked: those referred to first.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "detect/correlation/correlation_plan.h"

namespace tocsin::detect {

// A reference of a correlation, seen from what it refers to.
struct Use {
  std::uint32_t rank = 0;  // of the correlation: its place in the order
  std::uint32_t reference = 0;
};

struct CorrelationNode {
  std::size_t place = 0;  // in RuleSet::correlations
  CorrelationPlan plan;
  std::vector<Use> uses;     // by other correlations
  bool is_silent = false;    // does not report by itself
  bool is_presence = false;  // some temporal correlation asks whether it holds
};

class CorrelationGraph {
 public:
  CorrelationGraph(const sigma::RuleSet& set, const PlanLimits& limits);

  std::span<const CorrelationNode> nodes() const { return nodes_; }  // by rank; only what can be honoured
  std::span<const Use> uses_of(std::size_t rule) const;
  bool is_silent(std::size_t rule) const { return rule < silent_.size() && silent_[rule]; }
  bool is_silent_correlation(std::size_t place) const {
    return place < silent_correlations_.size() && silent_correlations_[place];
  }
  std::vector<std::string> fields() const;  // of events, each once
  const std::vector<Error>& refusals() const { return refusals_; }

 private:
  void add(const sigma::RuleSet& set, std::size_t place, const PlanLimits& limits);
  void add_uses(const sigma::RuleSet& set);
  void find_silent(const sigma::RuleSet& set);

  static constexpr std::uint32_t kRefused = ~std::uint32_t{0};
  std::vector<CorrelationNode> nodes_;
  std::vector<std::uint32_t> ranks_;    // by place in the set
  std::vector<std::vector<Use>> uses_;  // by rule
  std::vector<bool> silent_;
  std::vector<bool> silent_correlations_;
  std::vector<Error> refusals_;
};

}  // namespace tocsin::detect
