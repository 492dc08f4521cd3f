#include "http/rate_limiter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_client.h"

namespace tocsin::http {
namespace {

using std::chrono::seconds;
using test::get;
const TokenBucket::Time kStart{std::chrono::hours(5)};

TEST(RateLimiter, EachKeyHasItsOwnBucket) {
  RateLimiter limiter({0.5, 3});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.take("a", kStart));
  EXPECT_EQ(limiter.take("a", kStart), seconds(2));
  EXPECT_FALSE(limiter.take("b", kStart));
  EXPECT_FALSE(limiter.take("a", kStart + seconds(2)));
}

TEST(RateLimiter, WithoutARateItKeepsNothing) {
  RateLimiter limiter({});
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(limiter.take("a", kStart));
  EXPECT_EQ(limiter.size(), 0U);
}

TEST(RateLimiter, RemembersABoundedNumberOfKeysAndForgetsTheOldest) {
  RateLimiter limiter({0.001, 1}, 64 * RateLimiter::kShards);
  for (int i = 0; i < 100'000; ++i) EXPECT_FALSE(limiter.take("k" + std::to_string(i), kStart));
  EXPECT_EQ(limiter.size(), 64 * RateLimiter::kShards);
  EXPECT_TRUE(limiter.take("k99999", kStart));
  EXPECT_FALSE(limiter.take("k0", kStart));
}

TEST(RateLimiter, AClientIsItsAddressOrItsIpv6Network) {
  EXPECT_EQ(client_key("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_key("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_key("2001:db8::1"), client_key("2001:db8::ffff:1"));
  EXPECT_NE(client_key("2001:db8::1"), client_key("2001:db8:0:1::1"));
  EXPECT_TRUE(is_loopback_address("127.8.9.1"));
  EXPECT_TRUE(is_loopback_address("::1"));
  EXPECT_TRUE(is_loopback_address("::ffff:127.0.0.1"));
  EXPECT_FALSE(is_loopback_address("128.0.0.1"));
  EXPECT_FALSE(is_loopback_address(""));
}

Router one_route() {
  Router router;
  router.add_async(Method::kGet, "/x", [](Request, Responder respond) { respond(json_response(200, "{}")); });
  return router;
}

// A hundredth of a token a second: no test is slow enough for a second one.
TEST(RateLimiter, TheServerAnswersTooManyRequestsAndGoesOn) {
  ServerOptions options;
  options.client_rate = {0.01, 3};
  options.limit_loopback = true;
  Server server(std::move(options), one_route());
  ASSERT_TRUE(server.start());
  test::Client first(server.port());
  test::Client second(server.port());
  EXPECT_EQ(first.ask(get("/x")).status, 200);
  EXPECT_EQ(second.ask(get("/x")).status, 200);
  EXPECT_EQ(first.ask(get("/nothing")).status, 404) << "counts too";
  const auto refused = second.ask(get("/x"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_GE(std::stoi(refused.headers.at("retry-after")), 50);
  EXPECT_THAT(refused.body, testing::HasSubstr("Too many requests from this client"));
  EXPECT_EQ(first.ask(get("/x")).status, 429) << "the connection goes on";
}

TEST(RateLimiter, LoopbackIsFreeUnlessToldOtherwise) {
  ServerOptions options;
  options.client_rate = {0.01, 1};
  Server server(std::move(options), one_route());
  ASSERT_TRUE(server.start());
  test::Client client(server.port());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(client.ask(get("/x")).status, 200);
}

}  // namespace
}  // namespace tocsin::http
