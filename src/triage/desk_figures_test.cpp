#include "triage/desk_figures.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Timestamp kStart = *parse_time("2026-01-05T08:00:00Z");

WorkedCase worked(std::string id, int acknowledged, int triaged, int resolved) {
  WorkedCase one;
  one.id = std::move(id);
  one.began_at = kStart;
  one.acknowledged_at = kStart + minutes(acknowledged);
  one.triaged_at = kStart + minutes(triaged);
  one.resolved_at = one.handled_at = one.last_at = kStart + minutes(resolved);
  one.handled_by = "ana";
  one.verdict = model::Verdict::kFalsePositive;
  return one;
}

Figure figure(const DeskWork& work, std::string_view name) {
  for (const auto& one : measure(work)) {
    if (one.kind->name == name) return one;
  }
  ADD_FAILURE() << "no figure " << name;
  return {};
}

TEST(DeskFigures, MinutesRunFromTheBeginningToEachMoment) {
  const DeskWork work{kStart, {worked("AL-1", 1, 2, 10), worked("AL-2", 3, 6, 30)}, {}};
  EXPECT_EQ(figure(work, "alert_minutes_to_acknowledge").spread.count, 2);
  EXPECT_DOUBLE_EQ(figure(work, "alert_minutes_to_acknowledge").spread.p50, 1);
  EXPECT_DOUBLE_EQ(figure(work, "alert_minutes_to_triage").spread.p90, 6);
  EXPECT_DOUBLE_EQ(figure(work, "alert_minutes_to_resolve").spread.p90, 30);
  EXPECT_DOUBLE_EQ(figure(work, "false_positive_minutes_to_close").spread.p50, 10);
  EXPECT_EQ(figure(work, "incident_minutes_to_resolve").spread.count, 0);
}

TEST(DeskFigures, WhatHappenedBeforeTheWindowDoesNotCount) {
  const DeskWork work{kStart + minutes(5), {worked("AL-1", 1, 2, 10)}, {}};
  EXPECT_EQ(figure(work, "alert_minutes_to_acknowledge").spread.count, 0);
  EXPECT_EQ(figure(work, "alert_minutes_to_resolve").spread.count, 1);
  EXPECT_FALSE(figure(work, "alert_escalation").share);
}

TEST(DeskFigures, OnlyFalsePositivesCountAsSuch) {
  auto real = worked("AL-1", 1, 2, 10);
  real.verdict = model::Verdict::kTruePositive;
  EXPECT_EQ(figure({kStart, {real}, {}}, "false_positive_minutes_to_close").spread.count, 0);
}

TEST(DeskFigures, SharesHaveTheirSample) {
  auto handed_on = worked("AL-1", 1, 2, 10);
  handed_on.escalated_at = kStart + minutes(4);
  auto again = worked("AL-2", 1, 2, 10);
  again.reopened = 1;
  again.resolved_at.reset();
  const DeskWork work{kStart, {handed_on, again, worked("AL-3", 1, 1, 1), worked("AL-4", 1, 1, 1)}, {}};
  EXPECT_DOUBLE_EQ(*figure(work, "alert_escalation").share, 0.25);
  EXPECT_DOUBLE_EQ(*figure(work, "alert_reopened").share, 0.25);
  EXPECT_EQ(figure(work, "alert_reopened").spread.count, 4);
  EXPECT_EQ(figure(work, "alert_minutes_to_resolve").spread.count, 3);
}

TEST(DeskFigures, AShiftIsEightHoursOfOnePerson) {
  auto later = worked("AL-3", 1, 1, 8 * 60);
  auto other = worked("AL-4", 1, 1, 1);
  other.handled_by = "ben";
  const DeskWork work{kStart, {worked("AL-1", 1, 1, 1), worked("AL-2", 1, 1, 479), later, other}, {}};
  const auto rows = find_figure("alerts_per_shift")->rows(work);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].id, "ana 2026-01-05T08:00:00.000Z");
  EXPECT_DOUBLE_EQ(rows[0].value, 2);
  EXPECT_EQ(rows[2].at, kStart + hours(8));
}

TEST(DeskFigures, SatisfactionIsOfEachKindOfAnswer) {
  const DeskWork work{kStart,
                      {},
                      {{"explanation", "AL-1", "ana", true, kStart},
                       {"explanation", "AL-1", "ben", false, kStart},
                       {"copilot", "x", "ana", false, kStart},
                       {"copilot", "y", "ana", true, kStart - minutes(1)}}};
  EXPECT_DOUBLE_EQ(*figure(work, "satisfaction_explanation").share, 0.5);
  EXPECT_DOUBLE_EQ(*figure(work, "satisfaction_copilot").share, 0);
  EXPECT_FALSE(figure(work, "satisfaction_incident_view").share);
}

TEST(DeskFigures, EachHasItsOwnName) {
  for (const auto& kind : figure_kinds()) EXPECT_EQ(find_figure(kind.name), &kind);
  EXPECT_EQ(find_figure("x"), nullptr);
}

}  // namespace
}  // namespace tocsin::triage
