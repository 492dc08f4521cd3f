#include "triage/desk_measures.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using model::Verdict;
using namespace std::chrono_literals;

constexpr Timestamp kStart = from_unix_nanos(1'700'000'000'000'000'000);

DecidedAlert decided(Verdict verdict, std::chrono::minutes after, double fp, std::string actor = "ana",
                     std::string type = "scan") {
  return {"ids", std::move(type), std::move(actor), verdict, kStart, kStart + after, fp};
}

TEST(DeskMeasures, OfNothingAreNothing) {
  const auto none = measure({});
  EXPECT_EQ(none.decided, 0);
  EXPECT_EQ(none.minutes.p90, 0);
  EXPECT_TRUE(none.people.empty());
}

TEST(DeskMeasures, CountWhatWasDecidedHowFastAndHowOftenTheNumbersAgreed) {
  std::vector<DecidedAlert> all;
  for (int i = 1; i <= 10; ++i) all.push_back(decided(Verdict::kFalsePositive, i * 1min, 0.9));
  all.push_back(decided(Verdict::kTruePositive, 30min, 0.1, "ben", "beacon"));
  all.push_back(decided(Verdict::kTruePositive, 60min, 0.8, "ben", "beacon"));
  all.push_back(decided(Verdict::kBenignPositive, -5min, 0.6, ""));  // a clock that is behind
  const auto got = measure(all);
  EXPECT_EQ(got.decided, 13);
  EXPECT_EQ(got.real, 2);
  EXPECT_EQ(got.benign_positive, 1);
  EXPECT_EQ(got.false_positive, 10);
  EXPECT_EQ(got.agreed, 12);
  EXPECT_DOUBLE_EQ(got.minutes_false_positive.p50, 5);
  EXPECT_DOUBLE_EQ(got.minutes_false_positive.p90, 9);
  EXPECT_DOUBLE_EQ(got.minutes.p50, 6);
  ASSERT_EQ(got.people.size(), 2U);
  EXPECT_EQ(got.people[0].actor, "ana");
  EXPECT_EQ(got.people[1].minutes.count, 2);
  ASSERT_EQ(got.rules.size(), 2U);
  EXPECT_EQ(got.rules[0].type, "scan");
  EXPECT_EQ(got.rules[0].false_positive, 10);
  EXPECT_EQ(got.rules[1].real, 2);
}

TEST(DeskMeasures, CalibrationIsTheDistanceOfWhatWasSaidAndWhatWas) {
  std::vector<DecidedAlert> all;
  for (int i = 0; i < 10; ++i)
    all.push_back(decided(i < 8 ? Verdict::kFalsePositive : Verdict::kTruePositive, 1min, 0.8));
  EXPECT_NEAR(measure(all).calibration_error, 0, 1e-9);
  for (auto& one : all) one.fp_probability = 0.3;
  EXPECT_NEAR(measure(all).calibration_error, 0.5, 1e-9);
}

TEST(DeskMeasures, ListsAreBounded) {
  std::vector<DecidedAlert> all;
  for (int i = 0; i < 500; ++i)
    all.push_back(
        decided(Verdict::kFalsePositive, 1min, 0.5, "p" + std::to_string(i), "t" + std::to_string(i)));
  EXPECT_EQ(measure(all).people.size(), kMeasured);
  EXPECT_EQ(measure(all).rules.size(), kMeasured);
}

}  // namespace
}  // namespace tocsin::triage
