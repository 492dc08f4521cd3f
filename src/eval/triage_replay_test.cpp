#include "eval/triage_replay.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace tocsin::eval {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_unix_nanos(1'700'000'000'000'000'000);

LabelledAlert alert(Nanos after, std::string type, std::string host, bool is_real = false) {
  LabelledAlert out;
  out.at = kStart + after;
  out.detector = "tool";
  out.type = std::move(type);
  out.host = std::move(host);
  out.is_real = is_real;
  return out;
}

// Four days of noise on four hosts, and on the third day an attack of things not seen before.
Environment environment(unsigned seed) {
  Environment out{"made", {}};
  std::mt19937_64 random(seed);
  for (int minute = 0; minute < 4 * 24 * 60; minute += 2) {
    const auto kind = random() % 6 * (random() % 2);
    out.alerts.push_back(
        alert(minute * 1min, "noise " + std::to_string(kind), "host " + std::to_string(random() % 4)));
    if (minute >= 3500 && minute < 3560) {
      const auto step = std::to_string((minute - 3500) / 10);
      out.alerts.push_back(alert(minute * 1min + 5s, "attack " + step, "host 1", true));
    }
  }
  return out;
}

TEST(TriageReplay, TellsAnAttackFromNoiseAndHidesTheNoise) {
  const auto run = replay(environment(1), {}, nullptr);
  const auto decisions = decisions_of(run.rows);
  EXPECT_EQ(decisions.recall(), 1);
  EXPECT_GT(decisions.hidden(), 0.8);
  EXPECT_GT(auc(run.rows), 0.99);
  EXPECT_GT(run.answers, 0u);
  EXPECT_LE(run.answers, 100u);
}

TEST(TriageReplay, WhatComesLaterChangesNoScore) {
  auto whole = environment(2);
  const auto all = replay(whole, {}, nullptr).rows;
  whole.alerts.resize(whole.alerts.size() / 2);
  const auto half = replay(whole, {}, nullptr).rows;
  for (std::size_t i = 0; i < half.size(); ++i) {
    ASSERT_EQ(half[i].score, all[i].score) << i;
    ASSERT_EQ(half[i].is_hidden, all[i].is_hidden) << i;
  }
}

// The labels of alerts that are not asked about, or whose answer is not there yet, change nothing.
TEST(TriageReplay, OnlyAnswersTellLabels) {
  const auto truth = environment(3);
  auto lies = truth;
  for (auto& one : lies.alerts) one.is_real = !one.is_real;
  const triage::ModelOptions unasked{.questions = 0};
  const auto a = replay(truth, unasked, nullptr).rows, b = replay(lies, unasked, nullptr).rows;
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i].score, b[i].score) << i;
  const auto with = replay(truth, {}, nullptr).rows, against = replay(lies, {}, nullptr).rows;
  std::size_t first = 0;
  while (first < with.size() && with[first].score == against[first].score) ++first;
  ASSERT_LT(first, with.size());
  EXPECT_GE(truth.alerts[first].at, kStart + 1h);
}

TEST(TriageReplay, OtherEnvironmentsHelp) {
  auto quiet = environment(4);
  // The attack comes at once, when all is new.
  for (auto& one : quiet.alerts) {
    if (one.is_real) one.at -= 3400min;
  }
  std::stable_sort(quiet.alerts.begin(), quiet.alerts.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  const auto model = fit({environment(5), environment(6)}, {}, 0.01);
  const auto alone = average_precision(replay(quiet, {}, nullptr).rows);
  const auto helped = average_precision(replay(quiet, model.options, &model.prior).rows);
  EXPECT_GT(helped, alone);
  EXPECT_LE(calibration_error(replay(quiet, model.options, &model.prior).rows), 0.05);
}

TEST(TriageReplay, BaselinesKnowOnlyWhatWasBefore) {
  Environment one{
      "x", {alert(0s, "a", "h"), alert(1s, "a", "h"), alert(3602s, "a", "h", true), alert(3603s, "a", "g")}};
  const auto novelty = by_novelty(one);
  EXPECT_EQ(novelty[0].score, 1);
  EXPECT_EQ(novelty[2].score, 1.0 / 3);
  EXPECT_EQ(novelty[3].score, 1);
  const auto host = by_host_history(one);
  EXPECT_EQ(host[1].score, 0.5);
  EXPECT_EQ(host[2].score, 0.25);  // two false ones are an hour old
  EXPECT_EQ(host[3].score, 0.5);
  EXPECT_EQ(by_rule_history(one)[3].score, 0.25);
}

TEST(TriageReplay, BeatsNoveltyOnRealAlertsWithinTheBound) {
  const char* shared = std::getenv("TOCSIN_SHARED_DATA");
  const auto directory =
      std::filesystem::path(shared == nullptr ? "../shared/data" : shared) / "triage/ait_ads";
  if (!std::filesystem::exists(directory)) GTEST_SKIP() << "no labelled alerts in " << directory;
  const auto environments = read_environments(directory);
  ASSERT_TRUE(environments) << to_string(environments.error());
  ASSERT_FALSE(environments->empty());
  for (const auto& one : *environments) {
    const auto run = replay(one, {}, nullptr);
    EXPECT_GT(hidden_at_recall(run.rows, 0.99), hidden_at_recall(by_novelty(one), 0.99)) << one.name;
    EXPECT_GE(decisions_of(run.rows).recall(), 0.99) << one.name;
    EXPECT_GE(decisions_of(run.rows).hidden(), 0.8) << one.name;
    EXPECT_LE(calibration_error(run.rows), 0.05) << one.name;
    EXPECT_LE(run.answers, 100u) << one.name;
  }
}

}  // namespace
}  // namespace tocsin::eval
