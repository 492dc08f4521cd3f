#include "detect/correlation/correlation_plan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

namespace tocsin::detect {
namespace {

using sigma::Comparison;
using sigma::Condition;
using sigma::Correlation;
using sigma::CorrelationType;

constexpr std::size_t kMaxTerms = 256;
constexpr std::size_t kMostNumbers = 1'024;  // each is looked at for each event
constexpr std::size_t kUsualEvents = 256;
constexpr std::size_t kUsualValues = 1'024;
constexpr double kMostCounted = 9e15;  // whole numbers are exact up to here

std::string field_for(const Correlation& correlation, const std::string& name, std::size_t reference) {
  for (const auto& alias : correlation.aliases) {
    if (alias.name != name) continue;
    for (const auto& [place, field] : alias.fields) {
      if (place == reference) return field;
    }
  }
  return name;
}

std::vector<ValueSource> sources_of(const sigma::RuleSet& set, std::size_t place, std::size_t reference,
                                    const std::vector<std::string>& names) {
  const auto& correlation = set.correlations[place];
  const auto target = set.targets[place][reference];
  std::vector<ValueSource> sources;
  for (const auto& name : names) {
    ValueSource source{field_for(correlation, name, reference), std::nullopt};
    if (target.is_correlation) {
      const auto& lower = set.correlations[target.place].group_by;
      const auto found = std::find(lower.begin(), lower.end(), source.field);
      if (found != lower.end()) source.lower_group = static_cast<std::size_t>(found - lower.begin());
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

double as_double(const sigma::Number& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

// The smallest count that meets the bound.
std::size_t least_for(const sigma::Bound& bound) {
  const double value = std::clamp(as_double(bound.value), 0.0, kMostCounted);
  switch (bound.how) {
    case Comparison::kEqual:
    case Comparison::kGreaterOrEqual:
      return static_cast<std::size_t>(std::ceil(value));
    case Comparison::kGreater:
      return as_double(bound.value) < 0 ? 0 : static_cast<std::size_t>(std::floor(value)) + 1;
    case Comparison::kLess:
    case Comparison::kLessOrEqual:
      return 0;
  }
  return 0;
}

// One more than the largest count that a bound speaks of: from there on all are alike.
std::size_t largest_told_apart(const std::vector<sigma::Bound>& bounds) {
  double largest = 0;
  for (const auto& bound : bounds)
    largest = std::max(largest, std::clamp(as_double(bound.value), 0.0, kMostCounted));
  return static_cast<std::size_t>(std::ceil(largest)) + 1;
}

// Expressions as alternatives of references: disjunctive normal form.
class Terms {
 public:
  using Literal = std::pair<std::uint32_t, bool>;  // reference, wanted
  using Term = std::set<Literal>;
  using List = std::vector<Term>;

  // Absent when there are too many.
  static std::optional<List> of(const Condition& condition, bool wanted) {
    switch (condition.kind) {
      case Condition::Kind::kSelection:
        return List{{{static_cast<std::uint32_t>(condition.selection), wanted}}};
      case Condition::Kind::kNot:
        return of(condition.parts.front(), !wanted);
      case Condition::Kind::kAll:
        return at_least(condition, wanted ? condition.parts.size() : 1, wanted);
      case Condition::Kind::kAny:
        return at_least(condition, wanted ? 1 : condition.parts.size(), wanted);
      case Condition::Kind::kAtLeast:
        return at_least(condition, wanted ? condition.count : condition.parts.size() - condition.count + 1,
                        wanted);
    }
    return std::nullopt;
  }

 private:
  // So many of the parts. `by_count[k]`: what makes k of the parts so far hold.
  static std::optional<List> at_least(const Condition& condition, std::size_t count, bool wanted) {
    std::vector<List> by_count(count + 1);
    by_count[0] = {Term{}};
    for (const auto& part : condition.parts) {
      const auto terms = of(part, wanted);
      if (!terms) return std::nullopt;
      for (std::size_t k = count; k > 0; --k) {
        if (!add_products(by_count[k - 1], *terms, by_count[k])) return std::nullopt;
      }
    }
    return std::move(by_count[count]);
  }

  static bool add_products(const List& left, const List& right, List& out) {
    for (const auto& a : left) {
      for (const auto& b : right) {
        auto both = a;
        both.insert(b.begin(), b.end());
        if (is_contradiction(both) || std::find(out.begin(), out.end(), both) != out.end()) continue;
        out.push_back(std::move(both));
        if (out.size() > kMaxTerms) return false;
      }
    }
    return true;
  }

  static bool is_contradiction(const Term& term) {
    return std::any_of(term.begin(), term.end(), [&](const Literal& literal) {
      return literal.second && term.contains({literal.first, false});
    });
  }
};

std::optional<std::vector<OrderedTerm>> ordered_terms(const Condition& expression) {
  const auto found = Terms::of(expression, true);
  if (!found) return std::nullopt;
  std::vector<OrderedTerm> terms;
  for (const auto& term : *found) {
    OrderedTerm ordered;
    for (const auto& [reference, wanted] : term)  // ascending by reference
      (wanted ? ordered.wanted : ordered.denied).push_back(reference);
    terms.push_back(std::move(ordered));
  }
  return terms;
}

// Room for the counts that matter twice over, so that what bounds tell apart stays exact (compaction.h).
std::size_t room_for(const CorrelationPlan& plan, std::size_t per_key) {
  if (plan.is_temporal()) return per_key;
  if (plan.is_numeric()) return std::min(per_key, kMostNumbers);
  const auto usual = plan.type == CorrelationType::kEventCount ? kUsualEvents : kUsualValues;
  const auto needed = std::min(largest_told_apart(plan.bounds), per_key);
  return std::min(per_key, std::max(usual, std::bit_ceil(4 * needed)));
}

}  // namespace

Error refuse_correlation(const Correlation& correlation, std::string message, std::string hint) {
  auto where = correlation.file.empty() ? to_string(correlation.at)
                                        : correlation.file + ':' + to_string(correlation.at);
  return error(ErrorKind::kInvalidInput, "prepare correlation", std::move(message), std::move(hint),
               std::move(where));
}

Result<CorrelationPlan> make_correlation_plan(const sigma::RuleSet& set, std::size_t place,
                                              const PlanLimits& limits) {
  const auto& correlation = set.correlations[place];
  CorrelationPlan plan;
  plan.type = correlation.type;
  plan.timespan = std::chrono::nanoseconds(correlation.timespan).count();
  plan.lateness = limits.lateness;
  plan.bounds = correlation.bounds;
  plan.percentile = correlation.type == CorrelationType::kValueMedian ? 50 : correlation.percentile;
  plan.expression = correlation.expression;
  if (plan.counts()) {
    for (const auto& bound : plan.bounds) plan.least = std::max(plan.least, least_for(bound));
  }
  if (plan.is_temporal() && plan.bounds.empty() && !plan.expression) plan.least = correlation.rules.size();
  for (std::size_t i = 0; i < correlation.rules.size(); ++i)
    plan.references.push_back(
        {sources_of(set, place, i, correlation.group_by), sources_of(set, place, i, correlation.fields)});
  plan.most_observations = room_for(plan, limits.per_key);

  const bool tells_apart = plan.counts() && plan.type != CorrelationType::kEventCount;
  if (tells_apart && plan.least > limits.per_key / 2)
    return refuse_correlation(
        correlation, "it asks for " + std::to_string(plan.least) + " different values or rules in a group",
        "At most " + std::to_string(limits.per_key / 2) + " can be told apart.");
  if (plan.type == CorrelationType::kTemporalOrdered && plan.expression) {
    auto terms = ordered_terms(*plan.expression);
    if (!terms)
      return refuse_correlation(
          correlation,
          "its condition has more than " + std::to_string(kMaxTerms) + " ways to be met in order",
          "Say it in several correlations.");
    plan.terms = *std::move(terms);
  }
  return plan;
}

}  // namespace tocsin::detect
