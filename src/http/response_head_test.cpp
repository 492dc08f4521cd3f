#include "http/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/gzip.h"
#include "http/trace.h"

namespace tocsin::http {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string head(const Response& response,
                 HeadContext context = {"t1", "Sun, 06 Nov 1994 08:49:37 GMT", "default-src 'self'"}) {
  std::string out;
  append_head(out, response, context);
  return out;
}

TEST(ResponseHead, AddsWhatEveryAnswerCarries) {
  const auto text = head(json_response(201, "{}"));
  EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 201 Created\r\n"));
  for (const auto* line :
       {"Content-Type: application/json\r\n", "Cache-Control: no-store\r\n", "Content-Length: 2\r\n",
        "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
        "X-Frame-Options: DENY\r\n", "Cross-Origin-Opener-Policy: same-origin\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n", "Permissions-Policy: camera=(), ",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n",
        "X-Trace-Id: t1\r\n", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("Access-Control")));
  EXPECT_THAT(text, Not(HasSubstr("Strict-Transport-Security")));
}

TEST(ResponseHead, KeepsTheHandlersOwnCacheControl) {
  auto response = json_response(200, "{}");
  response.headers.emplace_back("cache-control", "max-age=5");
  EXPECT_THAT(head(response), Not(HasSubstr("no-store")));
}

TEST(ResponseHead, HtmlGetsThePolicy) {
  Response response;
  response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  EXPECT_THAT(head(response), HasSubstr("Content-Security-Policy: default-src 'self'\r\n"));
  response.headers.emplace_back("Content-Security-Policy", "none");
  EXPECT_THAT(head(response), Not(HasSubstr("default-src")));
}

// Its headers replace those that the browser kept with the page: a policy for no page would take its scripts.
TEST(ResponseHead, NotModifiedSaysNothingOfThePolicy) {
  Response response;
  response.status = 304;
  EXPECT_THAT(head(response), Not(HasSubstr("Content-Security-Policy")));
}

TEST(ResponseHead, HeaderValuesCannotStartHeaders) {
  Response response;
  response.headers.emplace_back("Location", "/x\r\nSet-Cookie: a=b\r\n\r\n<script>");
  EXPECT_THAT(head(response), Not(HasSubstr("\r\nSet-Cookie")));
}

TEST(ResponseHead, NoContentHasNoLength) {
  Response response;
  response.status = 204;
  EXPECT_THAT(head(response), Not(HasSubstr("Content-Length")));
}

TEST(Compress, ShrinksLargeTextForClientsThatTakeIt) {
  auto response = json_response(200, std::string(5'000, 'x'));
  compress(response, true, 1'024);
  EXPECT_LT(response.body.size(), 100U);
  EXPECT_EQ(*gunzip(response.body, 5'000), std::string(5'000, 'x'));
  EXPECT_THAT(response.headers,
              testing::IsSupersetOf({Header("Content-Encoding", "gzip"), Header("Vary", "Accept-Encoding")}));
}

TEST(Compress, LeavesTheRestAlone) {
  auto small = json_response(200, "{}");
  compress(small, true, 1'024);
  EXPECT_EQ(small.body, "{}");
  auto unasked = json_response(200, std::string(5'000, 'x'));
  compress(unasked, false, 1'024);
  EXPECT_EQ(unasked.body.size(), 5'000U);
  EXPECT_THAT(unasked.headers, testing::Contains(Header("Vary", "Accept-Encoding")));
  Response picture;
  picture.headers.emplace_back("Content-Type", "image/png");
  picture.body.assign(5'000, 'x');
  compress(picture, true, 1'024);
  EXPECT_EQ(picture.body.size(), 5'000U);
}

TEST(HttpDate, IsImfFixdate) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(TraceId, ComesFromAValidTraceparentOnly) {
  EXPECT_EQ(trace_id_from("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            "0af7651916cd43dd8448eb211c80319c");
  for (const auto* bad : {"", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                          "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                          "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                          "00-0af7651916cd43dd8448eb211c80319c\"b7ad6b7169203331-01"}) {
    const auto id = trace_id_from(bad);
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(id, "0af7651916cd43dd8448eb211c80319c") << bad;
  }
  EXPECT_NE(make_trace_id(), make_trace_id());
}

}  // namespace
}  // namespace tocsin::http
