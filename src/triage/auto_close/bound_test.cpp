#include "triage/auto_close/bound.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tocsin::triage {
namespace {

// Solved for P(Binomial(real, share) <= missed) = 1 - confidence by bisection over exact sums.
TEST(AutoCloseBound, IsClopperPearsons) {
  EXPECT_NEAR(upper_share(0, 299, 0.95), 0.0099692, 1e-6);
  EXPECT_NEAR(upper_share(0, 10, 0.95), 1 - std::pow(0.05, 0.1), 1e-12);
  EXPECT_NEAR(upper_share(3, 50, 0.9), 0.1287564, 1e-6);
  EXPECT_EQ(upper_share(0, 0, 0.95), 1);
  EXPECT_EQ(upper_share(7, 7, 0.95), 1);
}

TEST(AutoCloseBound, SaysHowManyDecisionsThePromiseNeeds) {
  EXPECT_EQ(real_needed(0, {0.01, 0.95}), 299U);
  EXPECT_EQ(real_needed(0, {0.05, 0.95}), 59U);
  EXPECT_EQ(real_needed(1, {0.01, 0.95}), 473U);
  for (const std::size_t missed : {0U, 1U, 5U}) {
    const auto needed = real_needed(missed, {0.02, 0.9});
    EXPECT_LE(upper_share(missed, needed, 0.9), 0.02);
    EXPECT_GT(upper_share(missed, needed - 1, 0.9), 0.02);
  }
}

TEST(AutoCloseBound, RefusesWithTooFewDecisionsAndSaysHowManyMore) {
  const std::vector<double> few(40, 0.1);
  const auto choice = choose_threshold({few, {}}, {0.01, 0.95});
  EXPECT_FALSE(choice.threshold);
  EXPECT_EQ(choice.real, 40U);
  EXPECT_EQ(choice.needed, 259U);
  EXPECT_FALSE(choose_threshold(RealDecisions{}, {0.01, 0.95}).threshold);
  EXPECT_EQ(choose_threshold(RealDecisions{}, {0.01, 0.95}).needed, 299U);
}

TEST(AutoCloseBound, RefusesWhenEvenTheSurestFalsePositivesWereReal) {
  std::vector<double> decisions(299, 0.1);
  decisions.push_back(0.995);
  const auto choice = choose_threshold({decisions, {}}, {0.01, 0.95});
  EXPECT_FALSE(choice.threshold);
  EXPECT_EQ(choice.missed, 1U);
  EXPECT_EQ(choice.needed, 173U);
}

TEST(AutoCloseBound, WalksDownToTheLastStepThatHoldsAndNeverToWhatIsMerelyCommon) {
  std::vector<double> decisions(298, 0.1);
  decisions.push_back(0.805);
  const auto choice = choose_threshold({decisions, {}}, {0.01, 0.95});
  ASSERT_TRUE(choice.threshold);
  EXPECT_NEAR(*choice.threshold, 0.81, 1e-12);
  EXPECT_EQ(choice.missed, 0U);
  EXPECT_LE(choice.upper, 0.01);
  const std::vector<double> clear(1000, 0.2);
  EXPECT_NEAR(*choose_threshold({clear, {}}, {0.01, 0.95}).threshold, 0.66, 1e-12);
}

TEST(AutoCloseBound, WhatCountsAgainstClosingNeverSupportsIt) {
  const std::vector<double> few(298, 0.1);
  EXPECT_FALSE(choose_threshold({few, std::vector<double>(1000, 0.7)}, {0.01, 0.95}).threshold);
  const std::vector<double> enough(299, 0.1);
  EXPECT_NEAR(*choose_threshold({enough, {0.7}}, {0.01, 0.95}).threshold, 0.71, 1e-12);
  const auto missed = achieved({enough, {0.7, 0.3}}, 0.66, 0.95);
  EXPECT_EQ(missed.real, 300U);
  EXPECT_EQ(missed.missed, 1U);
}

// Real decisions whose probability is at or above t with chance (1 - t)^power.
class World {
 public:
  World(double power, unsigned seed) : power_(power), random_(seed) {}
  std::vector<double> decisions(std::size_t count) {
    std::vector<double> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(1 - std::pow(uniform_(random_), 1 / power_));
    return made;
  }
  double share_above(double threshold) const { return std::pow(1 - threshold, power_); }

 private:
  const double power_;
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_{0, 1};
};

// What one would do without a bound: the lowest step whose seen share is within what is allowed.
double naive_threshold(const std::vector<double>& decisions, double allowed) {
  double lowest = 1;
  for (int step = kHighestThreshold; step >= kLowestThreshold; --step) {
    double missed = 0;
    for (const auto one : decisions) missed += one >= step / 100.0 ? 1 : 0;
    if (missed > allowed * static_cast<double>(decisions.size())) break;
    lowest = step / 100.0;
  }
  return lowest;
}

struct Setting {
  double power;
  std::size_t decisions;
  Promise promise;
};
class AutoClosePromise : public testing::TestWithParam<Setting> {};
INSTANTIATE_TEST_SUITE_P(Worlds, AutoClosePromise,
                         testing::Values(Setting{2, 200, {0.05, 0.95}}, Setting{2, 1000, {0.05, 0.95}},
                                         Setting{1.5, 400, {0.1, 0.9}}, Setting{2.5, 3000, {0.01, 0.95}},
                                         Setting{1.2, 150, {0.15, 0.8}}));

// Over many draws of decisions the true missed share breaks the promise no more often than was stated, give
// or take three standard errors of the count; and to choose by the seen share alone would break it far more
// often.
TEST_P(AutoClosePromise, IsBrokenNoMoreOftenThanStated) {
  constexpr unsigned kTrials = 2000;
  const auto& [power, count, promise] = GetParam();
  unsigned broken = 0;
  unsigned broken_naively = 0;
  unsigned chosen = 0;
  for (unsigned seed = 0; seed < kTrials; ++seed) {
    World world(power, seed);
    const auto decisions = world.decisions(count);
    const auto choice = choose_threshold({decisions, {}}, promise);
    if (choice.threshold) {
      ++chosen;
      broken += world.share_above(*choice.threshold) > promise.missed ? 1U : 0U;
    }
    broken_naively +=
        world.share_above(naive_threshold(decisions, promise.missed)) > promise.missed ? 1U : 0U;
  }
  const double allowed = (1 - promise.confidence) * kTrials;
  EXPECT_LE(broken, allowed + 3 * std::sqrt(allowed * promise.confidence));
  EXPECT_GT(broken_naively, 2 * allowed);
  EXPECT_GT(chosen, kTrials / 2);
}

}  // namespace
}  // namespace tocsin::triage
