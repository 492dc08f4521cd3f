#include "detect/correlation/window_judge.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tocsin::detect {
namespace {

using sigma::Comparison;
using sigma::CorrelationType;
using Observations = std::span<const Observation>;

bool meets(const sigma::Number& value, const sigma::Bound& bound) {
  const auto order = sigma::compare(value, bound.value);
  switch (bound.how) {
    case Comparison::kEqual:
      return order == std::partial_ordering::equivalent;
    case Comparison::kLess:
      return order == std::partial_ordering::less;
    case Comparison::kLessOrEqual:
      return order == std::partial_ordering::less || order == std::partial_ordering::equivalent;
    case Comparison::kGreater:
      return order == std::partial_ordering::greater;
    case Comparison::kGreaterOrEqual:
      return order == std::partial_ordering::greater || order == std::partial_ordering::equivalent;
  }
  return false;
}

std::optional<sigma::Number> if_met(const CorrelationPlan& plan, const sigma::Number& value) {
  const bool all = std::all_of(plan.bounds.begin(), plan.bounds.end(),
                               [&](const sigma::Bound& bound) { return meets(value, bound); });
  return all ? std::optional(value) : std::nullopt;
}

sigma::Number whole(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

std::int64_t events_in(Observations window) {
  std::int64_t events = 0;
  for (const auto& observation : window) events += observation.events();
  return events;
}

double sum(Observations window) {
  double total = 0;
  for (const auto& observation : window) total += observation.number();
  return total;
}

std::size_t first_at_or_after(Observations seen, std::int64_t at) {
  const auto found = std::partition_point(
      seen.begin(), seen.end(), [&](const Observation& observation) { return observation.at < at; });
  return static_cast<std::size_t>(found - seen.begin());
}

// The event itself, or the first after it that ends an open window that is worth a look.
std::int64_t first_end(const CorrelationPlan& plan, const WindowJudge::Question& question) {
  const auto& seen = question.seen;
  auto from = std::max(question.at, seen.back().at - plan.lateness);
  if (!question.even_quiet) from = std::max(from, question.quiet_until + 1);
  if (from == question.at) return from;
  const auto found = first_at_or_after(seen, from);
  return found < seen.size() ? seen[found].at : std::numeric_limits<std::int64_t>::max();
}

bool has_in_order(Observations window, const std::vector<std::uint32_t>& wanted) {
  auto next = wanted.begin();
  for (auto event = window.begin(); event != window.end() && next != wanted.end(); ++event) {
    if (event->value == *next) ++next;
  }
  return next == wanted.end();
}

}  // namespace

Judgement WindowJudge::judge(const CorrelationPlan& plan, const Question& question) {
  const auto& seen = question.seen;
  const auto last_end = std::min(seen.back().at, question.at + plan.timespan);
  Judgement judgement;
  std::size_t looked = 0;
  for (auto ends_at = first_end(plan, question); ends_at <= last_end;) {
    const auto end = first_at_or_after(seen, ends_at + 1);
    const bool quiet = ends_at <= question.quiet_until;
    if (!quiet || !judgement.window) {
      const auto begin = first_at_or_after(seen, ends_at - plan.timespan);
      const auto events = seen.subspan(begin, end - begin);
      looked += events.size();
      if (const auto value = measure(plan, events)) {
        judgement.fires = !quiet;
        judgement.window = Window{events, ends_at, *value};
        if (judgement.fires) return judgement;
      }
    }
    if (end == seen.size()) return judgement;
    const bool enough = looked > kMaxLooked && seen[end].at <= last_end;
    ends_at = enough ? seen[first_at_or_after(seen, last_end + 1) - 1].at : seen[end].at;
  }
  return judgement;
}

std::optional<sigma::Number> WindowJudge::measure(const CorrelationPlan& plan, Observations window) {
  if (window.empty()) return std::nullopt;
  switch (plan.type) {
    case CorrelationType::kEventCount:
      return if_met(plan, events_in(window));
    case CorrelationType::kValueCount:
      if (window.size() < plan.least) return std::nullopt;
      return if_met(plan, whole(distinct(window)));
    case CorrelationType::kTemporal:
      return temporal(plan, window);
    case CorrelationType::kTemporalOrdered:
      return ordered(plan, window);
    case CorrelationType::kValueSum:
      return if_met(plan, sum(window));
    case CorrelationType::kValueAverage:
      return if_met(plan, sum(window) / static_cast<double>(events_in(window)));
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      return if_met(plan, percentile(plan, window));
  }
  return std::nullopt;
}

std::size_t WindowJudge::distinct(Observations window) {
  told_apart_.clear(window.size());
  std::size_t count = 0;
  for (const auto& observation : window) count += told_apart_.insert(observation.value).second ? 1 : 0;
  return count;
}

// Between the two nearest ranks in proportion, as percentile_cont of SQL does; the median is the 50th.
double WindowJudge::percentile(const CorrelationPlan& plan, Observations window) {
  numbers_.clear();
  for (const auto& observation : window) numbers_.push_back(observation.number());
  const double rank = plan.percentile / 100 * static_cast<double>(numbers_.size() - 1);
  const auto below = numbers_.begin() + static_cast<std::ptrdiff_t>(std::floor(rank));
  std::nth_element(numbers_.begin(), below, numbers_.end());
  const double share = rank - std::floor(rank);
  if (share == 0) return *below;
  const double above = *std::min_element(below + 1, numbers_.end());
  return *below * (1 - share) + above * share;
}

void WindowJudge::mark_seen(const CorrelationPlan& plan, Observations window) {
  seen_.assign(plan.references.size(), 0);
  for (const auto& observation : window) seen_[observation.value] = 1;
}

std::size_t WindowJudge::rules_seen() const {
  return static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), 1));
}

std::optional<sigma::Number> WindowJudge::temporal(const CorrelationPlan& plan, Observations window) {
  if (window.size() < plan.least) return std::nullopt;
  mark_seen(plan, window);
  const auto count = rules_seen();
  if (plan.expression) {
    const bool met = sigma::holds(*plan.expression, [&](std::size_t place) { return seen_[place] != 0; });
    return met ? std::optional(whole(count)) : std::nullopt;
  }
  if (plan.bounds.empty() && count < seen_.size()) return std::nullopt;
  return if_met(plan, whole(count));
}

std::optional<sigma::Number> WindowJudge::ordered(const CorrelationPlan& plan, Observations window) {
  if (window.size() < plan.least) return std::nullopt;
  if (!plan.expression) {
    const auto longest = longest_in_order(window);
    if (plan.bounds.empty() && longest < plan.references.size()) return std::nullopt;
    return if_met(plan, whole(longest));
  }
  mark_seen(plan, window);
  for (const auto& term : plan.terms) {
    const bool denied = std::any_of(term.denied.begin(), term.denied.end(),
                                    [&](std::uint32_t reference) { return seen_[reference] != 0; });
    if (!denied && has_in_order(window, term.wanted)) return whole(rules_seen());
  }
  return std::nullopt;
}

// Of references, each after the one before in the list: the longest ascending sequence. `tails_[k]` is the
// smallest reference that a sequence of k + 1 can end with.
std::size_t WindowJudge::longest_in_order(Observations window) {
  tails_.clear();
  for (const auto& observation : window) {
    const auto place = std::lower_bound(tails_.begin(), tails_.end(), observation.value);
    if (place == tails_.end()) {
      tails_.push_back(observation.value);
    } else {
      *place = observation.value;
    }
  }
  return tails_.size();
}

}  // namespace tocsin::detect
