#include "observe/source_stats.h"

#include <gtest/gtest.h>

namespace tocsin::observe {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kStart = *parse_time("2026-01-18T12:00:00Z");
constexpr SourceTotals kOne{.records = 1, .bytes = 10};

TEST(SourceStats, NoDataIsNeverHealthy) {
  const SourceStats open(kStart, seconds(0));
  EXPECT_EQ(open.report(kStart + minutes(500)).speech, Speech::kUnknown);
  const SourceStats expected(kStart, seconds(60));
  EXPECT_EQ(expected.report(kStart + seconds(59)).speech, Speech::kUnknown);
  const auto late = expected.report(kStart + seconds(61));
  EXPECT_EQ(late.speech, Speech::kSilent);
  EXPECT_EQ(late.silent_since, kStart);
  EXPECT_FALSE(late.last_record_at);
}

TEST(SourceStats, SilenceWithoutAnExpectationIsUnknown) {
  SourceStats stats(kStart, seconds(0));
  stats.add(kStart, kOne);
  EXPECT_EQ(stats.report(kStart + seconds(60)).speech, Speech::kReceiving);
  EXPECT_EQ(stats.report(kStart + seconds(61)).speech, Speech::kUnknown);
}

TEST(SourceStats, SilentSinceTheLastRecord) {
  SourceStats stats(kStart, seconds(30));
  stats.add(kStart + seconds(20), kOne);
  EXPECT_EQ(stats.report(kStart + seconds(50)).speech, Speech::kReceiving);
  const auto silent = stats.report(kStart + seconds(51));
  EXPECT_EQ(silent.speech, Speech::kSilent);
  EXPECT_EQ(silent.silent_since, kStart + seconds(20));
}

TEST(SourceStats, RatesForgetWhatIsOlder) {
  SourceStats stats(kStart, seconds(0));
  for (int i = 0; i < 120; ++i) stats.add(kStart + seconds(i), kOne);
  const auto now = kStart + seconds(119);
  EXPECT_EQ(stats.report(now).last_minute, 60U);
  EXPECT_EQ(stats.report(now).last_hour, 120U);
  EXPECT_EQ(stats.report(now).totals.records, 120U);
  EXPECT_EQ(stats.report(now + seconds(30)).last_minute, 30U);
  EXPECT_EQ(stats.report(now + minutes(58)).last_hour, 120U);
  EXPECT_EQ(stats.report(now + minutes(59)).last_hour, 60U);
  EXPECT_EQ(stats.report(now + minutes(61)).last_hour, 0U);
}

TEST(SourceStats, AFewUnreadableOfEachReasonAreKeptAndAllAreCounted) {
  SourceStats stats(kStart, seconds(0));
  std::size_t kept = 0;
  for (int i = 0; i < 1000; ++i) kept += stats.unreadable(kStart, "bad JSON") ? 1U : 0U;
  EXPECT_EQ(kept, SourceStats::kKeptPerReason);
  EXPECT_TRUE(stats.unreadable(kStart, "binary")) << "another reason has its own";
  EXPECT_TRUE(stats.unreadable(kStart + minutes(1), "bad JSON")) << "another minute too";
  const auto report = stats.report(kStart);
  EXPECT_EQ(report.totals.unreadable, 1002U);
  ASSERT_EQ(report.unreadable_by_reason.size(), 2U);
  EXPECT_EQ(report.unreadable_by_reason[0].second, 1001U);
}

TEST(SourceStats, ReasonsAreBounded) {
  SourceStats stats(kStart, seconds(0));
  for (int i = 0; i < 1000; ++i) stats.unreadable(kStart, "reason " + std::to_string(i));
  const auto report = stats.report(kStart);
  EXPECT_EQ(report.unreadable_by_reason.size(), SourceStats::kMaxReasons + 1);
  EXPECT_EQ(report.unreadable_by_reason[0].second, 1000 - SourceStats::kMaxReasons);
}

}  // namespace
}  // namespace tocsin::observe
