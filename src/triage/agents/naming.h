#pragma once
// What a case names, to be compared with what people told us; and what the agents share.

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "triage/agents/agents.h"

namespace tocsin::triage {

constexpr double kNothingKnown = 0.1;  // confidence of an agent that found no data
constexpr std::size_t kMaxFindings = 5;

void add(AgentAnalysis& analysis, AgentFinding finding);  // of more than kMaxFindings the first stay

// An entity's value, without case; an address, also by its network ("10.2.0.0/16").
bool is_named_by(const model::Entity& entity, std::string_view name);
// Where in the case: "AL-…#/entities/2", empty when no entity is of that name.
std::string place_of(const CaseInput& input, std::string_view name);

// Everything that the alerts name in fields: values of entities and indicators, techniques; and the words of
// what may name a product.
class CaseNames {
 public:
  explicit CaseNames(std::span<const model::Alert> alerts);
  bool has(std::string_view name) const;
  // Whether titles, processes, files or types hold it as whole words. Names of under three letters never.
  bool mentions(std::string_view words) const;

 private:
  std::set<std::string, std::less<>> names_;
  std::string text_;  // lower case, a blank at each end of each piece
};

}  // namespace tocsin::triage
