#pragma once
// What the events of a window amount to for a correlation, looked at one by one; a part of
// plain_correlator.h.

#include <algorithm>
#include <bit>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "detect/sigma/correlation.h"
#include "model/link.h"

namespace tocsin::detect::test {

using Texts = std::vector<std::string>;

struct PlainSeen {
  Timestamp at{};
  std::size_t reference = 0;
  model::Seq seq = 0;
  Texts values;  // folded
  double number = 0;
};
using PlainWindow = std::vector<PlainSeen>;  // by time

inline bool is_temporal(const sigma::Correlation& rule) {
  return rule.type == sigma::CorrelationType::kTemporal ||
         rule.type == sigma::CorrelationType::kTemporalOrdered;
}

inline bool meets_plainly(double value, const sigma::Bound& bound) {
  const double limit = std::visit([](auto number) { return static_cast<double>(number); }, bound.value);
  switch (bound.how) {
    case sigma::Comparison::kEqual:
      return value == limit;
    case sigma::Comparison::kLess:
      return value < limit;
    case sigma::Comparison::kLessOrEqual:
      return value <= limit;
    case sigma::Comparison::kGreater:
      return value > limit;
    case sigma::Comparison::kGreaterOrEqual:
      return value >= limit;
  }
  return false;
}

inline double percentile_plainly(std::vector<double> numbers, double percentile) {
  std::sort(numbers.begin(), numbers.end());
  const double rank = percentile / 100 * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const double share = rank - static_cast<double>(below);
  return share == 0 ? numbers[below] : numbers[below] * (1 - share) + numbers[below + 1] * share;
}

// Whether events of these references are there, each no earlier than the one before.
inline bool has_chain(const PlainWindow& window, unsigned references) {
  auto after = Timestamp::min();
  for (unsigned reference = 0; references >> reference != 0; ++reference) {
    if ((references >> reference & 1) == 0) continue;
    auto earliest = Timestamp::max();
    for (const auto& seen : window) {
      if (seen.reference == reference && seen.at >= after) earliest = std::min(earliest, seen.at);
    }
    if (earliest == Timestamp::max()) return false;
    after = earliest;
  }
  return true;
}

// What is wanted is one of `chain`; what is denied is none of `present`.
inline bool holds_plainly(const sigma::Condition& condition, bool wanted, unsigned chain, unsigned present) {
  using Kind = sigma::Condition::Kind;
  if (condition.kind == Kind::kSelection)
    return wanted ? (chain >> condition.selection & 1) != 0 : (present >> condition.selection & 1) == 0;
  if (condition.kind == Kind::kNot) return holds_plainly(condition.parts.front(), !wanted, chain, present);
  std::size_t met = 0;
  for (const auto& part : condition.parts) met += holds_plainly(part, wanted, chain, present) ? 1 : 0;
  const auto parts = condition.parts.size();
  const auto needed = condition.kind == Kind::kAll   ? parts
                      : condition.kind == Kind::kAny ? 1
                                                     : condition.count;
  return met >= (wanted ? needed : parts - needed + 1);
}

inline std::size_t longest_chain(const sigma::Correlation& rule, const PlainWindow& window) {
  int longest = 0;
  for (unsigned chain = 0; chain < 1U << rule.rules.size(); ++chain) {
    if (has_chain(window, chain)) longest = std::max(longest, std::popcount(chain));
  }
  return static_cast<std::size_t>(longest);
}

// What met the condition.
inline std::optional<sigma::Number> measure_plainly(const sigma::Correlation& rule,
                                                    const PlainWindow& window) {
  using Type = sigma::CorrelationType;
  if (window.empty()) return std::nullopt;
  std::set<Texts> distinct;
  std::vector<double> numbers;
  double sum = 0;
  unsigned present = 0;
  for (const auto& seen : window) {
    distinct.insert(seen.values);
    numbers.push_back(seen.number);
    sum += seen.number;
    if (is_temporal(rule)) present |= 1U << seen.reference;
  }
  const bool in_order = rule.type == Type::kTemporalOrdered;
  if (rule.expression) {
    bool met = false;
    for (unsigned chain = 0; chain < 1U << rule.rules.size(); ++chain) {
      if ((chain & ~present) == 0 && (!in_order || has_chain(window, chain)))
        met = met || holds_plainly(*rule.expression, true, chain, present);
    }
    return met ? std::optional<sigma::Number>(std::int64_t{std::popcount(present)}) : std::nullopt;
  }
  const auto whole = [](std::size_t count) { return sigma::Number(static_cast<std::int64_t>(count)); };
  sigma::Number value;
  switch (rule.type) {
    case Type::kEventCount:
      value = whole(window.size());
      break;
    case Type::kValueCount:
      value = whole(distinct.size());
      break;
    case Type::kTemporal:
    case Type::kTemporalOrdered:
      value =
          whole(in_order ? longest_chain(rule, window) : static_cast<std::size_t>(std::popcount(present)));
      if (rule.bounds.empty() && value != whole(rule.rules.size())) return std::nullopt;
      break;
    case Type::kValueSum:
      value = sum;
      break;
    case Type::kValueAverage:
      value = sum / static_cast<double>(window.size());
      break;
    case Type::kValuePercentile:
      value = percentile_plainly(numbers, rule.percentile);
      break;
    case Type::kValueMedian:
      value = percentile_plainly(numbers, 50);
      break;
  }
  const double plain = std::visit([](auto number) { return static_cast<double>(number); }, value);
  for (const auto& bound : rule.bounds) {
    if (!meets_plainly(plain, bound)) return std::nullopt;
  }
  return value;
}

}  // namespace tocsin::detect::test
