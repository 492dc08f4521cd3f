#include "eval/cluster_measures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tocsin::eval {
namespace {

using Groups = std::vector<std::uint64_t>;

// By looking at every pair of rows.
TEST(ClusterMeasures, AreWhatCountingEveryPairSays) {
  std::mt19937_64 random(13);
  for (int turn = 0; turn < 300; ++turn) {
    Groups predicted, truth;
    const auto rows = 2 + random() % 40;
    for (std::size_t i = 0; i < rows; ++i) {
      predicted.push_back(random() % 6);
      truth.push_back(random() % 4);
    }
    double precision = 0, recall = 0, both = 0, only_predicted = 0, only_truth = 0, all = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      double in_both = 0, in_predicted = 0, in_truth = 0;
      for (std::size_t j = 0; j < rows; ++j) {
        const bool same_predicted = predicted[i] == predicted[j], same_truth = truth[i] == truth[j];
        in_both += same_predicted && same_truth;
        in_predicted += same_predicted;
        in_truth += same_truth;
        if (j <= i) continue;
        ++all;
        both += same_predicted && same_truth;
        only_predicted += same_predicted;
        only_truth += same_truth;
      }
      precision += in_both / in_predicted;
      recall += in_both / in_truth;
    }
    const auto count = static_cast<double>(rows);
    precision /= count;
    recall /= count;
    const auto got = agreement_of(predicted, truth);
    EXPECT_NEAR(got.b_cubed_f1, 2 * precision * recall / (precision + recall), 1e-12);
    const double expected = only_predicted * only_truth / all, most = (only_predicted + only_truth) / 2;
    if (std::abs(most - expected) > 1e-9) {
      EXPECT_NEAR(got.adjusted_rand, (both - expected) / (most - expected), 1e-9);
    }
  }
}

TEST(ClusterMeasures, OneGiantGroupIsCompleteAndNotHomogeneous) {
  const Groups truth{1, 1, 2, 2}, giant{7, 7, 7, 7}, apart{1, 2, 3, 4};
  EXPECT_EQ(agreement_of(giant, truth).completeness, 1);
  EXPECT_NEAR(agreement_of(giant, truth).homogeneity, 0, 1e-12);
  EXPECT_NEAR(agreement_of(giant, truth).adjusted_rand, 0, 1e-12);
  EXPECT_NEAR(agreement_of(apart, truth).homogeneity, 1, 1e-12);
  EXPECT_NEAR(agreement_of(apart, truth).completeness, 0.5, 1e-12);
  const auto same = agreement_of(truth, truth);
  EXPECT_NEAR(same.b_cubed_f1 + same.homogeneity + same.completeness + same.adjusted_rand, 4, 1e-12);
  EXPECT_TRUE(std::isnan(agreement_of({}, {}).b_cubed_f1));
}

}  // namespace
}  // namespace tocsin::eval
