#include "api/match_history.h"

#include <boost/json.hpp>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

using namespace std::chrono_literals;

Timestamp at_hour(std::int64_t hour) {
  return Timestamp(std::chrono::hours(hour));
}

class MatchHistoryTest : public test::ApiTest {
 protected:
  static constexpr std::int64_t kNow = 490'000;

  MatchSums sums_of(MatchHistory& history, const HourOfMatches& at_hand, std::string_view rule) {
    const auto sums = history.sums(at_hand, at_hour(kNow) + 59min);
    EXPECT_TRUE(sums);
    const auto it = sums->find(std::string(rule));
    return it == sums->end() ? MatchSums{} : it->second;
  }
};

TEST_F(MatchHistoryTest, AddsTheHoursThatAreInTheSpan) {
  MatchHistory history(store_);
  for (const std::int64_t age : {1, 24, 25, 168})
    ASSERT_TRUE(history.keep({kNow - age, {{"r", 1}, {"other", 10}}}));
  const auto sums = sums_of(history, {kNow, {{"r", 5}}}, "r");
  EXPECT_EQ(sums.day, 5 + 2);
  EXPECT_EQ(sums.week, 5 + 4);
}

TEST_F(MatchHistoryTest, IsTheSameForTheNextProcess) {
  ASSERT_TRUE(MatchHistory(store_).keep({kNow - 2, {{"A \"title\"", 7}}}));
  MatchHistory next(store_);
  EXPECT_EQ(sums_of(next, {}, "A \"title\"").week, 7);
}

TEST_F(MatchHistoryTest, AnHourIsCountedOnceHoweverOftenItIsKept) {
  MatchHistory history(store_);
  const HourOfMatches hour{kNow - 1, {{"r", 3}}};
  ASSERT_TRUE(history.keep(hour));
  ASSERT_TRUE(history.keep(hour));
  EXPECT_EQ(sums_of(history, {}, "r").day, 3);
  // Kept, and then the process died before it saved that this hour is over.
  EXPECT_EQ(sums_of(history, hour, "r").day, 3);
}

TEST_F(MatchHistoryTest, AnOldHourMakesRoom) {
  MatchHistory history(store_);
  ASSERT_TRUE(history.keep({kNow - 1 - MatchHistory::kHours, {{"r", 100}}}));
  EXPECT_EQ(sums_of(history, {}, "r").week, 0);
  ASSERT_TRUE(history.keep({kNow - 1, {{"r", 1}}}));
  EXPECT_EQ(sums_of(history, {}, "r").week, 1);
  EXPECT_EQ(store_.setting("detection.matches." + std::to_string((kNow - 1) % MatchHistory::kHours))
                ->value()
                .find("100"),
            std::string::npos);
}

TEST_F(MatchHistoryTest, WhatCannotBeReadIsNoMatch) {
  for (const auto* text : {"", "[]", R"({"hour":"x","matches":{}})", R"({"hour":1,"matches":[]})",
                           R"({"hour":489999,"matches":{"r":-4,"s":"many"}})"}) {
    ASSERT_TRUE(store_.set_setting("detection.matches.1", text));
    MatchHistory history(store_);
    EXPECT_EQ(sums_of(history, {}, "r").week, 0) << text;
  }
}

}  // namespace
}  // namespace tocsin::api
