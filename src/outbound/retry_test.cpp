#include "outbound/retry.h"

#include <gtest/gtest.h>

#include "outbound/credential.h"

namespace tocsin::outbound {
namespace {

using std::chrono::seconds;
const Timestamp kNow = from_unix_nanos(784'111'777'000'000'000);  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr milliseconds kLongest = seconds(300);

TEST(RetryAfter, ReadsSecondsAndDates) {
  EXPECT_EQ(parse_retry_after("120", kNow, kLongest), seconds(120));
  EXPECT_EQ(parse_retry_after(" 0 ", kNow, kLongest), seconds(0));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kNow, kLongest), seconds(30));
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:07 GMT", kNow, kLongest), seconds(30));
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:50:07 1994", kNow, kLongest), seconds(30));
}

TEST(RetryAfter, IsBoundedBothWays) {
  EXPECT_EQ(parse_retry_after("301", kNow, kLongest), kLongest);
  EXPECT_EQ(parse_retry_after("99999999999999999999999999", kNow, kLongest), kLongest);
  EXPECT_EQ(parse_retry_after("Fri, 06 Nov 2099 08:50:07 GMT", kNow, kLongest), kLongest);
  EXPECT_EQ(parse_retry_after("Sat, 05 Nov 1994 08:50:07 GMT", kNow, kLongest), seconds(0));
}

TEST(RetryAfter, IsAbsentWhenItIsNeither) {
  for (const auto* text : {"", " ", "-1", "1.5", "soon", "0x10"}) {
    EXPECT_FALSE(parse_retry_after(text, kNow, kLongest)) << text;
  }
  EXPECT_FALSE(parse_retry_after(std::string(100, '1'), kNow, kLongest));
}

TEST(Backoff, DoublesToItsBoundAndIsSpreadOverAllOfIt) {
  const Backoff backoff{milliseconds(1'000), milliseconds(60'000)};
  EXPECT_EQ(backoff_delay(backoff, 1, 0.5), milliseconds(500));
  EXPECT_EQ(backoff_delay(backoff, 2, 0.5), milliseconds(1'000));
  EXPECT_EQ(backoff_delay(backoff, 6, 0.5), milliseconds(16'000));
  EXPECT_EQ(backoff_delay(backoff, 7, 0.5), milliseconds(30'000));
  EXPECT_EQ(backoff_delay(backoff, 4'000'000'000, 0.5), milliseconds(30'000));
  EXPECT_EQ(backoff_delay(backoff, 3, 0.0), milliseconds(0));
}

TEST(Repeating, IsForIdempotentAndFlaggedRequests) {
  Request request;
  for (const auto method : {Method::kGet, Method::kHead, Method::kPut, Method::kDelete}) {
    request.method = method;
    EXPECT_TRUE(may_repeat(request));
  }
  for (const auto method : {Method::kPost, Method::kPatch}) {
    request.method = method;
    request.retry = Retry::kIfIdempotent;
    EXPECT_FALSE(may_repeat(request));
    request.retry = Retry::kAlways;
    EXPECT_TRUE(may_repeat(request));
  }
  request.method = Method::kGet;
  request.retry = Retry::kNever;
  EXPECT_FALSE(may_repeat(request));
}

const SteadyTime kStart{std::chrono::hours(5)};

using State = Breaker::State;
constexpr CredentialLimits kLimits{10, 20, 3, seconds(60), seconds(30)};

TEST(Breaker, OpensAfterFailuresWithinItsWindow) {
  Breaker breaker(kLimits);
  breaker.failed(kStart);
  breaker.failed(kStart + seconds(1));
  breaker.failed(kStart + seconds(61));  // the first no longer counts
  EXPECT_EQ(breaker.state(), State::kClosed);
  breaker.failed(kStart + seconds(61));
  EXPECT_EQ(breaker.state(), State::kOpen);
  EXPECT_EQ(breaker.admit(kStart + seconds(62)), kStart + seconds(91));
}

TEST(Breaker, ASuccessForgetsFailures) {
  Breaker breaker(kLimits);
  for (int i = 0; i < 10; ++i) {
    breaker.failed(kStart);
    breaker.failed(kStart);
    breaker.succeeded();
  }
  EXPECT_EQ(breaker.state(), State::kClosed);
}

Breaker opened() {
  Breaker breaker(kLimits);
  for (int i = 0; i < 3; ++i) breaker.failed(kStart);
  return breaker;
}

TEST(Breaker, LetsOneTryAndFollowsWhatBecomesOfIt) {
  auto breaker = opened();
  const auto later = kStart + seconds(30);
  EXPECT_FALSE(breaker.admit(later));
  EXPECT_EQ(breaker.state(), State::kHalfOpen);
  EXPECT_TRUE(breaker.admit(later)) << "only one";
  breaker.failed(later);
  EXPECT_EQ(breaker.admit(later), later + seconds(30));
  EXPECT_FALSE(breaker.admit(later + seconds(30)));
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), State::kClosed);
  EXPECT_FALSE(breaker.admit(later + seconds(30)));
}

TEST(Breaker, WhoSaysNothingGivesItsTurnAway) {
  auto breaker = opened();
  EXPECT_FALSE(breaker.admit(kStart + seconds(30)));
  breaker.undecided();
  EXPECT_FALSE(breaker.admit(kStart + seconds(30)));
}

TEST(Breaker, LateAnswersDoNotCloseAnOpenOne) {
  auto breaker = opened();
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), State::kOpen);
}

}  // namespace
}  // namespace tocsin::outbound
