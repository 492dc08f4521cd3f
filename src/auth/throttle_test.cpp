#include "auth/throttle.h"

#include <gtest/gtest.h>

#include "auth/failure_table.h"

namespace tocsin::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return now_; }
  void advance(seconds by) { now_ += by; }

 private:
  Timestamp now_{seconds(1'800'000'000)};
};

struct SignInThrottleTest : testing::Test {
  FakeClock clock;
  SignInThrottle throttle{clock};

  // Tries as soon as each is allowed; the number of passwords that were looked at.
  // With no pause between tries; stops when the next would have to wait beyond the period.
  int guess_for(seconds period, std::string_view name, std::string_view address) {
    const auto end = clock.now() + period;
    int guesses = 0;
    while (clock.now() < end) {
      const auto wait = throttle.begin(name, address);
      if (wait == seconds(0)) ++guesses;
      if (clock.now() + wait > end) break;
      clock.advance(wait);
    }
    return guesses;
  }
};

TEST_F(SignInThrottleTest, LocksAtTheTenthTryWithGrowingWaitsBefore) {
  std::vector<std::int64_t> waits;
  int judged = 0;
  while (judged < 10) {
    const auto wait = throttle.begin("alice", "192.0.2.1");
    if (wait == seconds(0)) {
      ++judged;
    } else {
      waits.push_back(wait.count());
      clock.advance(wait);
    }
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{1, 2, 4, 8, 16}));
  EXPECT_EQ(throttle.begin("alice", "192.0.2.1"), minutes(15));
  EXPECT_EQ(throttle.begin("ALICE", "198.51.100.9"), minutes(15));
}

TEST_F(SignInThrottleTest, AHundredAtTheSameTimeAreAHundred) {
  int judged = 0;
  for (int i = 0; i < 100; ++i)
    if (throttle.begin("alice", "192.0.2.1") == seconds(0)) ++judged;
  EXPECT_EQ(judged, 5);
}

TEST_F(SignInThrottleTest, ADayAllowsFewGuessesAndTheLockEndsByItself) {
  const int guesses = guess_for(hours(24), "alice", "192.0.2.1");
  EXPECT_LE(guesses, 10 + 96);
  clock.advance(minutes(15));
  EXPECT_EQ(throttle.begin("alice", "198.51.100.9"), seconds(0));
}

TEST_F(SignInThrottleTest, TurnedAwayTriesDoNotProlongTheLock) {
  while (throttle.begin("alice", "192.0.2.1") < minutes(14)) clock.advance(seconds(1));
  for (int i = 0; i < 1000; ++i) EXPECT_GT(throttle.begin("alice", "192.0.2.1"), seconds(0));
  clock.advance(minutes(15));
  EXPECT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
}

TEST_F(SignInThrottleTest, TheUsualPlaceIsNotTouchedByGuessesElsewhere) {
  ASSERT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
  throttle.succeeded("alice", "192.0.2.1");
  guess_for(hours(1), "alice", "203.0.113.66");
  EXPECT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
  throttle.succeeded("alice", "192.0.2.1");
  EXPECT_GT(throttle.begin("alice", "203.0.113.66"), seconds(0)) << "her sign-in must not free the guesser";
}

TEST_F(SignInThrottleTest, TheUsualPlaceHasALockOfItsOwn) {
  ASSERT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
  throttle.succeeded("alice", "192.0.2.1");
  EXPECT_LE(guess_for(minutes(10), "alice", "192.0.2.1"), 10);
  EXPECT_EQ(throttle.begin("alice", "192.0.2.1"), minutes(15));
}

TEST_F(SignInThrottleTest, SuccessForgetsFailures) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
  throttle.succeeded("alice", "192.0.2.1");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
}

TEST_F(SignInThrottleTest, OneAddressAgainstManyNamesIsLockedToo) {
  int judged = 0;
  for (int i = 0; i < 1000; ++i) {
    if (throttle.begin("user" + std::to_string(i), "192.0.2.1") == seconds(0)) ++judged;
  }
  EXPECT_EQ(judged, 21);
  EXPECT_EQ(throttle.begin("bob", "192.0.2.2"), seconds(0));
}

TEST_F(SignInThrottleTest, Ipv6CountsByItsNetworkOf64Bits) {
  int judged = 0;
  for (int i = 0; i < 100; ++i)
    if (throttle.begin("user" + std::to_string(i), "2001:db8:1:2::" + std::to_string(i)) == seconds(0))
      ++judged;
  EXPECT_EQ(judged, 21);
  EXPECT_EQ(throttle.begin("bob", "2001:db8:1:3::1"), seconds(0));
}

TEST_F(SignInThrottleTest, ATryThatWasNotJudgedDoesNotCount) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(throttle.begin("alice", "192.0.2.1"), seconds(0));
    throttle.take_back("alice", "192.0.2.1");
  }
}

TEST(FailureTable, IsBoundedAndKeepsTheLockedWhenNewNamesStream) {
  FailureTable table({4, 10, minutes(15), hours(24)}, 1000);
  const Timestamp now(seconds(1'800'000'000));
  for (int i = 0; i < 10; ++i) table.add("locked", now);
  for (int i = 0; i < 50'000; ++i) table.add("stream" + std::to_string(i), now);
  EXPECT_EQ(table.size(), 1000u);
  EXPECT_EQ(table.wait("locked", now), minutes(15));
}

TEST(FailureTable, CountsStartAnewAfterTheTimeToForget) {
  FailureTable table({4, 10, minutes(15), hours(24)}, 10);
  const Timestamp now(seconds(1'800'000'000));
  for (int i = 0; i < 10; ++i) table.add("a", now);
  table.add("a", now + hours(25));
  EXPECT_EQ(table.wait("a", now + hours(25)), seconds(0));
}

}  // namespace
}  // namespace tocsin::auth
