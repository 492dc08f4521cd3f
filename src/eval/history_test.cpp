#include "eval/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace tocsin::eval {
namespace {

using namespace std::chrono_literals;
using model::Severity;
using model::Verdict;
using testing::HasSubstr;
using testing::Not;

constexpr Timestamp kStart = from_unix_nanos(1'700'000'000'000'000'000);

HistoryRow row(Nanos after, const std::string& type, const std::string& host, Verdict verdict) {
  HistoryRow out;
  out.alert.at = kStart + after;
  out.alert.detector = "tool";
  out.alert.name = out.alert.type = type;
  out.alert.host = host;
  out.alert.is_real = verdict == Verdict::kTruePositive;
  out.alert.known_at = out.alert.at + 2h;
  out.verdict = verdict;
  return out;
}

// Eight days of noise on four hosts, with an attack of things not seen before on every second day.
std::vector<HistoryRow> history() {
  std::vector<HistoryRow> rows;
  std::mt19937_64 random(7);
  for (int minute = 0; minute < 8 * 24 * 60; minute += 3) {
    rows.push_back(row(minute * 1min, "noise " + std::to_string(random() % 4),
                       "host " + std::to_string(random() % 4), Verdict::kFalsePositive));
    if (minute % 2880 >= 2000 && minute % 2880 < 2060)
      rows.push_back(
          row(minute * 1min + 5s, "attack " + std::to_string(minute / 10), "host 1", Verdict::kTruePositive));
  }
  return rows;
}

TEST(History, MostNoiseWouldHaveBeenHiddenAndNoAttack) {
  const auto report = report_on(history(), {.bound = 0.05});
  EXPECT_EQ(report.real, 80u);
  EXPECT_TRUE(report.is_vouched_for);
  EXPECT_EQ(report.held_back.decisions.recall(), 1);
  EXPECT_GT(report.held_back.decisions.hidden(), 0.8);
  EXPECT_GT(report.held_back.auc, 0.99);
  EXPECT_GT(report.baselines.at("tocsin"), report.baselines.at("severity"));
  EXPECT_GT(report.questions.size(), 0u);
  EXPECT_EQ(report.questions.front().answer, Verdict::kFalsePositive);
  const auto& of = report.held_back.decisions;
  EXPECT_DOUBLE_EQ(report.held_back.minutes_saved, 5.0 * static_cast<double>(of.false_hidden));
}

TEST(History, TheFutureChangesNothingThatWasJudgedBefore) {
  auto rows = history();
  const auto before = report_on(rows, {});
  for (std::size_t i = rows.size() - rows.size() / 8; i < rows.size(); ++i) {  // what people say last
    rows[i].alert.is_real = !rows[i].alert.is_real;
    rows[i].verdict = rows[i].alert.is_real ? Verdict::kTruePositive : Verdict::kFalsePositive;
  }
  const auto after = report_on(rows, {});
  EXPECT_EQ(after.hide_below, before.hide_below);
  ASSERT_GE(before.questions.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(after.questions[i].at, before.questions[i].at);
}

TEST(History, GraveAlertsAreNeverHidden) {
  auto rows = history();
  for (auto& one : rows) one.alert.may_hide = false;
  const auto report = report_on(rows, {});
  EXPECT_EQ(report.whole.decisions.false_hidden + report.whole.decisions.real_hidden, 0u);
  ingest::ClosedAlert closed;
  closed.alert.severity = Severity::kMedium;
  EXPECT_TRUE(history_row_of(closed).alert.may_hide);
  closed.alert.asset_tier = model::AssetTier::kCrownJewel;
  EXPECT_FALSE(history_row_of(closed).alert.may_hide);
  closed.alert.asset_tier = model::AssetTier::kNormal;
  closed.alert.severity = Severity::kHigh;
  EXPECT_FALSE(history_row_of(closed).alert.may_hide);
}

TEST(History, OfSeveralRowsOfOneAlertTheLastClosingCounts) {
  auto first = row(1h, "a", "h", Verdict::kFalsePositive);
  auto second = row(1h, "a", "h", Verdict::kTruePositive);
  first.id = second.id = 5;
  second.alert.known_at = *first.alert.known_at + 1h;
  for (const auto& rows : {std::vector{first, second}, std::vector{second, first}}) {
    const auto report = report_on(rows, {});
    EXPECT_EQ(report.repeats, 1u);
    EXPECT_EQ(report.real, 1u);
    EXPECT_EQ(report.false_positives, 0u);
  }
}

TEST(History, RulesAreOrderedByTheMinutesThatNoiseTook) {
  std::vector<HistoryRow> rows;
  for (int i = 0; i < 4; ++i) rows.push_back(row(i * 1min, "cheap", "h", Verdict::kFalsePositive));
  rows.push_back(row(10min, "dear", "h", Verdict::kBenignPositive));
  rows.back().minutes = 90;
  rows.push_back(row(11min, "real", "h", Verdict::kTruePositive));
  const auto report = report_on(rows, {.minutes = 5});
  ASSERT_EQ(report.rules.size(), 3u);
  EXPECT_EQ(report.rules[0].type, "dear");
  EXPECT_EQ(report.rules[0].benign_positives, 1u);
  EXPECT_EQ(report.rules[1].type, "cheap");
  EXPECT_EQ(report.rules[1].minutes, 20);
  EXPECT_EQ(report.rules[2].noise(), 0u);
}

TEST(History, TooFewRealAlertsAreSaidSo) {
  auto rows = history();
  std::erase_if(rows, [](const auto& one) { return one.alert.is_real; });
  const auto report = report_on(rows, {});
  EXPECT_FALSE(report.is_vouched_for);
  EXPECT_THAT(history_text(report, {}), HasSubstr("too few real alerts (0)"));
  EXPECT_THAT(history_json(report, {}), HasSubstr(R"("auc":null)"));
  EXPECT_THAT(history_text(report_on({}, {}), {}), HasSubstr("0 true positives"));
}

TEST(History, ForeignTextIsHarmlessOnATerminal) {
  HistoryReading reading;
  reading.listed.push_back({"a.csv", {3, "created", "is not a time: \x1b[2J", ""}});
  reading.rejections = 1;
  reading.unknown_verdicts["\x1b[31m"] = 2;
  const auto report = report_on({row(1h, "\x1b[0m", "h", Verdict::kFalsePositive)}, {});
  const auto text = history_text(report, reading);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("a.csv:3: created: is not a time"));
  EXPECT_THAT(history_json(report, reading), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace tocsin::eval
