#include "triage/auto_close/watch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tocsin::triage {

void ScoreShape::add(double fp_probability) {
  const auto place = std::clamp(fp_probability, 0.0, 1.0) * kBins;
  ++bins_[std::min(static_cast<std::size_t>(place), kBins - 1)];
}

std::int64_t ScoreShape::count() const {
  return std::accumulate(bins_.begin(), bins_.end(), std::int64_t{0});
}

double distance(const ScoreShape& a, const ScoreShape& b) {
  const auto of_a = static_cast<double>(a.count());
  const auto of_b = static_cast<double>(b.count());
  if (of_a <= 0 || of_b <= 0) return 0;
  double below_a = 0;
  double below_b = 0;
  double largest = 0;
  for (std::size_t i = 0; i < ScoreShape::kBins; ++i) {
    below_a += static_cast<double>(a.bins()[i]) / of_a;
    below_b += static_cast<double>(b.bins()[i]) / of_b;
    largest = std::max(largest, std::abs(below_a - below_b));
  }
  return std::min(largest, 1.0);
}

bool is_drift(const ScoreShape& before, const ScoreShape& now) {
  const auto m = static_cast<double>(before.count());
  const auto n = static_cast<double>(now.count());
  if (m <= 0 || n <= 0) return false;
  // Smirnov's asymptotic critical value.
  const auto critical = std::sqrt(-std::log(kDriftLevel / 2) / 2 * (m + n) / (m * n));
  return distance(before, now) > std::max(kDriftDistance, critical);
}

std::string_view to_text(StopReason reason) {
  switch (reason) {
    case StopReason::kMiss:
      return "miss";
    case StopReason::kDrift:
      return "drift";
    case StopReason::kReviews:
      return "reviews";
  }
  return "miss";
}

std::optional<StopReason> parse_stop_reason(std::string_view word) {
  for (const auto reason : {StopReason::kMiss, StopReason::kDrift, StopReason::kReviews}) {
    if (to_text(reason) == word) return reason;
  }
  return {};
}

std::optional<StopReason> stop_reason(const Achieved& achieved, const Promise& promise,
                                      const ScoreShape& before, const ScoreShape& now,
                                      const Reviews& reviews) {
  if (achieved.upper > promise.missed) return StopReason::kMiss;
  if (now.count() >= kBlock && is_drift(before, now)) return StopReason::kDrift;
  if (reviews.due >= kLeastReviews &&
      static_cast<double>(reviews.decided) < kReviewedShare * static_cast<double>(reviews.due))
    return StopReason::kReviews;
  return {};
}

}  // namespace tocsin::triage
