#include "detect/source/event_time.h"

#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

std::optional<std::string> time_in(std::string_view json) {
  simdjson::dom::parser parser;
  const auto time = event_time(parser.parse(simdjson::padded_string(json)).value());
  return time ? std::optional(to_rfc3339(*time)) : std::nullopt;
}

TEST(EventTime, ARecordsOwnTimeGoesBeforeThatOfStorage) {
  EXPECT_EQ(time_in(R"({"@timestamp":"2026-01-02T00:00:00Z","UtcTime":"2026-01-01 10:00:00.5"})"),
            "2026-01-01T10:00:00.500Z");
  EXPECT_EQ(time_in(R"({"ts":1767225600.25})"), "2026-01-01T00:00:00.250Z");
  EXPECT_EQ(
      time_in(
          R"({"Event":{"System":{"TimeCreated":{"#attributes":{"SystemTime":"2026-01-01T00:00:00Z"}}}}})"),
      "2026-01-01T00:00:00.000Z");
}

TEST(EventTime, WhatIsNoTimeGivesWayToWhatIs) {
  EXPECT_EQ(time_in(R"({"time":"noon","eventTime":"2026-01-01T00:00:00Z"})"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(time_in(R"({"timestamp":null,"date":[{},"today"],"_time":"2026-01-01T00:00:01Z"})"),
            "2026-01-01T00:00:01.000Z");
  EXPECT_EQ(time_in(R"({"time":true})"), std::nullopt);
  EXPECT_EQ(time_in(R"({})"), std::nullopt);
}

}  // namespace
}  // namespace tocsin::detect
