#include "http/open_mode.h"

#include <gtest/gtest.h>

namespace tocsin::http {
namespace {

const OpenModeRules kRules{8000, {{"/api/v1/webhooks/", {"text/plain", "message/rfc822"}}}};

Request request(Method method, std::vector<Header> headers, std::string path = "/api/v1/alerts") {
  Request out;
  out.method = method;
  out.path = std::move(path);
  out.headers = std::move(headers);
  return out;
}

int judge(const Request& request, bool websocket = false, std::string_view authority = {}) {
  const auto problem = check_open_mode(kRules, request, authority, websocket);
  return problem ? problem->status : 0;
}

int judge_host(std::string host) {
  return judge(request(Method::kGet, {{"host", std::move(host)}}));
}

int judge_origin(Method method, std::string origin, bool websocket = false) {
  return judge(request(method, {{"Host", "localhost:8000"}, {"origin", std::move(origin)}}), websocket);
}

TEST(OpenMode, HostMustBeALocalNameWithThePort) {
  for (const auto* host : {"localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:8000"}) {
    EXPECT_EQ(judge_host(host), 0) << host;
  }
  for (const auto* host :
       {"evil.example:8000", "localhost", "localhost:80", "localhost:80000", "localhost:8000.evil.example",
        "localhost.evil.example:8000", "127.0.0.1.evil.example:8000", "127.0.0.2:8000", "127.1:8000", "[::1]",
        "::1:8000", "[::2]:8000", "", "user@localhost:8000", "localhost:8000@evil.example",
        "localhost:08000"}) {
    EXPECT_EQ(judge_host(host), 403) << host;
  }
}

TEST(OpenMode, ThePortMayBeLeftOutWhenItIsTheDefault) {
  EXPECT_TRUE(is_local_authority("localhost", 80));
  EXPECT_TRUE(is_local_authority("localhost:80", 80));
  EXPECT_FALSE(is_local_authority("localhost:", 80));
}

TEST(OpenMode, ExactlyOneHost) {
  EXPECT_EQ(judge(request(Method::kGet, {})), 400);
  EXPECT_EQ(judge(request(Method::kGet, {{"Host", "localhost:8000"}, {"Host", "evil.example"}})), 400);
}

TEST(OpenMode, AnAbsoluteTargetMustBeLocalToo) {
  const auto good = request(Method::kGet, {{"Host", "localhost:8000"}});
  EXPECT_EQ(judge(good, false, "127.0.0.1:8000"), 0);
  EXPECT_EQ(judge(good, false, "evil.example:8000"), 403);
}

TEST(OpenMode, WritesFromForeignOriginsAreRefused) {
  for (const auto method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kOther}) {
    for (const auto* origin :
         {"https://evil.example", "null", "http://localhost:8001", "https://localhost:8000",
          "http://localhost:8000.evil.example", "", "localhost:8000"}) {
      EXPECT_EQ(judge_origin(method, origin), 403) << origin;
    }
    EXPECT_EQ(judge_origin(method, "http://localhost:8000"), 0);
    EXPECT_EQ(judge_origin(method, "http://127.0.0.1:8000"), 0);
    EXPECT_EQ(judge_origin(method, "http://[::1]:8000"), 0);
    EXPECT_EQ(judge(request(method, {{"Host", "localhost:8000"}})), 0);
  }
}

TEST(OpenMode, ASecondForeignOriginHeaderIsSeen) {
  EXPECT_EQ(judge(request(Method::kPost, {{"Host", "localhost:8000"},
                                          {"Origin", "http://localhost:8000"},
                                          {"Origin", "http://evil.example"}})),
            403);
}

TEST(OpenMode, ReadsFromForeignOriginsAreAnsweredButNotWebSockets) {
  EXPECT_EQ(judge_origin(Method::kGet, "https://evil.example"), 0);
  EXPECT_EQ(judge_origin(Method::kGet, "https://evil.example", true), 403);
  EXPECT_EQ(judge_origin(Method::kGet, "http://localhost:8000", true), 0);
  EXPECT_EQ(judge(request(Method::kGet, {{"Host", "localhost:8000"}}), true), 0);
}

TEST(OpenMode, OverTlsTheOriginsAreThoseOfHttps) {
  const auto judge_secure = [](std::string host, std::string origin, std::uint16_t port) {
    auto one = request(Method::kPost, {{"Host", std::move(host)}, {"Origin", std::move(origin)}});
    one.secure = true;
    const auto problem = check_open_mode({.port = port}, one, {}, false);
    return problem ? problem->status : 0;
  };
  EXPECT_EQ(judge_secure("localhost:8000", "https://localhost:8000", 8000), 0);
  EXPECT_EQ(judge_secure("localhost:8000", "http://localhost:8000", 8000), 403);
  EXPECT_EQ(judge_secure("localhost", "https://localhost", 443), 0);
  EXPECT_EQ(judge_secure("localhost", "https://localhost", 80), 403);
  EXPECT_FALSE(is_local_authority("localhost", 443));
}

TEST(OpenMode, ProxiedRequestsAreRefused) {
  for (const auto* name : {"Forwarded", "X-Forwarded-For", "x-forwarded-for", "FORWARDED"}) {
    for (const auto method : {Method::kGet, Method::kPost}) {
      EXPECT_EQ(judge(request(method, {{"Host", "localhost:8000"}, {name, ""}})), 403) << name;
    }
  }
}

int judge_type(std::vector<Header> headers, std::string path = "/api/v1/alerts") {
  const auto problem = check_body_type(kRules, request(Method::kPost, std::move(headers), std::move(path)));
  return problem ? problem->status : 0;
}

std::string hint_of_type(std::string type, std::string path) {
  const auto problem =
      check_body_type(kRules, request(Method::kPost, {{"Content-Type", std::move(type)}}, std::move(path)));
  return problem ? problem->hint : std::string();
}

TEST(OpenMode, BodiesAreJsonOnly) {
  EXPECT_EQ(judge_type({{"Content-Type", "application/json"}}), 0);
  EXPECT_EQ(judge_type({{"Content-Type", "Application/JSON ; charset=utf-8"}}), 0);
  EXPECT_EQ(judge_type({{"Content-Type", "application/x-ndjson"}}), 0);
  for (const auto* type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
        "application/jsonp", "text/plain; application/json", "application/ld+json"}) {
    EXPECT_EQ(judge_type({{"Content-Type", type}}), 415) << type;
  }
  EXPECT_EQ(judge_type({}), 415);
  EXPECT_EQ(judge_type({{"Content-Type", "application/json"}, {"Content-Type", "text/plain"}}), 415);
}

TEST(OpenMode, ExtraTypesCountBelowTheirPrefixOnly) {
  EXPECT_EQ(judge_type({{"Content-Type", "text/plain"}}, "/api/v1/webhooks/cef"), 0);
  EXPECT_EQ(judge_type({{"Content-Type", "message/rfc822"}}, "/api/v1/webhooks/email"), 0);
  EXPECT_EQ(judge_type({{"Content-Type", "text/html"}}, "/api/v1/webhooks/cef"), 415);
  EXPECT_NE(hint_of_type("text/html", "/api/v1/webhooks/cef").find(", or text/plain"), std::string::npos);
  EXPECT_EQ(hint_of_type("text/html", "/api/v1/alerts").find("text/plain"), std::string::npos);
  EXPECT_EQ(judge_type({{"Content-Type", "text/plain"}}, "/api/v1/webhooksx"), 415);
}

}  // namespace
}  // namespace tocsin::http
