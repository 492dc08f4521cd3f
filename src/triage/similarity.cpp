#include "triage/similarity.h"

#include <algorithm>
#include <array>

#include "base/display_text.h"
#include "triage/entity_graph.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using Trait = std::set<std::string> Likeness::*;
struct Weighted {
  Trait trait;
  double weight;
};
// How an attack is made says more than whom it met: tools and habits come back, victims change.
constexpr std::array<Weighted, 4> kWeights{{{&Likeness::techniques, 0.35},
                                            {&Likeness::types, 0.25},
                                            {&Likeness::entities, 0.25},
                                            {&Likeness::tactics, 0.15}}};

constexpr std::size_t kNamed = 3;  // of each trait, in the reason

std::set<std::string> common(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

std::string some_of(const std::set<std::string>& values) {
  std::vector<std::string> named;
  for (const auto& value : values) {
    if (named.size() == kNamed) break;
    named.push_back(display_text(value, 80));
  }
  if (values.size() > kNamed) named.push_back(std::to_string(values.size() - kNamed) + " more");
  return listed(named);
}

}  // namespace

Likeness likeness_of(const std::vector<model::Alert>& alerts) {
  Likeness likeness;
  for (const auto& alert : alerts) {
    likeness.techniques.insert(alert.attack.techniques.begin(), alert.attack.techniques.end());
    likeness.tactics.insert(alert.attack.tactics.begin(), alert.attack.tactics.end());
    likeness.types.insert(alert.type);
    for (const auto& entity : alert.entities) {
      if (likeness.entities.size() < kLikenessEntities) likeness.entities.insert(node_id(entity));
    }
  }
  return likeness;
}

Similarity compare(const Likeness& a, const Likeness& b) {
  Similarity similarity;
  double counted = 0;
  for (const auto& [trait, weight] : kWeights) {
    auto both = common(a.*trait, b.*trait);
    const auto either = (a.*trait).size() + (b.*trait).size() - both.size();
    if (either == 0) continue;
    counted += weight;
    similarity.score += weight * static_cast<double>(both.size()) / static_cast<double>(either);
    similarity.shared.*trait = std::move(both);
  }
  if (counted > 0) similarity.score /= counted;
  return similarity;
}

std::string similarity_reason(const Similarity& similarity) {
  const auto& shared = similarity.shared;
  std::vector<std::string> parts;
  if (!shared.techniques.empty()) parts.push_back("techniques " + some_of(shared.techniques));
  if (!shared.types.empty()) parts.push_back("alerts of the kind " + some_of(shared.types));
  if (!shared.entities.empty()) parts.push_back(some_of(shared.entities));
  if (parts.empty() && !shared.tactics.empty()) parts.push_back("tactics " + some_of(shared.tactics));
  return parts.empty() ? std::string() : "Both have " + listed(parts) + ".";
}

}  // namespace tocsin::triage
