#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "http/http.h"

namespace tocsin::http {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

TEST(Problem, IsTheContractsBody) {
  const auto response = problem_response(
      {422, "Invalid content", "bad", "do better", {{"/severity", "not a word"}, {"/ts", "no time"}}},
      "ab12");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.headers.front(), Header("Content-Type", "application/problem+json"));
  const auto body = json::parse(response.body).as_object();
  EXPECT_EQ(body.at("type").as_string(), "about:blank");
  EXPECT_EQ(body.at("title").as_string(), "Invalid content");
  EXPECT_EQ(body.at("status").as_int64(), 422);
  EXPECT_EQ(body.at("detail").as_string(), "bad");
  EXPECT_EQ(body.at("hint").as_string(), "do better");
  EXPECT_EQ(body.at("trace_id").as_string(), "ab12");
  EXPECT_EQ(body.at("errors").as_array().size(), 2U);
  EXPECT_EQ(body.at("errors").at(0).at("pointer").as_string(), "/severity");
}

TEST(Problem, EscapesEveryText) {
  const std::string evil = "\"},{\"x\":\n\x01\xff\\";
  const auto response = problem_response({400, evil, evil, evil, {{evil, evil}}}, evil);
  const auto body = json::parse(response.body).as_object();
  EXPECT_EQ(body.size(), 7U);
  EXPECT_EQ(body.at("detail").as_string(), "\"},{\"x\":\n\x01\xEF\xBF\xBD\\");
}

TEST(ToResponse, MapsEachKindToItsStatus) {
  const std::pair<ErrorKind, int> rows[] = {
      {ErrorKind::kInvalidSyntax, 400}, {ErrorKind::kInvalidInput, 422}, {ErrorKind::kNotFound, 404},
      {ErrorKind::kConflict, 409},      {ErrorKind::kTooLarge, 413},     {ErrorKind::kUnsupported, 415},
      {ErrorKind::kForbidden, 403},     {ErrorKind::kBusy, 429},         {ErrorKind::kStorageFull, 507},
      {ErrorKind::kUnavailable, 503},   {ErrorKind::kInternal, 500}};
  for (const auto& [kind, status] : rows) EXPECT_EQ(to_response(error(kind, "op", "m"), "t").status, status);
}

TEST(ToResponse, BusyAnswersSayWhenToComeBack) {
  const auto response = to_response(error(ErrorKind::kBusy, "ingest", "queue full"), "t");
  EXPECT_THAT(response.headers, testing::Contains(Header("Retry-After", "1")));
}

TEST(ToResponse, InternalErrorsTellTheClientNothingOfTheInside) {
  const auto response = to_response(
      error(ErrorKind::kInternal, "open", "SELECT * FROM alerts failed", "fsck", "/var/db.sqlite:3"), "t9");
  for (const auto* inside : {"SELECT", "fsck", "sqlite", "open"})
    EXPECT_THAT(response.body, Not(HasSubstr(inside)));
  EXPECT_THAT(response.body, HasSubstr("t9"));
}

TEST(ToResponse, PlacesBecomePointersOrStandInTheDetail) {
  const auto pointed = to_response(error(ErrorKind::kInvalidInput, "read", "wrong", "", "/a/0"), "t");
  EXPECT_THAT(pointed.body, HasSubstr(R"("errors":[{"pointer":"/a/0","detail":"wrong"}])"));
  const auto offset = to_response(error(ErrorKind::kInvalidSyntax, "read", "no JSON", "", "byte 12"), "t");
  EXPECT_THAT(offset.body, HasSubstr("no JSON (byte 12)"));
}

}  // namespace
}  // namespace tocsin::http
