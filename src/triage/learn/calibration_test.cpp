#include "triage/learn/calibration.h"

#include <gtest/gtest.h>

#include <random>

namespace tocsin::triage {
namespace {

TEST(Calibration, FindsTheCurveThatMadeTheRows) {
  const Calibration truth{1.5, -2};
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> score(-4, 6), chance(0, 1);
  std::vector<Judged> rows;
  for (int i = 0; i < 20'000; ++i) {
    const double at = score(random);
    rows.push_back({at, 1, chance(random) < truth.probability(at)});
  }
  const auto found = calibrate(rows, {});
  EXPECT_NEAR(found.slope, truth.slope, 0.08);
  EXPECT_NEAR(found.offset, truth.offset, 0.12);
}

TEST(Calibration, StaysFiniteWhereRowsAreParted) {
  const auto parted = calibrate({{-1, 1, false}, {-2, 1, false}, {3, 1, true}}, {});
  EXPECT_GT(parted.slope, 0);
  EXPECT_LT(parted.slope, 20);
  const auto falling = calibrate(std::vector<Judged>(500, {5, 1, false}), {});
  EXPECT_GT(falling.slope, 0);
  EXPECT_EQ(calibrate({}, {2, 1}).slope, 2);
}

TEST(Threshold, HidesNoMoreOfRealOnesThanIsStated) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> real(3, 1);
  double hidden = 0;
  constexpr int kTurns = 400;
  for (int turn = 0; turn < kTurns; ++turn) {
    std::vector<Judged> rows;
    for (int i = 0; i < 300; ++i) rows.push_back({real(random), 1, true});
    const double threshold = threshold_of(rows, 0.02, 100);
    int below = 0;
    for (int i = 0; i < 1000; ++i) below += real(random) < threshold;
    hidden += below / 1000.0;
  }
  EXPECT_LE(hidden / kTurns, 0.0205);
  EXPECT_GE(hidden / kTurns, 0.01);  // and is not just timid
}

TEST(Threshold, WithFewRealOnesItIsTheLowest) {
  EXPECT_EQ(threshold_of({{4, 1, true}, {2, 1, true}, {1, 1, false}}, 0.01, 9), 2);
  EXPECT_EQ(threshold_of({{1, 1, false}}, 0.01, 9), 9);
  EXPECT_EQ(threshold_of({{12, 1, true}}, 0.01, 9), 9);
}

}  // namespace
}  // namespace tocsin::triage
