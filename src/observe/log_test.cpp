#include "observe/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

struct FixedClock final : Clock {
  Timestamp now() const override { return *parse_time("2026-01-04T12:00:00Z"); }
};

std::string line(std::string_view event, Fields fields, std::string_view trace_id = {}) {
  return format_line(FixedClock().now(), Level::kInfo, event, trace_id, fields);
}

TEST(Log, WritesOneJsonObjectALine) {
  EXPECT_EQ(
      line("started", {{"address", "127.0.0.1:8000"}, {"threads", 2}, {"open", true}, {"load", 0.5}}, "abc"),
      R"({"ts":"2026-01-04T12:00:00.000Z","level":"info","event":"started","trace_id":"abc",)"
      R"("address":"127.0.0.1:8000","threads":2,"open":true,"load":0.5})");
}

TEST(Log, EscapesWhatAnAdversaryWroteSoThatNoLineCanBeForged) {
  const auto text = line("alert", {{"title", std::string("x\"}\n{\"level\":\"error\"\x1b[2J\xff")}});
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_THAT(text, HasSubstr(R"(x\"}\n{\"level\")"));
}

TEST(Log, RedactsFieldsWhoseNameSaysSecret) {
  const auto text = line("login", {{"Password", "hunter2"},
                                   {"OPENAI_API_KEY", "sk-1"},
                                   {"X-Auth-Token", "t0"},
                                   {"Authorization", "Bearer b"},
                                   {"user", "root"}});
  for (const auto* secret : {"hunter2", "sk-1", "t0\"", "Bearer"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  EXPECT_THAT(text, HasSubstr(R"("user":"root")"));
}

TEST(Log, CutsLongValuesAndLongLines) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "ä";
  EXPECT_LT(line("x", {{"a", text}}).size(), 2'200U);
  EXPECT_THAT(line("x", {{"a", "1" + text}}), HasSubstr("…"));
  const std::string big(2'000, 'b');
  const auto whole = line("x", {{"a", big},
                                {"b", big},
                                {"c", big},
                                {"d", big},
                                {"e", big},
                                {"f", big},
                                {"g", big},
                                {"h", big},
                                {"i", 1}});
  EXPECT_LE(whole.size(), 16'000U);
  EXPECT_THAT(whole, HasSubstr("\"cut\":true}"));
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const FixedClock clock;
  std::vector<std::string> lines;
  const Log log(Level::kWarn, clock, [&](std::string_view text) { lines.emplace_back(text); });
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d {} %s");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr(R"("level":"warn","event":"c")"));
  EXPECT_THAT(lines[1], HasSubstr("d {} %s"));
}

TEST(Log, StderrGetsTheLineAsItIs) {
  const FixedClock clock;
  testing::internal::CaptureStderr();
  Log(Level::kInfo, clock).info("braces_{}", {{"text", "{} %v %s"}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), line("braces_{}", {{"text", "{} %v %s"}}) + "\n");
}

TEST(Log, ReadsItsLevels) {
  EXPECT_EQ(parse_level("debug"), Level::kDebug);
  EXPECT_EQ(parse_level("error"), Level::kError);
  EXPECT_FALSE(parse_level("loud"));
}

}  // namespace
}  // namespace tocsin::observe
