#include "detect/rule_tests/rule_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detect/rule_tests/event_json.h"
#include "detect/rule_tests/test_case.h"

namespace tocsin::detect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string json_of(std::string_view yaml) {
  const auto file = sigma::parse_yaml(yaml);
  EXPECT_FALSE(file.fault) << yaml;
  return file.documents.empty() ? "" : to_json(file.documents.front());
}

TEST(EventJson, PlainScalarsAreWhatTheCoreSchemaSays) {
  EXPECT_EQ(json_of("[a, 1, -7, 007, +5, 0o17, 0x1f]"), R"(["a",1,-7,7,5,15,31])");
  EXPECT_EQ(json_of("[1.5, .5, 2., 1e3, 0b1, 1_000, 10.0.0.1]"),
            R"([1.5,0.5,2,1000,"0b1","1_000","10.0.0.1"])");
  EXPECT_EQ(json_of("[true, False, yes, on, ~, null, Null, .inf]"),
            R"([true,false,"yes","on",null,null,null,".inf"])");
  EXPECT_EQ(json_of("[0x, 0o8, '-', +, ., 1e, 99999999999999999999]"),
            R"(["0x","0o8","-","+",".","1e",1e+20])");
}

TEST(EventJson, QuotedScalarsAreTexts) {
  EXPECT_EQ(json_of(R"({"a": "1", b: 'true', c: "", d: "x\ny"})"),
            R"({"a":"1","b":"true","c":"","d":"x\ny"})");
}

TEST(EventJson, MapsAndListsNest) {
  EXPECT_EQ(json_of("{a: {b: [1, {c: }]}, d: []}"), R"({"a":{"b":[1,{"c":null}]},"d":[]})");
}

Result<std::vector<RuleTest>> tests_of(std::string_view yaml) {
  return parse_tests(sigma::parse_yaml(yaml).documents.at(0));
}

TEST(RuleTests, StepsAreEventsAtTheirTimes) {
  const auto tests = tests_of(R"(tests:
- name: t
  expect: none
  source: {product: linux}
  sequence:
  - {after: 1h, times: 2, every: 10s, event: {u: "u%n-%n"}}
  - {after: 2m, event: {u: x}}
)");
  ASSERT_TRUE(tests);
  ASSERT_EQ(tests->size(), 1U);
  const auto& test = tests->front();
  EXPECT_FALSE(test.expects_match);
  EXPECT_EQ(test.source.product, "linux");
  ASSERT_EQ(test.events.size(), 3U);
  EXPECT_EQ(test.events[0].json, R"({"u":"u1-1"})");
  EXPECT_EQ(test.events[1].json, R"({"u":"u2-2"})");
  EXPECT_EQ(test.events[0].at, std::chrono::seconds(0));
  EXPECT_EQ(test.events[1].at, std::chrono::seconds(10));
  EXPECT_EQ(test.events[2].at, std::chrono::seconds(130));
}

TEST(RuleTests, WhatCannotBeReadIsRefusedWithItsPlace) {
  const auto reason = [](std::string_view yaml) {
    const auto tests = tests_of(yaml);
    return tests ? std::string() : tests.error().where + ": " + tests.error().message;
  };
  EXPECT_EQ(reason("tests: 1"), "1:8: 'tests' is a list");
  EXPECT_EQ(reason("tests:\n- name: a\n  expect: maybe\n  events: [{}]"), "3:11: 'expect' is match or none");
  EXPECT_EQ(reason("tests:\n- {name: a, expect: none}"), "2:3: a test has either 'events' or a 'sequence'");
  EXPECT_EQ(reason("tests:\n- {name: a, expect: none, events: []}"), "2:35: there are no events here");
  EXPECT_EQ(reason("tests:\n- {name: a, expect: none, events: [x]}"),
            "2:36: an event is a map of its fields");
  EXPECT_EQ(reason("tests:\n- {name: a, expect: none, event: {}}"), "2:27: a test has no 'event'");
  EXPECT_EQ(reason("tests:\n- {name: a, expect: none, sequence: [{times: 10001, event: {}}]}"),
            "2:46: 'times' is a number from 1 to 10,000");
  EXPECT_THAT(
      reason("tests:\n- {name: a, expect: none, sequence: [{times: 9999, event: {}}, {times: 9999, event: "
             "{}}]}"),
      HasSubstr("the tests of a rule have at most 10,000 events"));
}

TEST(RuleTests, TheTestsOfARuleHaveOneBoundTogether) {
  std::string yaml = "tests:\n";
  for (int i = 0; i < 3; ++i) yaml += "- {name: a, expect: none, sequence: [{times: 5000, event: {}}]}\n";
  const auto tests = tests_of(yaml);
  ASSERT_FALSE(tests);
  EXPECT_TRUE(tests.error().where.starts_with("4:")) << tests.error().where;
}

constexpr std::string_view kRule = R"(title: T
id: 5b1e6ff5-1f6f-4a26-9b4c-0e8f8c8bb0a1
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: '\a.exe'}, condition: s}
)";

std::vector<std::string> faults_of(std::string_view tests) {
  const auto text = std::string(kRule) + std::string(tests);
  const std::vector<sigma::RuleText> files = {{"r.yml", text}};
  std::vector<std::string> faults;
  for (const auto& fault : test_rules(files).faults) faults.push_back(fault.where + ": " + fault.message);
  return faults;
}

TEST(RuleTests, AnEventOfTheRulesLogSourceThatItFitsPasses) {
  EXPECT_THAT(faults_of(R"(tests:
- {name: a, expect: match, events: [{Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\a.exe'}]}
- {name: b, expect: none, events: [{Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\b.exe'}]}
- {name: c, expect: match, source: {product: windows, category: process_creation}, events: [{Image: 'C:\a.exe'}]}
)"),
              IsEmpty());
}

TEST(RuleTests, AnEventOfAnotherLogSourceFails) {
  EXPECT_THAT(faults_of(R"(tests:
- {name: a, expect: match, events: [{Channel: Microsoft-Windows-Sysmon/Operational, EventID: 11, Image: 'C:\a.exe'}]}
- {name: b, expect: none, events: [{Image: 'C:\a.exe'}]}
)"),
              ElementsAre("r.yml:6:3: the test 'a' fails: the event is not of the rule's log source"));
}

TEST(RuleTests, EachEventOfATestIsJudged) {
  EXPECT_THAT(faults_of(R"(tests:
- name: a
  expect: match
  source: {product: windows, category: process_creation}
  events: [{Image: 'C:\a.exe'}, {Image: 'C:\b.exe'}]
- name: b
  expect: none
  source: {product: windows, category: process_creation}
  events: [{Image: 'C:\b.exe'}, {Image: 'C:\a.exe'}]
)"),
              ElementsAre("r.yml:6:3: the test 'a' fails: event 2 does not match",
                          "r.yml:10:3: the test 'b' fails: event 2 matches"));
}

TEST(RuleTests, ARuleWithoutBothKindsOfTestsIsAFault) {
  EXPECT_THAT(faults_of(""), ElementsAre("r.yml:1:1: the rule has no test that expects a match",
                                         "r.yml:1:1: the rule has no test that expects none"));
}

TEST(RuleTests, RefusedRulesAreFaultsAndTheOthersAreTested) {
  const auto text = "title: Bad\nlogsource: {product: p}\n---\n" + std::string(kRule);
  const std::vector<sigma::RuleText> files = {{"r.yml", text}};
  const auto report = test_rules(files);
  EXPECT_EQ(report.rules, 1U);
  ASSERT_EQ(report.faults.size(), 3U);
  EXPECT_EQ(report.faults.front().message, "there is no 'detection'");
}

}  // namespace
}  // namespace tocsin::detect
