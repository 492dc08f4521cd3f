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
  const MatchLines lines(rules);
  std::string out;
  lines.append(out, "dir/a \"b\".jsonl", {7, 0, "4688"});
  lines.append(out, "-", {8, 0, ""});
  EXPECT_EQ(out, R"({"rule_id":"1-2","title":"A \"title\" with \u001b[31m","author":"Zoë","level":"high",)"
                 R"("tags":["attack.t1059"],"file":"dir/a \"b\".jsonl","line":7,"event_id":4688})"
                 "\n"
                 R"({"rule_id":"1-2","title":"A \"title\" with \u001b[31m","author":"Zoë","level":"high",)"
                 R"("tags":["attack.t1059"],"file":"-","line":8})"
                 "\n");
}

TEST(MatchTable, HasColumnsAndNoControlCharacters) {
  const auto rules = one_rule();
  const MatchTable table(rules, {"a\x1b.jsonl"});
  std::string out = table.header();
  table.append(out, "a\x1b.jsonl", {7, 0, "\"x\""});
  EXPECT_THAT(out, testing::StartsWith("LEVEL          WHERE             EVENT   RULE\nhigh           a"));
  EXPECT_THAT(out, testing::HasSubstr(":7  "));
  EXPECT_THAT(out, testing::HasSubstr("  x       A \"title\" with "));
  EXPECT_THAT(out, testing::EndsWith(" (Zoë)\n"));
  EXPECT_THAT(out, testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace tocsin::detect
