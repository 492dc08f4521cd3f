#include "outbound/redirect.h"

#include <gtest/gtest.h>

#include "outbound/outbound.h"
#include "outbound/testing/fakes.h"
#include "outbound/testing/local_server.h"

namespace tocsin::outbound {
namespace {

using test::answer;
using test::LocalServer;
using testing::HasSubstr;
using testing::Not;

std::string to(int status, const std::string& location) {
  return answer(status, "", "Location: " + location + "\r\n");
}

std::unique_ptr<Client> make_client() {
  Options options;
  options.policy = *parse_policy({"127.0.0.1"});
  options.policy.allow_http = true;
  options.resolver = std::make_shared<test::FakeResolver>(
      std::map<std::string, test::FakeResolver::Answers>{{"other.example", {{"127.0.0.1"}}}});
  return *Client::create(std::move(options));
}

Request ask(std::string url, std::uint32_t redirects) {
  Request request;
  request.url = std::move(url);
  request.headers = {{"Authorization", "Bearer hunter2"}, {"X-Key", "hunter2", true}, {"X-Open", "1"}};
  request.limits.redirects = redirects;
  return request;
}

TEST(Redirect, IsNotFollowedUnlessAsked) {
  LocalServer server([](int fd, const std::string&) { test::send_all(fd, to(302, "/next")); });
  const auto response = make_client()->send(ask(server.url(), 0));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->header("location"), "/next");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Redirect, AChainIsFollowedToItsEndAndNoFurther) {
  LocalServer server([](int fd, const std::string& request) {
    const auto step = std::stoi(request.substr(request.find("/") + 1));
    test::send_all(fd, step == 3 ? answer(200, "there") : to(301, "/" + std::to_string(step + 1)));
  });
  const auto client = make_client();
  const auto there = client->send(ask(server.url("/0"), 3));
  ASSERT_TRUE(there) << to_string(there.error());
  EXPECT_EQ(there->body, "there");
  EXPECT_EQ(there->redirects, 3U);
  EXPECT_EQ(there->final_url, server.url("/3"));
  const auto stopped = client->send(ask(server.url("/0"), 2));
  ASSERT_FALSE(stopped);
  EXPECT_THAT(stopped.error().message, HasSubstr("too often"));
  for (const auto& one : server.requests()) EXPECT_THAT(one, HasSubstr("hunter2")) << "the same origin";
}

// Also when the chain comes back to where it began.
TEST(Redirect, SecretsStayWithTheirOrigin) {
  std::string away;
  std::string back;
  LocalServer server([&](int fd, const std::string& request) {
    if (request.starts_with("GET /begin")) return test::send_all(fd, to(302, away));
    if (request.starts_with("GET /away")) return test::send_all(fd, to(302, back));
    test::send_all(fd, answer(200, "done"));
  });
  away = "http://other.example:" + std::to_string(server.port()) + "/away";
  back = server.url("/back");
  const auto response = make_client()->send(ask(server.url("/begin"), 5));
  ASSERT_TRUE(response) << to_string(response.error());
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[0], HasSubstr("hunter2"));
  for (const auto index : {1U, 2U}) {
    EXPECT_THAT(requests[index], Not(HasSubstr("hunter2")));
    EXPECT_THAT(requests[index], HasSubstr("X-Open: 1"));
  }
}

Response answer_to(int status, std::string location) {
  Response response;
  response.status = status;
  response.headers = {{"location", std::move(location)}};
  return response;
}

Hop hop(std::string_view url, Method method, bool with_body) {
  return {*parse_url(url), method, with_body, true};
}

TEST(Redirect, MethodsChangeAsTheStandardHasIt) {
  struct Case {
    int status;
    Method before;
    Method after;
  };
  constexpr Case kCases[] = {{301, Method::kPost, Method::kGet},  {302, Method::kPost, Method::kGet},
                             {303, Method::kPost, Method::kGet},  {307, Method::kPost, Method::kPost},
                             {308, Method::kPost, Method::kPost}, {303, Method::kPut, Method::kGet},
                             {302, Method::kPut, Method::kPut},   {303, Method::kHead, Method::kHead}};
  for (const auto& one : kCases) {
    const auto next = next_hop(hop("https://x.example/", one.before, true), answer_to(one.status, "/y"), {});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->method, one.after) << one.status;
    EXPECT_EQ(next->with_body, one.after == one.before) << one.status;
  }
}

TEST(Redirect, WhatMayNotBeFollowed) {
  Policy policy;
  policy.allow_http = true;
  policy.ports = {80, 443};
  const auto from = hop("https://x.example/", Method::kPost, true);
  for (const auto* location : {"http://x.example/", "https://y.example/", "https://x.example:8443/",
                               "ftp://x.example/", "https://u@x.example/"}) {
    EXPECT_FALSE(next_hop(from, answer_to(307, location), policy)) << location;
  }
  EXPECT_TRUE(next_hop(from, answer_to(307, "https://x.example/there"), policy));
  EXPECT_TRUE(next_hop(from, answer_to(303, "https://y.example/"), policy)) << "without its body";
}

}  // namespace
}  // namespace tocsin::outbound
