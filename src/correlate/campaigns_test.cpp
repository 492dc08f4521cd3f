#include "correlate/campaigns.h"

#include <gtest/gtest.h>

namespace tocsin::correlate {
namespace {

using namespace std::chrono_literals;
using Kind = CampaignPlace::Kind;

constexpr Timestamp kStart = from_unix_nanos(1'699'984'800'000'000'000);  // at the begin of six hours

CampaignAlert alert(Nanos after, double score, std::uint64_t asset = 1, std::uint64_t signature = 1) {
  return {kStart + after, signature, asset, score, false};
}

TEST(Campaigns, VeryUnusualThingsWithinTheHourAreOneWhereverTheyAre) {
  Campaigns campaigns;
  const auto first = campaigns.place(alert(0s, 7, 1));
  EXPECT_EQ(first.kind, Kind::kCampaign);
  EXPECT_EQ(campaigns.place(alert(50min, 9, 2)), first);
  EXPECT_EQ(campaigns.place(alert(110min, 6, 3)), first);
  const auto later = campaigns.place(alert(171min, 6, 3));
  EXPECT_EQ(later.kind, Kind::kCampaign);
  EXPECT_NE(later, first);
}

TEST(Campaigns, WhatElseComesUpOnTheirAssetsGoesWithThem) {
  Campaigns campaigns;
  const auto first = campaigns.place(alert(0s, 7, 1));
  EXPECT_EQ(campaigns.place(alert(9min, 2, 1)), first);
  EXPECT_EQ(campaigns.place(alert(9min, 2, 2)).kind, Kind::kRest);
  EXPECT_EQ(campaigns.place(alert(11min, 2, 1)).kind, Kind::kRest);  // it does not carry itself on
  EXPECT_EQ(campaigns.place(alert(62min, 2, 1)).kind, Kind::kRest);
}

TEST(Campaigns, TheRestIsToldSixHoursAtATime) {
  Campaigns campaigns;
  const auto first = campaigns.place(alert(0s, 2, 1));
  EXPECT_EQ(first.kind, Kind::kRest);
  EXPECT_EQ(campaigns.place(alert(5h, 3, 2, 9)), first);
  EXPECT_NE(campaigns.place(alert(6h, 2, 1)), first);
}

TEST(Campaigns, WhatPeopleCalledRealStaysTogetherForever) {
  Campaigns campaigns;
  auto known = alert(0s, 9, 1, 5);
  known.is_known_real = true;
  const auto first = campaigns.place(known);
  EXPECT_EQ(first.kind, Kind::kKnownKind);
  known.at += 48h;
  known.asset = 2;
  EXPECT_EQ(campaigns.place(known), first);
  EXPECT_NE(campaigns.place(alert(48h, 9, 1, 5)).id, first.id);
}

TEST(Campaigns, AFloodOfAssetsAndKindsIsBounded) {
  Campaigns campaigns({.most_kinds = 8, .most_assets = 8});
  const auto first = campaigns.place(alert(0s, 9, 0));
  for (std::uint64_t i = 1; i < 1000; ++i) {
    EXPECT_EQ(campaigns.place(alert(1s, 9, i)), first);
    auto known = alert(1s, 9, i, i);
    known.is_known_real = true;
    EXPECT_EQ(campaigns.place(known).kind, Kind::kKnownKind);
  }
  EXPECT_EQ(campaigns.place(alert(2s, 2, 999)).kind, Kind::kRest);
  EXPECT_EQ(campaigns.place(alert(2s, 2, 0)), first);
}

}  // namespace
}  // namespace tocsin::correlate
