#include "triage/noise/noise.h"

#include <gtest/gtest.h>

#include "triage/noise/minutes.h"

namespace tocsin::triage {
namespace {

using model::EntityKind;
using model::Verdict;
using namespace std::chrono_literals;

constexpr Timestamp kStart = from_unix_nanos(1'700'000'000'000'000'000);

NoisyAlert alert(std::chrono::minutes at, std::string user, std::uint64_t asset = 1) {
  NoisyAlert one;
  one.key = {"", "edr", "odd_login"};
  one.received_at = kStart + at;
  one.entities = {{EntityKind::kUser, std::move(user), model::EntityRole::kActor}};
  one.asset = asset;
  return one;
}

NoisyAlert decided(std::chrono::minutes at, std::string user, Verdict verdict, std::uint64_t asset = 1,
                   std::string actor = "ana") {
  auto one = alert(at, std::move(user), asset);
  one.said = WordOnAlert{verdict, std::move(actor), 1, one.received_at + 3min};
  return one;
}

// Twelve false positives of a backup account an hour apart, each on an asset of its own, one real alert of
// another account.
std::vector<NoisyAlert> backups() {
  std::vector<NoisyAlert> alerts;
  for (int i = 0; i < 12; ++i)
    alerts.push_back(decided(i * 60min, i % 2 == 0 ? "svc_backup" : "SVC_Backup", Verdict::kFalsePositive,
                             100 + static_cast<std::uint64_t>(i)));
  alerts.push_back(decided(30min, "mallory", Verdict::kTruePositive, 7));
  return alerts;
}

std::vector<NoiseProposal> of_kind(const NoiseReport& report, ProposalKind kind) {
  std::vector<NoiseProposal> found;
  for (const auto& one : report.proposals) {
    if (one.kind == kind) found.push_back(one);
  }
  return found;
}

TEST(NoiseMinutes, ActTakesTheTimeSinceTheSamePersonsActBefore) {
  std::vector<NoisyAlert> alerts(5, alert(0min, "u"));
  alerts[0].said = {Verdict::kFalsePositive, "ana", 1, kStart + 4min};
  alerts[1].said = {Verdict::kFalsePositive, "ana", 1, kStart + 6min};
  alerts[2].said = {Verdict::kFalsePositive, "ana", 1, kStart + 6min + 900ms};  // the same act
  alerts[3].said = {Verdict::kFalsePositive, "ben", 1, kStart + 90min};         // after lunch
  const auto spent = minutes_spent(alerts);
  EXPECT_DOUBLE_EQ(spent[0].minutes, 4);
  EXPECT_DOUBLE_EQ(spent[1].minutes, 1);
  EXPECT_DOUBLE_EQ(spent[2].minutes, 1);
  EXPECT_DOUBLE_EQ(spent[3].minutes, 15);
  EXPECT_DOUBLE_EQ(spent[4].minutes, 0);
  EXPECT_EQ(spent[1].act, spent[2].act);
  EXPECT_NE(spent[0].act, spent[1].act);
  EXPECT_EQ(spent[4].act, 0U);
}

TEST(NoiseMinutes, AreNoneBeforeTheAlertCameOrOfNobody) {
  auto early = alert(10min, "u");
  early.said = {Verdict::kFalsePositive, "ana", 1, kStart};  // a clock that is behind
  auto nobodys = alert(0min, "u");
  nobodys.said = {Verdict::kFalsePositive, "", 1, kStart + 5min};
  for (const auto& spent : minutes_spent({early, nobodys})) EXPECT_DOUBLE_EQ(spent.minutes, 0);
}

TEST(Noise, OfARuleIsItsShareWithIntervalAndSampleVolumeAndMinutes) {
  auto alerts = backups();
  alerts.push_back(alert(5min, "eve"));
  alerts.back().occurrences = 9;
  alerts.push_back(decided(0min, "u", Verdict::kBenignPositive, 1, "ben"));
  alerts.back().key.type = "other";
  const auto report = look_for_noise(alerts);
  ASSERT_EQ(report.rules.size(), 2U);
  const auto& rule = report.rules[0];
  EXPECT_EQ(rule.key.type, "odd_login");
  EXPECT_EQ(rule.count.alerts, 14);
  EXPECT_EQ(rule.count.occurrences, 22);
  EXPECT_EQ(rule.count.decided(), 13);
  EXPECT_EQ(rule.count.false_positive, 12);
  EXPECT_DOUBLE_EQ(rule.count.minutes, 13 * 3);
  EXPECT_NEAR(rule.false_positive_share.low, 0.667, 0.001);
  EXPECT_NEAR(rule.false_positive_share.high, 0.986, 0.001);
  EXPECT_EQ(report.rules[1].count.benign_positive, 1);
}

TEST(NoiseProposals, ExceptionForTheValueThatHoldsTheFalseOnesAndNoneOfTheReal) {
  auto alerts = backups();
  alerts.push_back(alert(5min, "svc_backup"));  // nobody said anything of it
  const auto offered = of_kind(look_for_noise(alerts), ProposalKind::kException);
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0].entity, EntityKind::kUser);
  EXPECT_EQ(offered[0].value, "svc_backup");
  EXPECT_EQ(offered[0].hidden.alerts, 13);
  EXPECT_EQ(offered[0].hidden.false_positive, 12);
  EXPECT_EQ(offered[0].hidden.real, 0);
  EXPECT_DOUBLE_EQ(offered[0].hidden.minutes, 36);
  EXPECT_EQ(offered[0].people, 1);
  EXPECT_NEAR(offered[0].real_share_at_most, 0.221, 0.001);  // 1 - .05^(1/12)
}

TEST(NoiseProposals, NoneThatHidesARealOne) {
  auto alerts = backups();
  alerts.push_back(decided(700min, "svc_backup", Verdict::kTruePositive, 900));
  EXPECT_TRUE(look_for_noise(alerts).proposals.empty());
}

TEST(NoiseProposals, NoneWithoutEnoughWordsOrFromOneBulkClosing) {
  auto few = backups();
  few.erase(few.begin(), few.begin() + 3);
  EXPECT_TRUE(look_for_noise(few).proposals.empty());
  auto at_once = backups();
  for (auto& one : at_once) one.said->at = kStart + 1000min;
  EXPECT_TRUE(look_for_noise(at_once).proposals.empty());
  auto weak = backups();
  for (auto& one : weak) one.said->word = 0.25;
  EXPECT_TRUE(look_for_noise(weak).proposals.empty());
}

TEST(NoiseProposals, WhatIsNeverHiddenIsCountedApart) {
  auto alerts = backups();
  for (std::size_t i = 0; i < 2; ++i) {
    alerts[i].severity = model::Severity::kHigh;
    alerts[i].tier = model::AssetTier::kCrownJewel;
  }
  const auto offered = of_kind(look_for_noise(alerts), ProposalKind::kException);
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0].guarded, 2);
  EXPECT_EQ(offered[0].hidden.alerts, 10);
}

TEST(NoiseReplay, OfAnybodysIdeaCountsTheRealOnesThatItHides) {
  auto alerts = backups();
  alerts.push_back(alert(0min, "eve"));
  alerts.push_back(decided(9000min, "eve", Verdict::kFalsePositive));
  alerts.back().tier = model::AssetTier::kCrownJewel;
  alerts.back().severity = model::Severity::kCritical;
  std::vector<bool> hides(alerts.size(), false);
  for (std::size_t i = 10; i < alerts.size(); ++i) hides[i] = true;
  const auto replayed = replay_hiding(alerts, hides);
  EXPECT_EQ(replayed.hidden.alerts, 4);
  EXPECT_EQ(replayed.hidden.real, 1);
  EXPECT_EQ(replayed.hidden.false_positive, 2);
  EXPECT_EQ(replayed.guarded, 1);
  EXPECT_EQ(replayed.of_false_positives, 13);
  EXPECT_EQ(replayed.of_real, 1);
  EXPECT_GT(replayed.real_share_at_most, 0.8);  // one of three
}

// Real ones come in fours within minutes, false ones alone.
std::vector<NoisyAlert> bursts() {
  std::vector<NoisyAlert> alerts;
  for (int i = 0; i < 12; ++i)
    alerts.push_back(decided(i * 26 * 60min, "u" + std::to_string(i), Verdict::kFalsePositive, 5));
  for (int i = 0; i < 4; ++i) alerts.push_back(decided(10'000min + i * 2min, "m", Verdict::kTruePositive, 6));
  return alerts;
}

TEST(NoiseProposals, ThresholdWhereRealOnesComeInNumbers) {
  const auto offered = of_kind(look_for_noise(bursts()), ProposalKind::kThreshold);
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0].at_least, 2);
  EXPECT_EQ(offered[0].window, 24h);
  EXPECT_EQ(offered[0].hidden.false_positive, 12);
  EXPECT_EQ(offered[0].hidden.real, 0);
  EXPECT_EQ(offered[0].delayed, 1);
  EXPECT_EQ(offered[0].longest_delay, 2min);
}

TEST(NoiseProposals, NoThresholdWithoutRealOnesOrOverOneThatCameAlone) {
  auto none_real = bursts();
  none_real.resize(12);
  EXPECT_TRUE(of_kind(look_for_noise(none_real), ProposalKind::kThreshold).empty());
  auto alone = bursts();
  alone.push_back(decided(20'000min, "m", Verdict::kTruePositive, 9));
  EXPECT_TRUE(of_kind(look_for_noise(alone), ProposalKind::kThreshold).empty());
  auto unknown_asset = bursts();
  for (auto& one : unknown_asset) one.asset = 0;
  EXPECT_TRUE(of_kind(look_for_noise(unknown_asset), ProposalKind::kThreshold).empty());
}

TEST(NoiseProposals, AggregationOfWhatComesAgainOnOneAsset) {
  std::vector<NoisyAlert> alerts;
  for (int i = 0; i < 30; ++i)
    alerts.push_back(decided(i * 4min, "u" + std::to_string(i), Verdict::kFalsePositive, 5));
  const auto offered = of_kind(look_for_noise(alerts), ProposalKind::kAggregation);
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered[0].window, 60min);
  EXPECT_EQ(offered[0].hidden.alerts, 28);           // two items are left
  alerts[7].said->verdict = Verdict::kTruePositive;  // it would lie in an item that began with nothing
  EXPECT_TRUE(of_kind(look_for_noise(alerts), ProposalKind::kAggregation).empty());
}

}  // namespace
}  // namespace tocsin::triage
