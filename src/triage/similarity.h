#pragma once
// How alike two incidents are, and in what: techniques, kinds of alert, entities and tactics, each compared
// as a share of what both have together. docs/scoring.md has the weights.

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "triage/incident_view.h"

namespace tocsin::triage {

// What is compared. Made from some of an incident's alerts when it has very many.
struct Likeness {
  std::set<std::string> techniques;
  std::set<std::string> tactics;
  std::set<std::string> types;     // of alerts
  std::set<std::string> entities;  // "host:web-01"; at most kLikenessEntities
};
constexpr std::size_t kLikenessEntities = 500;
Likeness likeness_of(const std::vector<model::Alert>& alerts);

struct Similarity {
  double score = 0;  // 0..1; a trait that neither has counts for neither
  Likeness shared;
};
Similarity compare(const Likeness& a, const Likeness& b);

// "Both have T1110 and 2 kinds of alert, and name host web-01": fit to show; empty when nothing is shared.
std::string similarity_reason(const Similarity& similarity);

}  // namespace tocsin::triage
