#include "eval/correlation_replay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace tocsin::eval {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_unix_nanos(1'699'984'800'000'000'000);

LabelledAlert alert(Nanos after, std::string type, std::string host) {
  LabelledAlert out;
  out.at = kStart + after;
  out.detector = "tool";
  out.type = std::move(type);
  out.host = std::move(host);
  return out;
}

// Three days of two common kinds; then an attack over three hosts within an hour, in two phases.
Environment environment() {
  Environment out{"made", {}};
  for (int minute = 0; minute < 3 * 24 * 60; minute += 5) {
    out.alerts.push_back(alert(minute * 1min, "noise " + std::to_string(minute / 5 % 2), "host 1"));
    if (minute < 4000 || minute >= 4060) continue;
    auto step =
        alert(minute * 1min + 1s, "step " + std::to_string(minute), "host " + std::to_string(minute / 5 % 3));
    step.is_real = true;
    step.incident = "attack";
    step.phase = minute < 4030 ? "scan" : "theft";
    out.alerts.push_back(std::move(step));
  }
  return out;
}

TEST(CorrelationReplay, AnAttackOverHostsIsOneIncidentAndNoiseIsLittleToReview) {
  const auto figures = correlate_replayed(environment(), {}, nullptr);
  EXPECT_EQ(figures.attacks, 1u);
  EXPECT_EQ(figures.incidents_per_attack, 1);
  EXPECT_EQ(figures.agreement.b_cubed_f1, 1);
  EXPECT_TRUE(figures.phases_missed.empty());
  EXPECT_GT(figures.reduction, 0.98);
  EXPECT_LE(figures.items, 12u);
  EXPECT_LT(figures.false_rows_in_attack, 20u);
}

TEST(CorrelationReplay, WhatIsHiddenIsMissed) {
  // Whoever is asked calls the theft benign: its rows look like noise that was answered so.
  auto one = environment();
  for (auto& row : one.alerts) {
    if (row.phase == "theft") row.type = "noise 0", row.host = "host 1";
  }
  const auto figures = correlate_replayed(one, {}, nullptr);
  ASSERT_EQ(figures.phases_missed.size(), 1u);
  EXPECT_EQ(figures.phases_missed[0], "attack/theft");
  EXPECT_LT(figures.agreement.b_cubed_f1, 1);
}

TEST(CorrelationReplay, WithoutAttacksThereIsOnlyWhatIsLeft) {
  auto quiet = environment();
  std::erase_if(quiet.alerts, [](const auto& row) { return row.is_real; });
  const auto figures = correlate_replayed(quiet, {}, nullptr);
  EXPECT_EQ(figures.attacks, 0u);
  EXPECT_TRUE(std::isnan(figures.incidents_per_attack));
  EXPECT_TRUE(std::isnan(figures.agreement.b_cubed_f1));
  EXPECT_EQ(correlate_replayed({}, {}, nullptr).rows, 0u);
}

TEST(CorrelationReplay, RealAttacksAreFoundWhole) {
  const char* shared = std::getenv("TOCSIN_SHARED_DATA");
  const auto directory =
      std::filesystem::path(shared == nullptr ? "../shared/data" : shared) / "triage/ait_ads";
  if (!std::filesystem::exists(directory)) GTEST_SKIP() << "no labelled alerts in " << directory;
  const auto environments = read_environments(directory);
  ASSERT_TRUE(environments) << to_string(environments.error());
  ASSERT_FALSE(environments->empty());
  for (const auto& one : *environments) {
    const auto figures = correlate_replayed(one, {}, nullptr);
    EXPECT_TRUE(figures.phases_missed.empty()) << one.name;
    EXPECT_GE(figures.reduction, 0.99) << one.name;
    EXPECT_GE(figures.agreement.b_cubed_f1, 0.9) << one.name;
    EXPECT_LE(static_cast<double>(figures.items) / figures.days, 10) << one.name;
    EXPECT_LT(figures.false_rows_in_attack, 100u) << one.name;
  }
}

}  // namespace
}  // namespace tocsin::eval
