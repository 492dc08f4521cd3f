#include "detect/sigma/rule_set.h"

#include <fstream>

#include "base/testing/temp_dir.h"
#include "detect/testing/rules.h"

namespace tocsin::detect::sigma {
namespace {

using test::event_of;
using test::parse_rules;
using test::refusal_of;

constexpr std::string_view kRule = R"(title: Whoami runs
id: 11111111-1111-4111-8111-111111111111
name: whoami
author: [Ann, Bob]
license: DRL-1.1
level: high
status: test
tags: [attack.discovery, attack.t1033]
references: https://example.org/a
falsepositives:
  - Administrators
logsource:
  product: Windows
  category: process_creation
  definition: 'Needs: command lines'
detection:
  selection:
    Image|endswith: '\whoami.exe'
  condition: selection
)";

TEST(SigmaRuleSet, ARuleKeepsWhatItSaysOfItself) {
  const auto set = parse_rules(kRule);
  ASSERT_EQ(set.rules.size(), 1u);
  const auto& rule = set.rules.front();
  EXPECT_EQ(rule.id, "11111111-1111-4111-8111-111111111111");
  EXPECT_EQ(rule.name, "whoami");
  EXPECT_EQ(rule.title, "Whoami runs");
  EXPECT_EQ(rule.author, "Ann, Bob");
  EXPECT_EQ(rule.license, "DRL-1.1");
  EXPECT_EQ(to_string(rule.level), "high");
  EXPECT_EQ(rule.status, Status::kTest);
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"attack.discovery", "attack.t1033"}));
  EXPECT_EQ(rule.references, std::vector<std::string>{"https://example.org/a"});
  EXPECT_EQ(rule.log_source, (LogSource{"windows", "process_creation", "", "Needs: command lines"}));
  EXPECT_EQ(rule.file, "t.yml");
}

TEST(SigmaRuleSet, WhatCannotBeHonouredIsRefusedWithItsPlaceAndTheRestLoads) {
  const auto set = parse_rules(std::string(kRule) + R"(---
title: Bad
logsource: {product: windows}
detection:
  sel:
    Image|endswth: x
  condition: sel
)");
  EXPECT_EQ(set.rules.size(), 1u);
  ASSERT_EQ(set.refusals.size(), 1u);
  EXPECT_EQ(set.refusals[0].where, "t.yml:25:11");
  EXPECT_EQ(set.refusals[0].message, "there is no modifier 'endswth'");
}

TEST(SigmaRuleSet, MissingPartsAreNamed) {
  const std::string source = "logsource: {product: p}\n";
  const std::string detection = "detection:\n  s: {a: b}\n  condition: s\n";
  EXPECT_EQ(refusal_of(source + detection).message, "there is no 'title'");
  EXPECT_EQ(refusal_of("title: T\n" + detection).message, "there is no 'logsource'");
  EXPECT_EQ(refusal_of("title: T\n" + source).message, "there is no 'detection'");
  EXPECT_EQ(refusal_of("title: T\n" + source + "detection:\n  s: {a: b}\n").message,
            "there is no 'condition'");
  EXPECT_EQ(refusal_of("title: T\n" + source + "detection:\n  condition: s\n").message,
            "there is no selection");
  EXPECT_EQ(refusal_of("title: T\nlevel: urgent\n" + source + detection).where, "t.yml:2:8");
  EXPECT_EQ(refusal_of("title: T\nlogsource: {definition: x}\n" + detection).message,
            "the log source has no product, category or service");
}

TEST(SigmaRuleSet, KeysThatStandTwiceAreRefused) {
  const auto refusal =
      refusal_of("title: T\nlogsource: {product: p}\ndetection:\n  s:\n    a: 1\n    a: 2\n  condition: s\n");
  EXPECT_EQ(refusal.message, "the key 'a' stands here twice");
  EXPECT_EQ(refusal.where, "t.yml:6:5");
}

TEST(SigmaRuleSet, AnIdIsForOneRule) {
  const auto set = parse_rules(std::string(kRule) + "---\n" + std::string(kRule));
  EXPECT_EQ(set.rules.size(), 1u);
  ASSERT_EQ(set.refusals.size(), 1u);
  EXPECT_NE(set.refusals[0].message.find("is taken by t.yml:1:1"), std::string::npos);
}

TEST(SigmaRuleSet, DocumentsBeforeBrokenYamlCount) {
  const auto set = parse_rules(std::string(kRule) + "---\ntitle: [never\nclosed: {\n");
  EXPECT_EQ(set.rules.size(), 1u);
  EXPECT_EQ(set.refusals.size(), 1u);
  EXPECT_EQ(parse_rules("name: not a rule\n").other_documents, 1u);
  EXPECT_TRUE(parse_rules("").refusals.empty());
  EXPECT_EQ(refusal_of(",").message, "not YAML: did not find expected node content");
  EXPECT_FALSE(parse_rules("a: b\n]\n}\n").refusals.empty());
}

TEST(SigmaRuleSet, GlobalDocumentsSpeakForTheOnesAfterThem) {
  const auto set = parse_rules(R"(action: global
title: Shared
level: low
logsource: {product: windows}
detection:
  condition: s
---
id: a
detection:
  s: {EventID: 1}
---
action: repeat
id: b
level: high
---
action: reset
---
title: Own
logsource: {product: linux}
detection:
  s: {x: y}
  condition: s
)");
  ASSERT_EQ(set.rules.size(), 3u) << to_string(set.refusals.front());
  EXPECT_EQ(set.rules[0].title, "Shared");
  EXPECT_EQ(set.rules[0].level, Level::kLow);
  EXPECT_EQ(set.rules[1].id, "b");
  EXPECT_EQ(set.rules[1].level, Level::kHigh);
  EXPECT_TRUE(matches(set.rules[1], event_of(R"({"EventID":1})")));
  EXPECT_EQ(set.rules[2].log_source.product, "linux");
}

TEST(SigmaRuleSet, AnchorsAreCopiedWithinBounds) {
  const auto set = parse_rules(
      "title: T\nlogsource: {product: p}\ndetection:\n  a: &x {f: [1, 2]}\n  b: *x\n  condition: b\n");
  ASSERT_EQ(set.rules.size(), 1u);
  EXPECT_TRUE(matches(set.rules[0], event_of(R"({"f":2})")));
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string("*") + static_cast<char>(c - 1) + ", ";
    bomb += "]\n";
  }
  EXPECT_NE(refusal_of(bomb).message.find("4 MiB"), std::string::npos);
  EXPECT_NE(refusal_of(std::string(10'000, '[')).message.find("32 levels"), std::string::npos);
}

TEST(SigmaRuleSet, GlobalDocumentsGrowWithinBounds) {
  std::string text = "action: global\nreferences: [" + std::string(100'000, 'x') + "]\n";
  for (int i = 0; i < 1'000; ++i) text += "---\na: b\n";
  EXPECT_NE(refusal_of(text).message.find("16 MiB"), std::string::npos);
  std::string keys;
  for (int i = 0; i < 10'001; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  EXPECT_NE(refusal_of(keys).message.find("keys in one map"), std::string::npos);
}

TEST(SigmaRuleSet, DirectoriesAreReadByNameWithoutWhatIsHidden) {
  const test::TempDir folder;
  const auto write = [&](const std::string& name, std::string_view id) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name)
        << "title: " << name << "\nid: " << id
        << "\nlogsource: {product: p}\ndetection:\n  s: {a: b}\n  condition: s\n";
  };
  write("b.yml", "1");
  write("a/z.yaml", "2");
  write(".git/c.yml", "3");
  write("notes.txt", "4");
  const auto set = RuleSet::load(std::vector{folder.path()});
  ASSERT_EQ(set.rules.size(), 2u);
  EXPECT_EQ(set.rules[0].id, "2");
  EXPECT_EQ(set.rules[1].file, folder.file("b.yml"));
  const auto none = RuleSet::load(std::vector{folder.path() / "absent.yml"});
  ASSERT_EQ(none.refusals.size(), 1u);
  EXPECT_EQ(none.refusals[0].message, "the file cannot be read");
}

constexpr std::string_view kFilter = R"(---
title: No service accounts
logsource: {product: windows}
filter:
  rules: [whoami]
  service: {User|startswith: svc_}
  condition: not service
)";

TEST(SigmaFilter, IsPartOfTheConditionOfTheRulesItNames) {
  const auto set = parse_rules(std::string(kRule) + std::string(kFilter));
  ASSERT_EQ(set.rules.size(), 1u);
  EXPECT_TRUE(set.refusals.empty());
  EXPECT_EQ(set.rules[0].filters, std::vector<std::string>{"No service accounts"});
  EXPECT_TRUE(matches(set.rules[0], event_of(R"({"Image":"C:\\whoami.exe","User":"ann"})")));
  EXPECT_FALSE(matches(set.rules[0], event_of(R"({"Image":"C:\\whoami.exe","User":"svc_backup"})")));
  EXPECT_FALSE(matches(set.rules[0], event_of(R"({"Image":"C:\\x.exe","User":"ann"})")));
}

TEST(SigmaFilter, OnlyRulesOfItsLogSourceAreFiltered) {
  auto other = std::string(kFilter);
  other.replace(other.find("windows"), 7, "linux");
  const auto set = parse_rules(std::string(kRule) + other);
  EXPECT_TRUE(set.rules[0].filters.empty());
  ASSERT_EQ(set.refusals.size(), 1u);
  EXPECT_EQ(set.refusals[0].message, "the filter fits no rule that is loaded");
  auto any = std::string(kFilter);
  any.replace(any.find("[whoami]"), 8, "any");
  EXPECT_EQ(parse_rules(std::string(kRule) + any).rules[0].filters.size(), 1u);
}

TEST(SigmaPlaceholders, AreReadFromAMapOfLists) {
  const test::TempDir folder;
  std::ofstream(folder.file("p.yml")) << "admins: [adm_*, root]\ndomain: corp\n";
  const auto placeholders = load_placeholders(folder.file("p.yml"));
  ASSERT_TRUE(placeholders.ok());
  EXPECT_EQ(*placeholders, (Placeholders{{"admins", {"adm_*", "root"}}, {"domain", {"corp"}}}));
  EXPECT_FALSE(load_placeholders(folder.file("absent.yml")).ok());
}

}  // namespace
}  // namespace tocsin::detect::sigma
