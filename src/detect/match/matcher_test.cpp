#include "detect/match/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "detect/match/plain_match.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::detect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string padded(std::string_view json) {
  std::string text(json);
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  return text;
}

// Rules of one log source, each given by its detection; titles are their numbers.
std::vector<sigma::Rule> rules_of(const std::string& log_source, const std::vector<std::string>& detections) {
  std::string yaml;
  for (std::size_t i = 0; i < detections.size(); ++i)
    yaml += "---\ntitle: rule " + std::to_string(i) + "\nlogsource: " + log_source +
            "\ndetection: " + detections[i] + '\n';
  auto set = sigma::RuleSet::parse(yaml, "test.yml");
  for (const auto& refusal : set.refusals) ADD_FAILURE() << to_string(refusal);
  return std::move(set.rules);
}

// What both matchers answer; a difference fails the test.
std::vector<std::uint32_t> matches_of(const std::vector<sigma::Rule>& rules, std::string_view event,
                                      const LogSource& given = {}) {
  const auto& sources = SourceTable::built_in();
  const RuleMatcher matcher(rules, sources);
  RuleMatcher::Scratch scratch(matcher);
  const auto json = padded(event);
  std::vector<std::uint32_t> fast;
  for (int twice = 0; twice < 2; ++twice) {
    const auto matched = matcher.match(json, given, scratch);
    EXPECT_TRUE(matched) << event;
    if (matched) fast.assign(matched->begin(), matched->end());
    const auto plain = match_plainly(event, given, rules, sources);
    EXPECT_TRUE(plain) << event;
    if (plain) {
      EXPECT_EQ(fast, *plain) << event;
    }
  }
  return fast;
}

const std::string kProcess = "{product: windows, category: process_creation}";

std::string process(const std::string& members) {
  return R"({"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,)" + members + "}";
}

TEST(RuleMatcher, AnswersEachKindOfQuestion) {
  const auto rules = rules_of(
      kProcess,
      {"{s: {Image|endswith: '\\cmd.exe'}, condition: s}", "{s: {Image|startswith: 'c:\\win'}, condition: s}",
       "{s: {CommandLine|contains: ' /C '}, condition: s}",
       "{s: {Image: 'C:\\Windows\\cmd.exe'}, condition: s}",
       "{s: {CommandLine|re: '/c\\s+who'}, condition: s}", "{s: {ProcessId: 7}, condition: s}",
       "{s: {ProcessId|gte: 8}, condition: s}", "{s: {ParentImage: null}, condition: s}",
       "{s: {User|exists: false}, condition: s}", "{s: {CommandLine|contains|cased: 'WHOAMI'}, condition: s}",
       "{s: {CommandLine: '*cmd*whoami'}, condition: s}",
       "{s: {Image|contains|all: [Win, cmd]}, condition: s}", "{s: {Image: ''}, condition: s}",
       "{s: {ip|cidr: 10.0.0.0/8}, condition: s}",
       "{s: {CommandLine|fieldref|startswith: Image}, condition: s}",
       "{s: {CommandLine: '*'}, condition: s}"});
  EXPECT_THAT(
      matches_of(rules,
                 process(R"("Image":"C:\\Windows\\CMD.exe","CommandLine":"cmd /c whoami","ProcessId":7)")),
      ElementsAre(0, 1, 2, 3, 4, 5, 7, 8, 10, 11, 15));
  EXPECT_THAT(
      matches_of(
          rules,
          process(R"("Image":"","User":null,"ParentImage":"x","ip":["::1","10.1.2.3"],"ProcessId":"8")")),
      ElementsAre(6, 12, 13));
  EXPECT_THAT(
      matches_of(rules, process(R"("Image":"cmd","CommandLine":"CMD /C  WHOAMI","ParentImage":["",null])")),
      ElementsAre(2, 7, 8, 9, 10, 14, 15));
}

TEST(RuleMatcher, WhatARuleNeedsIsFoundThroughAnyCondition) {
  const auto rules = rules_of(
      kProcess,
      {"{a: {Image: x}, b: {CommandLine: y}, condition: a and not b}",
       "{a: {Image: x}, b: {CommandLine: y}, condition: a or b}", "{a: {Image: x}, condition: not a}",
       "{a: {Image: x}, b: {CommandLine: y}, c: {User: z}, condition: 2 of them}",
       "{a: [{Image: x, User: z}, {CommandLine: y}], condition: a}", "{a: {Image|neq: x}, condition: a}",
       "{a: {Image: x}, b: {CommandLine: y}, condition: not (a or b)}"});
  EXPECT_THAT(matches_of(rules, process(R"("Image":"x")")), ElementsAre(0, 1));
  EXPECT_THAT(matches_of(rules, process(R"("Image":"X","CommandLine":"Y")")), ElementsAre(1, 3, 4));
  EXPECT_THAT(matches_of(rules, process(R"("User":"z")")), ElementsAre(2, 5, 6));
  EXPECT_THAT(matches_of(rules, process(R"("Image":["x","w"],"User":"Z")")), ElementsAre(0, 1, 3, 4));
}

TEST(RuleMatcher, KeywordsAreSoughtInEveryValueHoweverItIsWritten) {
  const auto rules =
      rules_of("{product: windows}", {"{k: [\"sekurlsa::\", '\\mimilib.dll'], condition: k}",
                                      "{k: ['|all', kiwi, legit], condition: k}",
                                      "{k: ['äpfel'], condition: k}", "{k: ['qq'], condition: k}"});
  EXPECT_THAT(matches_of(rules, process(R"("x":{"deep":["SEKURLSA::xQQ"]})")), ElementsAre(0, 3));
  EXPECT_THAT(matches_of(rules, process(R"("x":"z:\\mimilib.dll")")), ElementsAre(0));
  EXPECT_THAT(matches_of(rules, process(R"("x":"\u0073ekurls\u0061::")")), ElementsAre(0));
  EXPECT_THAT(matches_of(rules, process(R"("x":"Äpfel")")), ElementsAre(2));
  EXPECT_THAT(matches_of(rules, process(R"("sekurlsa::":1)")), IsEmpty());
}

TEST(RuleMatcher, ARuleIsAskedOnlyOfEventsThatItsSourceSees) {
  const auto rules = rules_of(kProcess, {"{s: {Image: x}, condition: s}", "{s: {EventID: 1}, condition: s}"});
  EXPECT_THAT(
      matches_of(rules, R"({"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":11,"Image":"x"})"),
      IsEmpty());
  EXPECT_THAT(matches_of(rules, R"({"EventID":1,"Image":"x"})"), IsEmpty());
  EXPECT_THAT(matches_of(rules, R"({"EventID":1,"Image":"x"})", {"windows", "process_creation", ""}),
              ElementsAre(0, 1));
  EXPECT_THAT(matches_of(rules, R"({"Channel":"Security","EventID":4688,"NewProcessName":"X"})"),
              ElementsAre(0));
}

TEST(RuleMatcher, NestedFlatAndSpacedNamesReadAlike) {
  const auto rules = rules_of("{product: windows, service: windefend}",
                              {"{s: {ThreatName|contains: tool, SourceName: '%%818'}, condition: s}"});
  for (
      const auto* event :
      {R"({"Channel":"Microsoft-Windows-Windows Defender/Operational","Threat Name":"Tool","Source Name":"%%818"})",
       R"({"Event":{"System":{"Channel":"Microsoft-Windows-Windows Defender/Operational"},
                     "EventData":{"Threat Name":"Tool","Source Name":"%%818"}}})",
       R"({"Event.System":{"Channel":"Microsoft-Windows-Windows Defender/Operational"},
            "Event.EventData":{"ThreatName":["x","Tool"],"SourceName":"%%818"}})"})
    EXPECT_THAT(matches_of(rules, event), ElementsAre(0));
}

TEST(RuleMatcher, WhatIsNoEventIsRefused) {
  const auto rules = rules_of(kProcess, {"{s: {Image: x}, condition: s}"});
  const RuleMatcher matcher(rules, SourceTable::built_in());
  RuleMatcher::Scratch scratch(matcher);
  for (const auto* text :
       {"", "[]", "7", "\"x\"", "{", "{\"a\":1", "{\"a\"}", "{} x", "{\"Channel\":\"\\q\"}"}) {
    const auto json = padded(text);
    EXPECT_FALSE(matcher.match(json, {}, scratch)) << text;
  }
  const auto json = padded(process(R"("Image":"x")"));
  EXPECT_TRUE(matcher.match(json, {}, scratch));
}

TEST(RuleMatcher, ALongValueCostsItsBytes) {
  const auto rules = rules_of(kProcess, {"{s: {CommandLine|contains: 'aaaaaaaaaaaaab'}, condition: s}",
                                         "{s: {CommandLine: '*a*a*a*a*a*a*a*a*b'}, condition: s}"});
  EXPECT_THAT(matches_of(rules, process("\"CommandLine\":\"" + std::string(1 << 20, 'a') + "\"")), IsEmpty());
  std::string deep(500, '[');
  EXPECT_THAT(
      matches_of(rules, process("\"CommandLine\":" + deep + "\"aaaaaaaaaaaaaab\"" + std::string(500, ']'))),
      ElementsAre(0, 1));
}

TEST(RuleMatcher, ThreadsShareOneSet) {
  const auto rules = rules_of(kProcess, {"{s: {Image|endswith: x}, condition: s}"});
  const RuleMatcher matcher(rules, SourceTable::built_in());
  std::array<std::size_t, 4> counts{};
  {
    std::vector<std::jthread> threads;
    for (auto& count : counts) {
      threads.emplace_back([&matcher, &count] {
        RuleMatcher::Scratch scratch(matcher);
        const auto json = padded(process(R"("Image":"abcx")"));
        for (int i = 0; i < 200; ++i) {
          if (const auto matched = matcher.match(json, {}, scratch)) count += matched->size();
        }
      });
    }
  }
  EXPECT_THAT(counts, testing::Each(200));
}

}  // namespace
}  // namespace tocsin::detect
