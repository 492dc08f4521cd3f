#include "detect/correlation/compaction.h"

#include <algorithm>

namespace tocsin::detect {
namespace {

using sigma::CorrelationType;
using Observations = std::span<Observation>;

std::size_t drop_expired(const CorrelationPlan& plan, Observations seen, std::int64_t newest) {
  const auto oldest = newest - plan.timespan - plan.lateness;
  const auto first = std::partition_point(
      seen.begin(), seen.end(), [&](const Observation& observation) { return observation.at < oldest; });
  return static_cast<std::size_t>(std::move(first, seen.end(), seen.begin()) - seen.begin());
}

// A sum is as old as the newest of it, so that it never outlives what it stands for by less than its own
// width.
Observation merged(const CorrelationPlan& plan, const Observation& older, const Observation& newer) {
  Observation both{newer.at, -(older.events() + newer.events()), 0};
  if (plan.is_numeric()) both.value = std::bit_cast<std::uint64_t>(older.number() + newer.number());
  return both;
}

std::size_t coarsen(const CorrelationPlan& plan, Observations seen) {
  const auto parts = static_cast<std::int64_t>(plan.most_observations / 8);
  const auto width = std::max<std::int64_t>(1, (plan.timespan + plan.lateness) / parts);
  const auto half = seen.size() / 2;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < half; ++i) {
    const bool together = kept > 0 && seen[kept - 1].at / width == seen[i].at / width;
    if (together) {
      seen[kept - 1] = merged(plan, seen[kept - 1], seen[i]);
    } else {
      seen[kept++] = seen[i];
    }
  }
  std::move(seen.begin() + static_cast<std::ptrdiff_t>(half), seen.end(),
            seen.begin() + static_cast<std::ptrdiff_t>(kept));
  return kept + seen.size() - half;
}

// In a run of one rule, what both neighbours within a timespan speak for.
std::size_t drop_runs(const CorrelationPlan& plan, Observations seen) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const bool inside = kept > 0 && i + 1 < seen.size() && seen[kept - 1].value == seen[i].value &&
                        seen[i + 1].value == seen[i].value &&
                        seen[i + 1].at - seen[kept - 1].at <= plan.timespan;
    if (!inside) seen[kept++] = seen[i];
  }
  return kept;
}

}  // namespace

std::size_t Compactor::compact(const CorrelationPlan& plan, Observations seen, std::int64_t newest) {
  const auto kept = seen.first(drop_expired(plan, seen, newest));
  switch (plan.type) {
    case CorrelationType::kEventCount:
    case CorrelationType::kValueSum:
    case CorrelationType::kValueAverage:
      return kept.size() < plan.most_observations ? kept.size() : coarsen(plan, kept);
    case CorrelationType::kValueCount:
    case CorrelationType::kTemporal:
      return kept.size() < kRepeatsFrom ? kept.size() : drop_repeats(plan, kept);
    case CorrelationType::kTemporalOrdered:
      return kept.size() < kRepeatsFrom ? kept.size() : drop_runs(plan, kept);
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      break;
  }
  return kept.size();
}

// Of a <= b <= c of one value with c - a <= timespan, every window that holds b holds a or c.
std::size_t Compactor::drop_repeats(const CorrelationPlan& plan, Observations seen) {
  last_.clear(seen.size());
  gone_.assign(seen.size(), 0);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    auto [last, is_new] = last_.insert(seen[i].value);
    if (is_new) {
      last = {i, i};
    } else if (last.candidate != last.kept && seen[i].at - seen[last.kept].at <= plan.timespan) {
      gone_[last.candidate] = 1;
      last.candidate = i;
    } else {
      last = {last.candidate, i};
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (gone_[i] == 0) seen[kept++] = seen[i];
  }
  return kept;
}

}  // namespace tocsin::detect
