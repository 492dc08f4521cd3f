#pragma once
// A correlation made ready: where its values come from for each reference, and what its condition needs.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::detect {

// Where a group-by or condition field is read for one reference: in the event, or, when the reference is a
// correlation that groups by that name, there, whatever field its own rules have it in.
struct ValueSource {
  std::string field;
  std::optional<std::size_t> lower_group;  // place in the group_by of the correlation referred to
};

struct ReferenceSources {
  std::vector<ValueSource> group;
  std::vector<ValueSource> values;
};

// One way to meet an expression in order: these references, ascending, and none of those.
struct OrderedTerm {
  std::vector<std::uint32_t> wanted;
  std::vector<std::uint32_t> denied;
};

struct CorrelationPlan {
  sigma::CorrelationType type = sigma::CorrelationType::kEventCount;
  std::int64_t timespan = 0;  // ns
  std::int64_t lateness = 0;  // ns
  std::vector<sigma::Bound> bounds;
  double percentile = 0;
  std::optional<sigma::Condition> expression;
  std::vector<OrderedTerm> terms;  // of a temporal_ordered expression
  std::size_t least = 0;           // no count below it can meet the bounds; for counts only
  std::size_t most_observations = 0;
  std::vector<ReferenceSources> references;

  bool counts() const {  // its value is a count of what bounds are about
    return type == sigma::CorrelationType::kEventCount || type == sigma::CorrelationType::kValueCount ||
           is_temporal();
  }
  bool is_temporal() const {
    return type == sigma::CorrelationType::kTemporal || type == sigma::CorrelationType::kTemporalOrdered;
  }
  bool is_numeric() const { return !counts(); }
};

struct PlanLimits {
  std::int64_t lateness = 0;
  std::size_t per_key = 0;
};

Error refuse_correlation(const sigma::Correlation& correlation, std::string message, std::string hint = {});

// Of the correlation at `place`; refused when the limits cannot honour it.
Result<CorrelationPlan> make_correlation_plan(const sigma::RuleSet& set, std::size_t place,
                                              const PlanLimits& limits);

}  // namespace tocsin::detect
