#include "triage/auto_close/watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "triage/auto_close/sample.h"

namespace tocsin::triage {
namespace {

constexpr Promise kPromise{0.05, 0.95};

ScoreShape shape_of(double center, double width, std::int64_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> scores(center, width);
  ScoreShape shape;
  for (std::int64_t i = 0; i < count; ++i) shape.add(scores(random));
  return shape;
}

TEST(AutoCloseDrift, IsNotSeenInWhatIsOfOneKind) {
  const auto before = shape_of(0.6, 0.15, 2000, 1);
  int seen = 0;
  for (unsigned seed = 2; seed < 502; ++seed)
    seen += is_drift(before, shape_of(0.6, 0.15, kBlock, seed)) ? 1 : 0;
  EXPECT_EQ(seen, 0);
}

TEST(AutoCloseDrift, IsSeenWhenProbabilitiesMove) {
  const auto before = shape_of(0.6, 0.15, 2000, 1);
  for (unsigned seed = 2; seed < 52; ++seed) {
    EXPECT_TRUE(is_drift(before, shape_of(0.75, 0.15, kBlock, seed)));
    EXPECT_TRUE(is_drift(before, shape_of(0.6, 0.01, kBlock, seed)));
  }
}

TEST(AutoCloseDrift, IsNothingThatAFewAlertsCouldShow) {
  EXPECT_FALSE(is_drift(shape_of(0.6, 0.1, 2000, 1), shape_of(0.75, 0.1, 5, 2)));
  EXPECT_FALSE(is_drift({}, shape_of(0.75, 0.1, kBlock, 2)));
  EXPECT_EQ(distance({}, shape_of(0.75, 0.1, 5, 2)), 0);
}

TEST(AutoCloseDrift, TakesAnyNumberForAProbability) {
  ScoreShape shape;
  shape.add(-1);
  shape.add(0);
  shape.add(1);
  shape.add(7);
  EXPECT_EQ(shape.bins().front(), 2);
  EXPECT_EQ(shape.bins().back(), 2);
  EXPECT_EQ(shape.count(), 4);
}

TEST(AutoCloseStop, AMissStopsItOnceTheBoundNoLongerHolds) {
  const std::vector<double> clean(59, 0.1);
  const auto before = achieved({clean, {}}, 0.8, kPromise.confidence);
  EXPECT_FALSE(stop_reason(before, kPromise, {}, {}, {}));
  auto missed = clean;
  missed.push_back(0.8);
  const auto after = achieved({missed, {}}, 0.8, kPromise.confidence);
  EXPECT_EQ(after.missed, 1U);
  EXPECT_EQ(stop_reason(after, kPromise, {}, {}, {}), StopReason::kMiss);
  missed.insert(missed.end(), 60, 0.1);  // with more behind it one miss is within what was allowed
  EXPECT_FALSE(stop_reason(achieved({missed, {}}, 0.8, kPromise.confidence), kPromise, {}, {}, {}));
}

TEST(AutoCloseStop, DriftOfAWholeBlockStopsIt) {
  const Achieved fine{.real = 100, .missed = 0, .upper = 0.03};
  const auto before = shape_of(0.6, 0.1, 2000, 1);
  EXPECT_FALSE(stop_reason(fine, kPromise, before, shape_of(0.9, 0.1, kBlock - 1, 2), {}));
  EXPECT_EQ(stop_reason(fine, kPromise, before, shape_of(0.9, 0.1, kBlock, 2), {}), StopReason::kDrift);
}

TEST(AutoCloseStop, ItStopsWhenNobodyLooksAtWhatWasKeptForReview) {
  const Achieved fine{.real = 100, .missed = 0, .upper = 0.03};
  EXPECT_FALSE(stop_reason(fine, kPromise, {}, {}, {19, 0}));
  EXPECT_EQ(stop_reason(fine, kPromise, {}, {}, {20, 9}), StopReason::kReviews);
  EXPECT_FALSE(stop_reason(fine, kPromise, {}, {}, {20, 10}));
}

TEST(AutoCloseStop, ReasonsHaveNames) {
  for (const auto reason : {StopReason::kMiss, StopReason::kDrift, StopReason::kReviews})
    EXPECT_EQ(parse_stop_reason(to_text(reason)), reason);
  EXPECT_FALSE(parse_stop_reason("whim"));
}

TEST(AutoCloseSample, IsItsShareOfIdsAndAnotherForEachKey) {
  const std::string key(kSampleKeyBytes, 'k');
  const std::string other(kSampleKeyBytes, 'o');
  constexpr int kIds = 40'000;
  int kept = 0;
  int by_both = 0;
  for (int i = 0; i < kIds; ++i) {
    const auto id = "AL-" + std::to_string(i);
    const bool is_kept = is_kept_for_review(id, key);
    kept += is_kept ? 1 : 0;
    by_both += is_kept && is_kept_for_review(id, other) ? 1 : 0;
  }
  EXPECT_NEAR(kept, kIds * kReviewShare, 220);  // five standard errors
  EXPECT_NEAR(by_both, kIds * kReviewShare * kReviewShare, 50);
  EXPECT_EQ(is_kept_for_review("AL-7", key), is_kept_for_review("AL-7", key));
}

}  // namespace
}  // namespace tocsin::triage
