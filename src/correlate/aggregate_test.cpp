#include "correlate/aggregate.h"

#include <gtest/gtest.h>

#include "correlate/fake_stream.h"

namespace tocsin::correlate {
namespace {

using model::AssetTier;
using model::Severity;

Aggregate total_of(const std::vector<model::LinkRecord>& records) {
  Aggregate total;
  for (const auto& record : records) combine(total, aggregate_of(record, bounded_time(record)));
  return total;
}

model::Incident described(const std::vector<model::LinkRecord>& records) {
  model::Incident incident;
  describe(total_of(records), {}, {}, incident);
  return incident;
}

TEST(IncidentScore, OneCriticalAlertIsACriticalIncidentUnderReview) {
  const auto incident = described({RecordBuilder(1).severity(Severity::kCritical).priority(60)});
  EXPECT_EQ(incident.severity, Severity::kCritical);
  EXPECT_TRUE(incident.requires_review);
  EXPECT_NE(incident.review_reason.find("critical severity"), std::string::npos);
  EXPECT_GE(incident.priority, 80);
  EXPECT_GE(incident.risk_score, 80);
  EXPECT_EQ(incident.lead_alert, 1);
}

TEST(IncidentScore, OneHighAlertStaysHigh) {
  const auto incident = described({RecordBuilder(1).severity(Severity::kHigh).priority(61)});
  EXPECT_EQ(incident.severity, Severity::kHigh);
  EXPECT_EQ(incident.priority, 61);
  EXPECT_FALSE(incident.requires_review);
}

TEST(IncidentScore, AHighAlertOnACrownJewelIsReviewed) {
  const auto incident = described({RecordBuilder(1).severity(Severity::kHigh).tier(AssetTier::kCrownJewel)});
  EXPECT_TRUE(incident.requires_review);
  EXPECT_EQ(incident.review_reason, "a crown jewel is involved");
}

TEST(IncidentScore, ThePriorityThresholdAsksForReview) {
  model::Incident incident;
  const auto total = total_of({RecordBuilder(1).severity(Severity::kMedium).priority(50)});
  describe(total, {.high_priority_threshold = 50}, {}, incident);
  EXPECT_EQ(incident.review_reason, "priority 50 is at or above 50");
  describe(total, {.high_priority_threshold = 51}, {}, incident);
  EXPECT_FALSE(incident.requires_review);
}

TEST(IncidentScore, StepsOfOneAttackAddUpToMoreThanTheirWorst) {
  std::vector<model::LinkRecord> steps;
  for (unsigned i = 0; i < 5; ++i) {
    steps.push_back(RecordBuilder(i + 1, i)
                        .severity(Severity::kMedium)
                        .tactic(i)
                        .priority(50)
                        .rule("r", "tool-" + std::to_string(i)));
  }
  const auto lone = described({steps[0]});
  const auto all = described(steps);
  EXPECT_EQ(lone.severity, Severity::kMedium);
  EXPECT_EQ(all.severity, Severity::kHigh);
  EXPECT_GT(all.priority, lone.priority);
  EXPECT_GT(all.confidence, lone.confidence);
  EXPECT_GT(all.risk_score, lone.risk_score);
}

TEST(IncidentScore, TheScaleReachesItsEndAndStaysInside) {
  std::vector<model::LinkRecord> steps;
  for (unsigned i = 0; i < 14; ++i) {
    steps.push_back(RecordBuilder(i + 1, i)
                        .severity(Severity::kCritical)
                        .tactic(i)
                        .tier(AssetTier::kCrownJewel)
                        .priority(100)
                        .rule("r", "tool-" + std::to_string(i)));
  }
  const auto incident = described(steps);
  EXPECT_GT(incident.risk_score, 99);
  EXPECT_LE(incident.risk_score, 100);
  EXPECT_LE(incident.confidence, 1);
  EXPECT_EQ(incident.priority, 100);
}

TEST(IncidentScore, APersonsPriorityIsTaken) {
  model::Incident incident;
  describe(total_of({RecordBuilder(1).priority(90)}), {}, 12, incident);
  EXPECT_EQ(incident.priority, 12);
  EXPECT_FALSE(incident.requires_review);
}

TEST(IncidentScore, DescribeSetsNothingElse) {
  model::Incident incident;
  incident.title = "kept";
  incident.status = model::IncidentStatus::kTriaged;
  incident.verdict = model::Verdict::kBenignPositive;
  describe(total_of({RecordBuilder(1)}), {}, {}, incident);
  EXPECT_EQ(incident.title, "kept");
  EXPECT_EQ(incident.status, model::IncidentStatus::kTriaged);
  EXPECT_EQ(incident.verdict, model::Verdict::kBenignPositive);
}

TEST(Aggregate, OrderAndGroupingDoNotMatter) {
  FakeStream stream({.seed = 9});
  std::vector<model::LinkRecord> records;
  for (int i = 0; i < 40; ++i) records.push_back(stream.next());
  const auto expected = total_of(records);
  std::mt19937 random(2);
  for (int round = 0; round < 100; ++round) {
    std::shuffle(records.begin(), records.end(), random);
    const auto cut = static_cast<std::ptrdiff_t>(random() % records.size());
    auto left = total_of({records.begin(), records.begin() + cut});
    combine(left, total_of({records.begin() + cut, records.end()}));
    EXPECT_EQ(left, expected);
  }
}

TEST(Aggregate, TheLeadIsTheWorstThenTheEarliest) {
  const auto total =
      total_of({RecordBuilder(1, 9).severity(Severity::kHigh), RecordBuilder(2, 5).severity(Severity::kHigh),
                RecordBuilder(3, 1).severity(Severity::kLow)});
  EXPECT_EQ(total.lead_alert, 2);
  EXPECT_EQ(total.severe_alerts, 2U);
}

TEST(BoundedTime, TheFutureIsCutAndThePastIsNot) {
  const auto of = [](std::int64_t occurred, std::int64_t received) {
    return bounded_time(RecordBuilder(1).at(occurred).received(received));
  };
  EXPECT_EQ(of(kStart + 10 * kMinute, kStart), kStart + 5 * kMinute);
  EXPECT_EQ(of(kStart + kMinute, kStart), kStart + kMinute);
  EXPECT_EQ(of(1, kStart), 1);
}

}  // namespace
}  // namespace tocsin::correlate
