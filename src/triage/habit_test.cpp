#include "triage/habit.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tocsin::triage {
namespace {

using model::Habit;

constexpr double kMonth = 720;

model::Alert alert_with(const Habit& habit, model::Severity severity = model::Severity::kMedium) {
  model::Alert alert;
  alert.source = "suricata";
  alert.type = "scan";
  alert.severity = severity;
  alert.entities = {{model::EntityKind::kHost, "web-01", model::EntityRole::kTarget}};
  alert.triage.habit = habit;
  return alert;
}

double probability(const Habit& habit, const Prior& prior = {}) {
  return false_positive_steps(alert_with(habit), prior).by_votes;
}

std::string sentences(const model::Alert& alert, const Prior& prior = {}) {
  std::string text;
  for (const auto& reason : habit_reasons(alert, false_positive_steps(alert, prior)))
    text += reason.text + "\n";
  return text;
}

TEST(Habit, WithoutOneTheRuleAloneSpeaks) {
  auto alert = alert_with({});
  alert.triage.habit.reset();
  const auto steps = false_positive_steps(alert, {});
  EXPECT_EQ(steps.by_rule, steps.by_votes);
  EXPECT_TRUE(habit_reasons(alert, steps).empty());
}

TEST(Habit, NothingWasLearnedBeforeAnythingWasWatched) {
  EXPECT_DOUBLE_EQ(probability({}), 0.45);
  EXPECT_NEAR(probability({.hours = 0.5, .new_elsewhere = 40}), 0.45, 0.02);
  EXPECT_NE(sentences(alert_with({})).find("not known yet"), std::string::npos);
}

TEST(Habit, WhatIsNewIsMoreLikelyRealAndWhatIsDailyLess) {
  const auto fresh = probability({.hours = kMonth});
  const auto weekly = probability({.on_asset = 4, .anywhere = 8, .hours = kMonth});
  const auto daily = probability({.on_asset = 30, .anywhere = 30, .hours = kMonth});
  const auto hourly = probability({.on_asset = 700, .anywhere = 900, .hours = kMonth});
  EXPECT_LT(fresh, 0.2);
  EXPECT_LT(fresh, weekly);
  EXPECT_LT(weekly, daily);
  EXPECT_LE(daily, hourly);
  EXPECT_GT(hourly, 0.45);
  EXPECT_LT(
      probability({.on_asset = 30, .anywhere = 30, .hours = kMonth, .new_on_asset = 5, .new_elsewhere = 9}),
      daily);
}

// Whoever can send alerts can make them common; nobody but people can make them dismissed.
TEST(Habit, AFloodOfAlertsAloneNeverSuggestsThatTheyAreFalse) {
  for (const auto severity : {model::Severity::kMedium, model::Severity::kHigh, model::Severity::kCritical}) {
    for (double count = 1; count < 1e9; count *= 10) {
      const auto alert = alert_with({.on_asset = count, .anywhere = count, .hours = kMonth}, severity);
      const auto scored = score(alert, {}, {});
      EXPECT_LE(scored.fp_probability, 0.65);
      EXPECT_NE(model::suggested_verdict(severity, scored.fp_probability, scored.confidence),
                model::Verdict::kFalsePositive);
    }
  }
}

TEST(Habit, OnePersonMovesItAndSeveralDecide) {
  const Habit usual{.on_asset = 30, .anywhere = 30, .hours = kMonth};
  auto said = usual;
  said.called_benign = 0.5;  // a responder, once
  EXPECT_LT(probability(said), 0.75);
  EXPECT_GT(probability(said), probability(usual));
  said.called_benign = 6;
  EXPECT_GT(probability(said), 0.88);
  said.called_real = 6;
  EXPECT_LT(probability(said), 0.6);
  EXPECT_NE(sentences(alert_with(said)).find("contradict"), std::string::npos);
}

TEST(Habit, SaysHowUsualItIsAndWhoSaidWhat) {
  EXPECT_EQ(sentences(alert_with({.on_asset = 60, .anywhere = 15, .hours = kMonth})),
            "Alerts of this kind come about 2 times a day on host web-01; anywhere about once in 2 days.\n");
  EXPECT_EQ(
      sentences(alert_with({.hours = kMonth, .new_on_asset = 1, .new_elsewhere = 2})),
      "No alert of this kind is known on host web-01 or anywhere else. In the ten minutes before, 1 other "
      "kind came up there for the first time, and 2 other kinds for the first time elsewhere.\n");
  auto alert = alert_with({.anywhere = 30, .hours = kMonth, .called_benign = 2.64});
  EXPECT_EQ(
      sentences(alert),
      "No alert of this kind is known on host web-01; anywhere about 1 time a day.\n"
      "People said of alerts of this kind on host web-01 that they were not real; their words weigh 2.6.\n");
  alert.triage.habit->asset = model::kNoAsset;
  EXPECT_EQ(sentences(alert).find("web-01"), std::string::npos);
}

TEST(Habit, WeightsOfTheReasonsAreTheDistanceFromEven) {
  const auto alert = alert_with({.on_asset = 2, .anywhere = 9, .hours = kMonth, .called_real = 1});
  const Prior prior{.closed = 10, .false_positives = 7};
  double sum = 0;
  const auto reasons = explain(alert, prior, {});
  for (std::size_t i = kFactors; i < reasons.size(); ++i) sum += reasons[i].weight;
  EXPECT_NEAR(sum, 0.5 - score(alert, prior, {}).fp_probability, 1e-9);
  EXPECT_EQ(reasons.size(), kFactors + 3);
}

}  // namespace
}  // namespace tocsin::triage
