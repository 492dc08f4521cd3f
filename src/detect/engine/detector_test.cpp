#include "detect/engine/detector.h"

#include <gtest/gtest.h>

#include <random>

#include "detect/engine/rule_text.h"

namespace tocsin::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRules = R"(
title: Shell From Office
id: 11111111-1111-4111-8111-111111111111
author: Ana
license: DRL 1.1
level: high
tags: [attack.execution, attack.t1059.001, cve.2021-40444]
logsource: {product: windows, category: process_creation}
detection:
  parent: {ParentImage|endswith: ['\winword.exe', '\excel.exe']}
  child: {Image|endswith: '\powershell.exe'}
  condition: parent and child
---
title: Any Shell
id: 22222222-2222-4222-8222-222222222222
level: low
logsource: {product: windows, category: process_creation}
detection:
  shell: {Image|endswith: '\powershell.exe'}
  condition: shell
---
title: Failed Logon
id: 33333333-3333-4333-8333-333333333333
name: failed_logon
level: informational
logsource: {product: windows, service: security}
detection:
  failed: {EventID: 4625}
  condition: failed
---
title: Many Failed Logons
id: 44444444-4444-4444-8444-444444444444
level: high
correlation:
  type: event_count
  rules: [failed_logon]
  group-by: [TargetUserName]
  timespan: 10m
  condition: {gte: 3}
)";

const Timestamp kNow = from_unix_nanos(1'700'000'000'000'000'000);

RuleCatalogPtr catalog() {
  auto set = sigma::RuleSet::parse(kRules, "test.yml");
  EXPECT_TRUE(set.refusals.empty());
  return std::make_shared<const RuleCatalog>(std::move(set), SourceTable::built_in());
}

Detector make(RulePolicyData policy = {}) {
  auto made = RulePolicy::make(std::move(policy));
  EXPECT_TRUE(made) << to_string(made.error());
  auto detector = Detector::create(catalog(), std::make_shared<const RulePolicy>(*std::move(made)), {});
  EXPECT_TRUE(detector);
  return *std::move(detector);
}

model::Event event(std::string raw, model::Seq seq = 1, std::chrono::seconds after = 0s) {
  model::Event made;
  made.seq = seq;
  made.source = "local";
  made.occurred_at = made.received_at = kNow + after;
  made.raw = std::move(raw);
  return made;
}

model::Event shell_from_word(std::string_view user = "CORP\\\\ana") {
  return event(R"({"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"User":")" +
               std::string(user) +
               R"(","Image":"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",)" +
               R"("ParentImage":"C:\\Program Files\\Office\\WINWORD.EXE"})");
}

model::Event failed_logon(std::string_view user, model::Seq seq, std::chrono::seconds after) {
  return event(R"({"Channel":"Security","EventID":4625,"TargetUserName":")" + std::string(user) + "\"}", seq,
               after);
}

std::vector<std::string> rules_of(const std::vector<Finding>& findings) {
  std::vector<std::string> rules;
  for (const auto& finding : findings) rules.push_back(finding.headline);
  return rules;
}

using Titles = std::vector<std::string>;

TEST(Detector, TellsEachRuleThatMatchesWithTheValuesAndTheAuthor) {
  auto detector = make();
  const auto one = shell_from_word();
  const auto findings = detector.judge(std::span(&one, 1), kNow);
  ASSERT_EQ(rules_of(findings), (Titles{"Shell From Office", "Any Shell"}));
  const auto& first = findings.front();
  EXPECT_EQ(first.severity, model::Severity::kHigh);
  EXPECT_EQ(first.notice.author, "Ana");
  ASSERT_EQ(first.evidence.size(), 2U);
  EXPECT_EQ(first.evidence[0].field, "ParentImage");
  EXPECT_EQ(first.evidence[0].value, "C:\\Program Files\\Office\\WINWORD.EXE");
  EXPECT_NE(first.reason.find("WINWORD.EXE"), std::string::npos);
  EXPECT_NE(findings[0].id, findings[1].id);
}

// Rules read it; what asks for evidence reads numbers, and none of this size.
TEST(Detector, ANumberOfAnySizeHidesNothing) {
  auto detector = make();
  auto one = shell_from_word();
  one.raw.insert(1, R"("EventRecordID":123456789012345678901234567890,)");
  const auto findings = detector.judge(std::span(&one, 1), kNow);
  EXPECT_EQ(rules_of(findings), (Titles{"Shell From Office", "Any Shell"}));
  EXPECT_EQ(detector.figures().unreadable, 0U);
}

TEST(Detector, EvidenceIsBounded) {
  auto detector = make();
  auto one = shell_from_word();
  const std::string image = R"("Image":")";
  one.raw.insert(one.raw.find(image) + image.size(), std::string(1U << 20U, 'x'));
  const auto findings = detector.judge(std::span(&one, 1), kNow);
  ASSERT_EQ(findings.size(), 2U);
  for (const auto& finding : findings) {
    EXPECT_EQ(finding.event, findings.front().event);  // one copy
    for (const auto& value : finding.evidence) EXPECT_LE(value.value.size(), 2'100U);
  }
}

TEST(Detector, AnAlertNamesTheRuleItsAuthorAndTheTechnique) {
  auto detector = make();
  const auto one = shell_from_word();
  const auto findings = detector.judge(std::span(&one, 1), kNow);
  ASSERT_FALSE(findings.empty());
  const auto alert = to_alert(findings.front());
  EXPECT_EQ(alert.source, kDetectionSource);
  EXPECT_EQ(alert.type, "shell_from_office");
  EXPECT_EQ(alert.attack.techniques, (std::vector<std::string>{"T1059.001"}));
  EXPECT_EQ(alert.attack.tactics, (std::vector<std::string>{"TA0002"}));
  EXPECT_EQ(alert.tags,
            (std::vector<std::string>{"rule:11111111-1111-4111-8111-111111111111", "cve.2021-40444"}));
  EXPECT_NE(alert.raw.find(R"("author":"Ana","license":"DRL 1.1")"), std::string::npos) << alert.raw;
  const auto other = to_alert(findings.back());
  EXPECT_NE(alert.source_id, other.source_id);
}

TEST(Detector, ARuleThatIsOffIsSilentAndALevelOfTheTenantCounts) {
  RulePolicyData policy;
  policy.rules["22222222-2222-4222-8222-222222222222"].enabled = false;
  policy.rules["11111111-1111-4111-8111-111111111111"].level = sigma::Level::kCritical;
  auto detector = make(std::move(policy));
  const auto one = shell_from_word();
  const auto findings = detector.judge(std::span(&one, 1), kNow);
  ASSERT_EQ(rules_of(findings), (Titles{"Shell From Office"}));
  EXPECT_EQ(findings.front().severity, model::Severity::kCritical);
}

TEST(Detector, AnExceptionHidesWhatItSaysUntilItEndsAndIsCounted) {
  RulePolicyData policy;
  policy.exceptions.push_back({.id = "EX-1",
                               .rule = "11111111-1111-4111-8111-111111111111",
                               .when = R"({"User|endswith":"\\svc_deploy"})",
                               .reason = "deployment",
                               .owner = "ana",
                               .created_at = kNow,
                               .expires_at = kNow + 1h});
  auto detector = make(std::move(policy));
  const auto hidden = shell_from_word("CORP\\\\svc_deploy");
  const auto told = shell_from_word();
  EXPECT_EQ(rules_of(detector.judge(std::span(&hidden, 1), kNow)), (Titles{"Any Shell"}));
  EXPECT_EQ(detector.judge(std::span(&told, 1), kNow).size(), 2U);
  EXPECT_EQ(detector.figures().hidden.at("EX-1"), 1U);
  EXPECT_EQ(detector.judge(std::span(&hidden, 1), kNow + 1h).size(), 2U);
}

TEST(Detector, AnExceptionThatCannotBeReadIsRefused) {
  for (const auto* when : {"{}", "[]", "{\"User|nothing\":1}", "{\"a\":", "7"}) {
    EXPECT_FALSE(parse_exception(when)) << when;
  }
  EXPECT_FALSE(parse_exception(std::string(kMaxExceptionBytes + 1, ' ')));
  EXPECT_TRUE(parse_exception(R"({"Image|endswith":["\\a.exe","\\b.exe"],"User":"x"})"));
}

TEST(Detector, ACorrelationReportsInPlaceOfWhatItCounts) {
  auto detector = make();
  std::vector<model::Event> events;
  for (int i = 0; i < 3; ++i) {
    events.push_back(failed_logon("ana", 10 + i, std::chrono::seconds(60 * i)));
    events.push_back(failed_logon("user" + std::to_string(i), 20 + i, std::chrono::seconds(60 * i)));
  }
  const auto findings = detector.judge(events, kNow);
  ASSERT_EQ(rules_of(findings), (Titles{"Many Failed Logons"}));
  EXPECT_EQ(findings.front().event_seqs, (std::vector<model::Seq>{10, 11, 12}));
  EXPECT_NE(findings.front().reason.find("ana"), std::string::npos) << findings.front().reason;
  EXPECT_NE(findings.front().reason.find("Counted 3"), std::string::npos) << findings.front().reason;
}

TEST(Detector, WarmingUpRemembersAndSaysNothing) {
  auto detector = make();
  const std::vector<model::Event> before{failed_logon("ana", 1, 0s), failed_logon("ana", 2, 60s)};
  detector.warm_up(before, kNow);
  EXPECT_EQ(detector.figures().events, 0U);
  const auto third = failed_logon("ana", 3, 120s);
  EXPECT_EQ(rules_of(detector.judge(std::span(&third, 1), kNow)), (Titles{"Many Failed Logons"}));
}

TEST(Detector, WhatIsNoObjectIsCountedAndTheRestIsJudged) {
  auto detector = make();
  const std::vector<model::Event> events{event("{\"a\":"), event("\"a line of text\""), shell_from_word()};
  EXPECT_EQ(detector.judge(events, kNow).size(), 2U);
  EXPECT_EQ(detector.figures().events, 3U);
  EXPECT_EQ(detector.figures().unreadable, 1U);
}

// Deliveries of 1 to 400 events of six users, some of them no JSON.
std::vector<std::vector<model::Event>> random_deliveries(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::vector<model::Event>> deliveries(12);
  model::Seq seq = 0;
  for (auto& delivery : deliveries) {
    for (auto left = random() % 400 + 1; left > 0; --left) {
      const auto user = "user" + std::to_string(random() % 6);
      const auto kind = random() % 4;
      ++seq;
      if (kind == 0) delivery.push_back(event("{\"a\":", seq));
      if (kind == 1) delivery.push_back(shell_from_word(user));
      if (kind > 1) delivery.push_back(failed_logon(user, seq, std::chrono::seconds(seq * (random() % 30))));
      delivery.back().seq = seq;
    }
  }
  return deliveries;
}

struct Told {
  std::vector<std::string> findings;
  Detector::Figures figures;
};

Told tell(const std::vector<std::vector<model::Event>>& deliveries, WorkPool* helpers) {
  DetectorOptions options;
  options.helpers = helpers;
  auto detector = Detector::create(catalog(), nullptr, options);
  EXPECT_TRUE(detector);
  Told told;
  for (const auto& delivery : deliveries) {
    for (const auto& finding : detector->judge(delivery, kNow)) {
      std::string line = finding.id + ' ' + finding.rule + ' ' + finding.reason;
      for (const auto of : finding.event_seqs) line += ' ' + std::to_string(of);
      told.findings.push_back(std::move(line));
    }
  }
  told.figures = detector->figures();
  return told;
}

TEST(Detector, HelpersChangeNothing) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const auto deliveries = random_deliveries(seed);
    const auto alone = tell(deliveries, nullptr);
    ASSERT_FALSE(alone.findings.empty());
    EXPECT_TRUE(std::any_of(alone.findings.begin(), alone.findings.end(), [](const std::string& line) {
      return line.find("44444444") != std::string::npos;
    }));
    for (const std::size_t helpers : {0U, 1U, 3U}) {
      WorkPool pool(helpers, "match");
      const auto told = tell(deliveries, &pool);
      EXPECT_EQ(told.findings, alone.findings) << helpers;
      EXPECT_EQ(told.figures.events, alone.figures.events);
      EXPECT_EQ(told.figures.unreadable, alone.figures.unreadable);
      EXPECT_EQ(told.figures.matches, alone.figures.matches);
    }
  }
}

TEST(RuleText, IsTheDocumentOfTheLine) {
  const std::string text = "# head\n---\ntitle: a\nid: 1\n---\ntitle: b\n";
  EXPECT_EQ(document_at(text, 3), "title: a\nid: 1\n");
  EXPECT_EQ(document_at(text, 6), "title: b\n");
  EXPECT_EQ(document_at(text, 7), "");
  EXPECT_EQ(document_at("title: c", 1), "title: c\n");
}

}  // namespace
}  // namespace tocsin::detect
