#include "triage/learn/votes.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kNow = from_unix_nanos(1'700'000'000'000'000'000);
const Sighting kLike{11, 12, kNow};

Vote vote(std::uint64_t alert, std::uint64_t person, Timestamp at, bool is_real = false, double word = 1) {
  return {alert, person, at, is_real, word};
}

TEST(Votes, OfDifferentPeopleAddUpAndBelongToTheirKind) {
  Votes votes;
  votes.put(kLike, vote(1, 1, kNow));
  votes.put(kLike, vote(2, 2, kNow, true, 0.5));
  const auto count = votes.of(kLike, kNow);
  EXPECT_DOUBLE_EQ(count.benign, 1);
  EXPECT_DOUBLE_EQ(count.real, 0.5);
  EXPECT_EQ(votes.of({11, 13, kNow}, kNow).benign, 0);
  EXPECT_EQ(votes.of({10, 12, kNow}, kNow).benign, 0);
}

TEST(Votes, OfOnePersonInAnHourAreOneWordAndTheLastOneCounts) {
  Votes votes;
  for (std::uint64_t i = 0; i < 20; ++i) votes.put(kLike, vote(i, 7, kNow + i * 1min));
  EXPECT_NEAR(votes.of(kLike, kNow).benign, 1, 1e-3);
  votes.put(kLike, vote(99, 7, kNow + 21min, true));
  const auto count = votes.of(kLike, kNow + 21min);
  EXPECT_NEAR(count.real, 1, 1e-3);
  EXPECT_EQ(count.benign, 0);
}

TEST(Votes, OfOnePersonCountAsTwoAtMostHoweverOftenTheySayIt) {
  Votes votes;
  for (std::uint64_t i = 0; i < 30; ++i) votes.put(kLike, vote(i, 7, kNow + i * 2h));
  EXPECT_LE(votes.of(kLike, kNow + 60h).benign, 2);
  EXPECT_GT(votes.of(kLike, kNow + 60h).benign, 1.9);
  votes.put(kLike, vote(50, 8, kNow + 60h));
  EXPECT_GT(votes.of(kLike, kNow + 60h).benign, 2.9);
}

TEST(Votes, ALaterVoteOnTheSameAlertTakesThePlaceAndCanBeTakenBack) {
  Votes votes;
  votes.put(kLike, vote(1, 1, kNow));
  votes.put(kLike, vote(1, 2, kNow + 2h, true));
  EXPECT_EQ(votes.of(kLike, kNow + 2h).benign, 0);
  EXPECT_DOUBLE_EQ(votes.of(kLike, kNow + 2h).real, 1);
  votes.put(kLike, vote(1, 2, kNow + 2h, true));  // learned again
  EXPECT_DOUBLE_EQ(votes.of(kLike, kNow + 2h).real, 1);
  votes.take_back(kLike, 1);
  EXPECT_EQ(votes.of(kLike, kNow + 2h).real, 0);
  votes.take_back({5, 5, kNow}, 1);
  EXPECT_EQ(votes.forgotten(), 0U);
}

TEST(Votes, FadeByHalfInNinetyDays) {
  Votes votes;
  votes.put(kLike, vote(1, 1, kNow));
  EXPECT_NEAR(votes.of(kLike, kNow + 24h * 90).benign, 0.5, 1e-9);
  EXPECT_DOUBLE_EQ(votes.of(kLike, kNow - 1h).benign, 1);  // a clock that is behind
}

TEST(Votes, OnManyKindsAreBounded) {
  Votes votes(1024);
  for (std::uint64_t i = 1; i <= 100'000; ++i)
    votes.put({i * 0x9E3779B97F4A7C15U, 1, kNow}, vote(i, 1, kNow));
  EXPECT_GT(votes.forgotten(), 98'000U);
}

}  // namespace
}  // namespace tocsin::triage
