#pragma once
// When closing stops by itself: the promise no longer holds on what people said since, or what comes in is no
// longer like what the threshold was chosen on, or nobody looks at what is kept for review.
//
// Drift: of each block of kBlock alerts that could be closed, the distribution of their probabilities is
// compared with the one before the choice by the two-sample Kolmogorov-Smirnov distance. It is drift from
// kDriftDistance on when the distance is also beyond the test's critical value at kDriftLevel: with many
// alerts even differences without meaning become significant, with few even large ones are chance.
//
// Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "triage/auto_close/bound.h"

namespace tocsin::triage {

// How many alerts have which probability.
class ScoreShape {
 public:
  static constexpr std::size_t kBins = 50;
  using Bins = std::array<std::int64_t, kBins>;

  ScoreShape() = default;
  explicit ScoreShape(const Bins& bins) : bins_(bins) {}
  void add(double fp_probability);
  std::int64_t count() const;
  const Bins& bins() const noexcept { return bins_; }
  bool operator==(const ScoreShape&) const = default;

 private:
  Bins bins_{};
};

constexpr std::int64_t kBlock = 500;
constexpr std::int64_t kLeastReference = 200;  // alerts before the choice; with fewer, the first block is it
constexpr double kDriftDistance = 0.25;
constexpr double kDriftLevel = 0.001;

// The largest distance of their cumulative shares, 0..1; 0 when one is empty.
double distance(const ScoreShape& a, const ScoreShape& b);
bool is_drift(const ScoreShape& before, const ScoreShape& now);

// Of the alerts that chance kept open instead of closing them, long enough ago to have been looked at.
struct Reviews {
  std::int64_t due = 0;
  std::int64_t decided = 0;  // of those
};
constexpr std::int64_t kLeastReviews = 20;  // due, before their share says anything
constexpr double kReviewedShare = 0.5;

enum class StopReason : std::uint8_t { kMiss, kDrift, kReviews };
std::string_view to_text(StopReason reason);  // miss drift reviews
std::optional<StopReason> parse_stop_reason(std::string_view word);

// Absent: it may go on. Of several reasons the gravest.
std::optional<StopReason> stop_reason(const Achieved& achieved, const Promise& promise,
                                      const ScoreShape& before, const ScoreShape& now,
                                      const Reviews& reviews);

}  // namespace tocsin::triage
