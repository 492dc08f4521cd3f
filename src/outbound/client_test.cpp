#include <gtest/gtest.h>
#include <zlib.h>

#include <future>

#include "outbound/outbound.h"
#include "outbound/testing/fakes.h"
#include "outbound/testing/local_server.h"

namespace tocsin::outbound {
namespace {

using std::chrono::seconds;
using test::answer;
using test::FakeTime;
using test::LocalServer;
using testing::HasSubstr;
using testing::Not;

Options options() {
  Options options;
  options.policy = *parse_policy({"127.0.0.1"});
  options.policy.allow_http = true;
  options.time = std::make_shared<FakeTime>();
  options.random = [] { return 0.5; };
  return options;
}

Request get(std::string url) {
  Request request;
  request.url = std::move(url);
  request.limits.total = seconds(300);
  return request;
}

// The answers of `script`, then its last for ever.
LocalServer::Serve play(std::vector<std::string> script) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return [script = std::move(script), next](int fd, const std::string&) {
    test::send_all(fd, script[std::min(next->fetch_add(1), script.size() - 1)]);
  };
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Client, SendsWhatItIsGivenAndReadsTheAnswer) {
  LocalServer server(play({answer(201, "made", "X-One: 1\r\nx-two:  2 \r\n")}));
  const auto client = *Client::create(options());
  auto request = get(server.url("/items"));
  request.method = Method::kPost;
  request.query = {{"a b", "c&d"}};
  request.headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}, {"X-Empty", ""}};
  request.body = "{}";
  const auto response = client->send(request);
  ASSERT_TRUE(response) << to_string(response.error());
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  EXPECT_EQ(response->header("x-one"), "1");
  EXPECT_EQ(response->header("x-two"), "2");
  EXPECT_EQ(response->peer, "127.0.0.1");
  EXPECT_EQ(response->attempts, 1U);
  const auto sent = server.requests().at(0);
  EXPECT_THAT(sent, testing::StartsWith("POST /items?a+b=c%26d HTTP/1.1\r\n"));
  EXPECT_THAT(sent, HasSubstr("Authorization: Bearer t\r\n"));
  EXPECT_THAT(sent, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(sent, HasSubstr("Content-Length: 2\r\n"));
  EXPECT_THAT(sent, HasSubstr("X-Empty:\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("Expect")));
}

TEST(Client, EveryMethodGoesOutAsItself) {
  LocalServer server(play({answer(200, "")}));
  const auto client = *Client::create(options());
  for (const auto method : {Method::kGet, Method::kHead, Method::kPut, Method::kPatch, Method::kDelete}) {
    auto request = get(server.url());
    request.method = method;
    EXPECT_TRUE(client->send(request));
  }
  std::string methods;
  for (const auto& one : server.requests()) methods += one.substr(0, one.find('/'));
  EXPECT_EQ(methods, "GET HEAD PUT PATCH DELETE ");
}

TEST(Client, HeadersThatStartOthersAreRefused) {
  LocalServer server(play({answer(200, "")}));
  const auto client = *Client::create(options());
  const std::vector<Header> bad{{"X", "a\r\nEvil: 1"},
                                {"X", "a\nEvil: 1"},
                                {"X", std::string("a\0b", 3)},
                                {"X\r\nEvil", "1"},
                                {"X:", "1"},
                                {"", "1"},
                                {"Host", "other"},
                                {"content-length", "5"},
                                {"Transfer-Encoding", "chunked"}};
  for (const auto& header : bad) {
    auto request = get(server.url());
    request.headers = {header};
    const auto response = client->send(request);
    ASSERT_FALSE(response) << header.name;
    EXPECT_EQ(response.error().kind, ErrorKind::kInvalidInput);
  }
  EXPECT_THAT(server.requests(), testing::IsEmpty());
}

TEST(Client, ALongBodyIsCutOff) {
  LocalServer counted(play({answer(200, std::string(200'000, 'x'))}));
  LocalServer endless([](int fd, const std::string&) {
    test::send_all(fd, "HTTP/1.1 200 X\r\n\r\n");
    const std::string block(64 * 1024, 'x');
    for (int i = 0; i < 10'000; ++i) test::send_all(fd, block);  // fails once the client is gone
  });
  const auto client = *Client::create(options());
  for (const auto* server : {&counted, &endless}) {
    auto request = get(server->url());
    request.limits.wire_bytes = 100'000;
    const auto response = client->send(request);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::kTooLarge);
  }
}

TEST(Client, ACompressedBombIsCutOff) {
  const auto bomb = gzip(std::string(64 << 20, '\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  const auto small = gzip(std::string(500'000, 'y'));
  LocalServer server(play(
      {answer(200, bomb, "Content-Encoding: gzip\r\n"), answer(200, small, "Content-Encoding: gzip\r\n")}));
  const auto client = *Client::create(options());
  auto request = get(server.url());
  request.limits.body_bytes = 1 << 20;
  const auto response = client->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kTooLarge);
  const auto fits = client->send(request);
  ASSERT_TRUE(fits) << to_string(fits.error());
  EXPECT_EQ(fits->body, std::string(500'000, 'y'));
}

TEST(Client, HeadersAreBounded) {
  LocalServer server(play({answer(200, "", "X-Long: " + std::string(70'000, 'x') + "\r\n")}));
  const auto client = *Client::create(options());
  const auto response = client->send(get(server.url()));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kTooLarge);
}

TEST(Client, ASlowBodyRunsOutOfTime) {
  LocalServer server([](int fd, const std::string&) {
    test::send_all(fd, "HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nhalf");
    test::wait_for_close(fd);
  });
  const auto client = *Client::create(options());
  auto request = get(server.url("/secret-path"));
  request.limits.attempt = milliseconds(100);
  request.limits.retries = 1;
  const auto response = client->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(server.requests().size(), 2U) << "a GET is tried again";
  EXPECT_THAT(to_string(response.error()), Not(HasSubstr("secret")));
}

TEST(Client, RetriesWithJitterAndGivesTheLastAnswer) {
  LocalServer server(play({answer(503, "1"), answer(500, "2"), answer(502, "3")}));
  auto given = options();
  const auto time = std::make_shared<FakeTime>();
  given.time = time;
  const auto client = *Client::create(std::move(given));
  auto request = get(server.url());
  request.limits.retries = 2;
  const auto response = client->send(request);
  ASSERT_TRUE(response) << to_string(response.error());
  EXPECT_EQ(response->status, 502);
  EXPECT_EQ(response->attempts, 3U);
  EXPECT_THAT(time->waits(), testing::ElementsAre(milliseconds(500), milliseconds(1'000)));
}

TEST(Client, HonoursRetryAfterAsSecondsAndAsADate) {
  LocalServer server(play({answer(429, "", "Retry-After: 7\r\n"),
                           answer(503, "", "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n"),
                           answer(429, "", "Retry-After: 86400\r\n"), answer(200, "done")}));
  auto given = options();
  const auto time = std::make_shared<FakeTime>();
  given.time = time;
  given.backoff.longest_retry_after = seconds(60);
  const auto client = *Client::create(std::move(given));
  const auto response = client->send(get(server.url()));
  ASSERT_TRUE(response) << to_string(response.error());
  EXPECT_EQ(response->body, "done");
  EXPECT_THAT(time->waits(), testing::ElementsAre(seconds(7), seconds(30), seconds(60)));
}

TEST(Client, DoesNotWaitBeyondItsDeadline) {
  LocalServer server(play({answer(429, "later", "Retry-After: 100\r\n")}));
  const auto client = *Client::create(options());
  auto request = get(server.url());
  request.limits.total = seconds(50);
  const auto response = client->send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->attempts, 1U);
}

TEST(Client, WhatIsNotIdempotentIsSentOnce) {
  LocalServer server(play({answer(503, "")}));
  const auto client = *Client::create(options());
  auto request = get(server.url());
  request.method = Method::kPost;
  EXPECT_EQ(client->send(request)->attempts, 1U);
  request.retry = Retry::kAlways;
  request.limits.retries = 1;
  EXPECT_EQ(client->send(request)->attempts, 2U);
}

TEST(Client, ThePolicysNoIsFinal) {
  const auto client = *Client::create(options());
  const auto response = client->send(get("http://127.0.0.2/hook/hunter2?key=hunter2"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kForbidden);
  EXPECT_EQ(response.error().where, "http://127.0.0.2:80");
  EXPECT_THAT(to_string(response.error()), HasSubstr("loopback"));
  EXPECT_THAT(to_string(response.error()), Not(HasSubstr("hunter2")));
  EXPECT_EQ(client->stats().attempts, 1U);
}

TEST(Client, HttpNeedsLeave) {
  auto given = options();
  given.policy.allow_http = false;
  const auto client = *Client::create(std::move(given));
  const auto response = client->send(get("http://127.0.0.1/"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kForbidden);
}

TEST(Client, TheBreakerOpensAndLetsOneTry) {
  std::atomic<bool> healthy{false};
  LocalServer server(
      [&](int fd, const std::string&) { test::send_all(fd, answer(healthy ? 200 : 500, "")); });
  auto given = options();
  const auto time = std::make_shared<FakeTime>();
  given.time = time;
  const auto client = *Client::create(std::move(given));
  client->set_credential("vt", {1'000, 1'000, 3, seconds(60), seconds(30)});
  auto request = get(server.url());
  request.credential = "vt";
  request.limits.retries = 0;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client->send(request)->status, 500);
  for (int i = 0; i < 5; ++i) {
    const auto refused = client->send(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  }
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_EQ(client->stats().refused_by_breaker, 5U);
  auto other = request;
  other.credential = "other";
  EXPECT_TRUE(client->send(other)) << "the others' breakers are their own";
  healthy = true;
  time->advance(seconds(30));
  EXPECT_EQ(client->send(request)->status, 200);
  EXPECT_EQ(client->send(request)->status, 200);
}

TEST(Client, TheBucketSpreadsRequestsOut) {
  LocalServer server(play({answer(200, "")}));
  auto given = options();
  const auto time = std::make_shared<FakeTime>();
  given.time = time;
  given.credential = {2, 1, 5, seconds(60), seconds(30)};
  const auto client = *Client::create(std::move(given));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(client->send(get(server.url())));
  EXPECT_THAT(time->waits(), testing::ElementsAre(milliseconds(500), milliseconds(500), milliseconds(500)));
  auto hasty = get(server.url());
  hasty.limits.total = milliseconds(100);
  const auto refused = client->send(hasty);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kBusy);
}

TEST(Client, TheNumberOfWaitingRequestsIsBounded) {
  std::promise<void> go;
  const auto gate = go.get_future().share();
  LocalServer server([&](int fd, const std::string&) {
    gate.wait();
    test::send_all(fd, answer(200, ""));
  });
  auto given = options();
  given.max_waiting = 2;
  const auto client = *Client::create(std::move(given));
  std::vector<std::promise<Result<Response>>> answers(3);
  for (auto& one : answers) {
    client->send_async(get(server.url()),
                       [&one](Result<Response> result) { one.set_value(std::move(result)); });
  }
  const auto third = answers[2].get_future().get();
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, ErrorKind::kBusy);
  go.set_value();
  EXPECT_TRUE(answers[0].get_future().get());
  EXPECT_TRUE(answers[1].get_future().get());
  EXPECT_EQ(client->stats().waiting, 0U);
}

TEST(Client, EndsWhatIsUnderWayWhenItGoes) {
  LocalServer server([](int fd, const std::string&) { test::wait_for_close(fd); });
  std::promise<Result<Response>> answered;
  {
    const auto client = *Client::create(options());
    client->send_async(get(server.url()),
                       [&](Result<Response> result) { answered.set_value(std::move(result)); });
  }
  const auto result = answered.get_future().get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
}

TEST(Client, ACallbackMayNotWaitForItself) {
  LocalServer server(play({answer(200, "")}));
  const auto client = *Client::create(options());
  std::promise<ErrorKind> kind;
  client->send_async(get(server.url()), [&](const Result<Response>&) {
    const auto inner = client->send(get(server.url()));
    kind.set_value(inner ? ErrorKind::kNotFound : inner.error().kind);
  });
  EXPECT_EQ(kind.get_future().get(), ErrorKind::kInternal);
}

TEST(Client, AnUnresolvedNameIsSaidAndTriedAgain) {
  auto given = options();
  const auto resolver =
      std::make_shared<test::FakeResolver>(std::map<std::string, test::FakeResolver::Answers>{});
  given.resolver = resolver;
  const auto client = *Client::create(std::move(given));
  auto request = get("http://nowhere.example/");
  request.method = Method::kPost;  // it was surely not sent
  request.limits.retries = 2;
  const auto response = client->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(response.error().where, "http://nowhere.example:80");
  EXPECT_EQ(resolver->asked(), 3U);
}

}  // namespace
}  // namespace tocsin::outbound
