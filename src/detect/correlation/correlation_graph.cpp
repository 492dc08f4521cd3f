#include "detect/correlation/correlation_graph.h"

#include <algorithm>
#include <set>

namespace tocsin::detect {
namespace {

// Places so that each comes after all it refers to; the set has no circles.
std::vector<std::size_t> in_order(const sigma::RuleSet& set) {
  std::vector<std::vector<std::size_t>> above(set.correlations.size());
  std::vector<std::size_t> missing(set.correlations.size(), 0);
  for (std::size_t place = 0; place < set.correlations.size(); ++place) {
    for (const auto& target : set.targets[place]) {
      if (!target.is_correlation) continue;
      above[target.place].push_back(place);
      ++missing[place];
    }
  }
  std::vector<std::size_t> order;
  for (std::size_t place = 0; place < missing.size(); ++place) {
    if (missing[place] == 0) order.push_back(place);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const auto place : above[order[i]]) {
      if (--missing[place] == 0) order.push_back(place);
    }
  }
  return order;
}

}  // namespace

CorrelationGraph::CorrelationGraph(const sigma::RuleSet& set, const PlanLimits& limits)
    : ranks_(set.correlations.size(), kRefused) {
  for (const auto place : in_order(set)) add(set, place, limits);
  add_uses(set);
  find_silent(set);
}

std::span<const Use> CorrelationGraph::uses_of(std::size_t rule) const {
  return rule < uses_.size() ? std::span<const Use>(uses_[rule]) : std::span<const Use>();
}

void CorrelationGraph::add(const sigma::RuleSet& set, std::size_t place, const PlanLimits& limits) {
  const auto& targets = set.targets[place];
  const bool stands_on_refused = std::any_of(
      targets.begin(), targets.end(),
      [&](const sigma::Target& target) { return target.is_correlation && ranks_[target.place] == kRefused; });
  if (stands_on_refused) {
    refusals_.push_back(
        refuse_correlation(set.correlations[place], "it refers to a correlation that is refused"));
    return;
  }
  auto plan = make_correlation_plan(set, place, limits);
  if (!plan) {
    refusals_.push_back(std::move(plan).error());
    return;
  }
  ranks_[place] = static_cast<std::uint32_t>(nodes_.size());
  auto& node = nodes_.emplace_back();
  node.place = place;
  node.plan = *std::move(plan);
}

void CorrelationGraph::add_uses(const sigma::RuleSet& set) {
  uses_.resize(set.rules.size());
  for (std::uint32_t rank = 0; rank < nodes_.size(); ++rank) {
    const auto& targets = set.targets[nodes_[rank].place];
    for (std::uint32_t reference = 0; reference < targets.size(); ++reference) {
      const auto target = targets[reference];
      if (!target.is_correlation) {
        uses_[target.place].push_back({rank, reference});
        continue;
      }
      auto& lower = nodes_[ranks_[target.place]];
      lower.uses.push_back({rank, reference});
      lower.is_presence = lower.is_presence || nodes_[rank].plan.is_temporal();
    }
  }
}

// What a refused correlation refers to reports by itself: nothing else would tell.
void CorrelationGraph::find_silent(const sigma::RuleSet& set) {
  silent_.resize(set.rules.size());
  silent_correlations_.resize(set.correlations.size());
  for (const bool generates : {false, true}) {
    for (const auto& node : nodes_) {
      if (set.correlations[node.place].generate != generates) continue;
      for (const auto& target : set.targets[node.place])
        (target.is_correlation ? silent_correlations_ : silent_)[target.place] = !generates;
    }
  }
  for (auto& node : nodes_) node.is_silent = silent_correlations_[node.place];
}

std::vector<std::string> CorrelationGraph::fields() const {
  std::set<std::string> names;
  const auto add = [&](const std::vector<ValueSource>& sources) {
    for (const auto& source : sources) {
      if (!source.lower_group) names.insert(source.field);
    }
  };
  for (const auto& node : nodes_) {
    for (const auto& reference : node.plan.references) {
      add(reference.group);
      add(reference.values);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace tocsin::detect
