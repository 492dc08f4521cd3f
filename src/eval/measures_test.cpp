#include "eval/measures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tocsin::eval {
namespace {

std::vector<Scored> random_rows(std::mt19937_64& random) {
  std::vector<Scored> rows;
  for (std::size_t i = 0, count = 2 + random() % 60; i < count; ++i) {
    const double score = static_cast<double>(random() % 12);  // with ties
    rows.push_back({score, score / 12, random() % 3 == 0, random() % 2 == 0});
  }
  rows[0].is_real = true;
  rows[1].is_real = false;
  return rows;
}

// By looking at every pair, and at every threshold.
TEST(Measures, AreWhatCountingEveryPairAndThresholdSays) {
  std::mt19937_64 random(11);
  for (int turn = 0; turn < 500; ++turn) {
    const auto rows = random_rows(random);
    double won = 0, pairs = 0, real = 0, benign = 0;
    for (const auto& a : rows) {
      ++(a.is_real ? real : benign);
      for (const auto& b : rows) {
        if (!a.is_real || b.is_real) continue;
        ++pairs;
        won += a.score > b.score ? 1 : a.score == b.score ? 0.5 : 0;
      }
    }
    EXPECT_NEAR(auc(rows), won / pairs, 1e-12);
    for (const double recall : {0.5, 0.9, 0.99}) {
      double best = 0;
      for (const auto& at : rows) {
        double kept = 0, hidden = 0;
        for (const auto& row : rows) {
          if (row.is_real && row.score >= at.score) ++kept;
          if (!row.is_real && row.score < at.score) ++hidden;
        }
        if (kept >= recall * real) best = std::max(best, hidden / benign);
      }
      EXPECT_NEAR(hidden_at_recall(rows, recall), best, 1e-12);
    }
  }
}

TEST(Measures, OfKnownRows) {
  const std::vector<Scored> rows{
      {3, 1, true, false}, {2, 0.5, false, false}, {1, 0.5, true, true}, {0, 0, false, true}};
  EXPECT_NEAR(average_precision(rows), (1 + 2.0 / 3) / 2, 1e-12);
  EXPECT_NEAR(calibration_error(rows), 0, 1e-12);
  const auto decisions = decisions_of(rows);
  EXPECT_EQ(decisions.precision(), 0.5);
  EXPECT_EQ(decisions.recall(), 0.5);
  EXPECT_EQ(decisions.f1(), 0.5);
  EXPECT_EQ(decisions.hidden(), 0.5);
  const auto interval = interval_of(8, 10);  // Wilson, by hand
  EXPECT_NEAR(interval.low, 0.4902, 1e-4);
  EXPECT_NEAR(interval.high, 0.9433, 1e-4);
}

TEST(Measures, SayNothingWhereThereIsNothing) {
  const std::vector<Scored> real{{1, 1, true, false}};
  EXPECT_TRUE(std::isnan(auc(real)));
  EXPECT_TRUE(std::isnan(hidden_at_recall(real, 0.99)));
  EXPECT_TRUE(std::isnan(average_precision({})));
  EXPECT_TRUE(std::isnan(decisions_of({}).recall()));
}

}  // namespace
}  // namespace tocsin::eval
