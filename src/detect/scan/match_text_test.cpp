#include "detect/scan/match_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

std::vector<sigma::Rule> one_rule() {
  sigma::Rule rule;
  rule.id = "1-2";
  rule.title = "A \"title\" with \x1b[31m";
  rule.author = "Zoë";
  rule.level = sigma::Level::kHigh;
  rule.tags = {"attack.t1059"};
  return {rule};
}

TEST(MatchLines, HoldWhatTheContractSays) {
  const auto rules = one_rule();
  const std::vector<sigma::Correlation> none;
  const std::vector<std::string> files{"dir/a \"b\".jsonl", "-"};
  const MatchLines lines(rules, none, files);
  std::string out;
  lines.append(out, 0, {7, 0, "4688"});
  lines.append(out, 1, {8, 0, ""});
  EXPECT_EQ(out, R"({"rule_id":"1-2","title":"A \"title\" with \u001b[31m","author":"Zoë","level":"high",)"
                 R"("tags":["attack.t1059"],"file":"dir/a \"b\".jsonl","line":7,"event_id":4688})"
                 "\n"
                 R"({"rule_id":"1-2","title":"A \"title\" with \u001b[31m","author":"Zoë","level":"high",)"
                 R"("tags":["attack.t1059"],"file":"-","line":8})"
                 "\n");
}

TEST(MatchTable, HasColumnsAndNoControlCharacters) {
  const auto rules = one_rule();
  const std::vector<sigma::Correlation> none;
  const std::vector<std::string> files{"a\x1b.jsonl"};
  const MatchTable table(rules, none, files);
  std::string out = table.header();
  table.append(out, 0, {7, 0, "\"x\""});
  EXPECT_THAT(out, testing::StartsWith("LEVEL          WHERE             EVENT   RULE\nhigh           a"));
  EXPECT_THAT(out, testing::HasSubstr(":7  "));
  EXPECT_THAT(out, testing::HasSubstr("  x       A \"title\" with "));
  EXPECT_THAT(out, testing::EndsWith(" (Zoë)\n"));
  EXPECT_THAT(out, testing::Not(testing::HasSubstr("\x1b")));
}

std::vector<sigma::Correlation> one_correlation() {
  sigma::Correlation rule;
  rule.name = "many";
  rule.title = "Many";
  rule.author = "Zoë";
  rule.group_by = {"User"};
  return {rule};
}

ScanHit one_hit() {
  ScanHit hit;
  hit.group = {"ann\x1b"};
  hit.first = *parse_time("2026-01-01T00:00:00Z");
  hit.last = *parse_time("2026-01-01T00:01:00Z");
  hit.value = std::int64_t{2};
  hit.events = {{1, 9}, {0, 7}};
  return hit;
}

TEST(MatchLines, OfACorrelationSayTheGroupAndItsEvents) {
  const auto rules = one_correlation();
  const std::vector<std::string> files{"a", "b"};
  std::string out;
  MatchLines({}, rules, files).append(out, one_hit());
  EXPECT_EQ(
      out,
      R"({"rule_id":"many","title":"Many","author":"Zoë","level":"medium","tags":[],"file":"a","line":7,)"
      R"("correlation":{"group":{"User":"ann\u001b"},"value":2,"first":"2026-01-01T00:00:00.000Z",)"
      R"("last":"2026-01-01T00:01:00.000Z","events":[{"file":"b","line":9},{"file":"a","line":7}]}})"
      "\n");
}

TEST(MatchTable, OfACorrelationHasTheGroupWithoutControlCharacters) {
  const auto rules = one_correlation();
  const std::vector<std::string> files{"a", "b"};
  const std::vector<sigma::Rule> none;
  std::string out;
  MatchTable(none, rules, files).append(out, one_hit());
  EXPECT_THAT(out, testing::StartsWith("medium         a:7"));
  EXPECT_THAT(out, testing::HasSubstr("Many (Zoë): ann"));
  EXPECT_THAT(out, testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace tocsin::detect
