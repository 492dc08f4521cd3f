#include "triage/auto_close/decisions.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kNow = from_unix_nanos(1'700'000'000'000'000'000);

SaidOfAlert real(double probability, std::string actor = "ana", Timestamp at = kNow) {
  return {.actor = std::move(actor), .decided_at = at, .fp_probability = probability, .is_real = true};
}

TEST(AutoCloseDecisions, OfOneMomentOrOneIncidentAreOneAndAsLikelyAsTheLikeliest) {
  auto in_incident = real(0.3, "ana", kNow + 1s);
  in_incident.incident = "INC-1";
  auto later = real(0.9, "ben", kNow + 1h);
  later.incident = "INC-1";
  const std::vector<SaidOfAlert> said{real(0.2), real(0.6), real(0.4), real(0.1, "ben"), in_incident, later};
  const auto found = real_decisions(said);
  EXPECT_EQ(found.counted, (std::vector<double>{0.6, 0.1, 0.9}));
  EXPECT_TRUE(found.against.empty());
}

TEST(AutoCloseDecisions, OnlyRealOnesCount) {
  auto benign = real(0.9);
  benign.is_real = false;
  EXPECT_TRUE(real_decisions({benign}).counted.empty());
  EXPECT_TRUE(real_decisions({benign}).against.empty());
}

TEST(AutoCloseDecisions, AWordOfLittleWeightCountsOnlyAgainstClosing) {
  auto weak_low = real(0.1, "new");
  weak_low.word = 0.5;
  auto weak_high = real(0.8, "new", kNow + 1h);
  weak_high.word = 0.5;
  const auto found = real_decisions({weak_low, weak_high});
  EXPECT_TRUE(found.counted.empty());
  EXPECT_EQ(found.against, (std::vector<double>{0.1, 0.8}));
  weak_high.word = 0;
  EXPECT_EQ(real_decisions({weak_low, weak_high}).against, std::vector<double>{0.1});
}

// Else what was closed, and so never called real, would make the next bound look better.
TEST(AutoCloseDecisions, WhatClosingMayHaveHiddenCountsOnlyWhenItIsAMiss) {
  auto hidden_low = real(0.1);
  hidden_low.is_open_to_view = false;
  const auto found = real_decisions({hidden_low, real(0.8, "ben")});
  EXPECT_EQ(found.counted, std::vector<double>{0.8});
  EXPECT_EQ(found.against, std::vector<double>{0.1});
}

TEST(AutoCloseDecisions, HighOnesAndCrownJewelsAreNeverClosed) {
  using model::AssetTier;
  using model::Severity;
  EXPECT_TRUE(may_be_closed(Severity::kInfo, AssetTier::kNormal));
  EXPECT_TRUE(may_be_closed(Severity::kMedium, AssetTier::kImportant));
  EXPECT_FALSE(may_be_closed(Severity::kHigh, AssetTier::kNormal));
  EXPECT_FALSE(may_be_closed(Severity::kCritical, AssetTier::kNormal));
  EXPECT_FALSE(may_be_closed(Severity::kLow, AssetTier::kCrownJewel));
}

}  // namespace
}  // namespace tocsin::triage
