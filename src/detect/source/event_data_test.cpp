#include "detect/source/event_data.h"

#include <gtest/gtest.h>

#include "detect/engine/detector.h"

namespace tocsin::detect {
namespace {

std::string named(std::string_view json) {
  std::string out = "before";
  if (append_named_data(json, out)) return out.substr(6);
  EXPECT_EQ(out, "before");
  return "as it is";
}

TEST(EventData, AListBecomesMembersByName) {
  EXPECT_EQ(
      named(R"({"Event":{"System":{"EventID":"1"},"EventData":{"Data":[)"
            R"({"@Name":"Image","#text":"C:\\a \"b\".exe"},{"@Name":"N","#text":7}]}},"x":[1,{"y":null}]})"),
      R"({"Event":{"System":{"EventID":"1"},"EventData":{"Image":"C:\\a \"b\".exe","N":7}},"x":[1,{"y":null}]})");
  EXPECT_EQ(named(R"({"EventData":[{"@Name":"A","#text":"1"},{"@Name":"B","#text":"2"}],"Channel":"c"})"),
            R"({"EventData":{"A":"1","B":"2"},"Channel":"c"})");
}

TEST(EventData, OneElementNeedsNoList) {
  EXPECT_EQ(named(R"({"EventData":{"Data":{"@Name":"A","#text":"1"}}})"), R"({"EventData":{"A":"1"}})");
}

TEST(EventData, ElementsWithoutTextAreEmptyAndThoseThatStandTwiceAreKept) {
  EXPECT_EQ(
      named(R"({"EventData":{"Data":[{"@Name":"A"},{"@Name":"B","#text":"1"},{"@Name":"B","#text":"2"}]}})"),
      R"({"EventData":{"A":"","B":"1","B":"2"}})");
}

TEST(EventData, WhatHasNoNameStaysBesideTheOthers) {
  EXPECT_EQ(named(R"({"EventData":{"Binary":"00","Data":["x",{"@Name":"A","#text":"1"},{"#text":"y"}]}})"),
            R"({"EventData":{"Binary":"00","A":"1","Data":["x",{"#text":"y"}]}})");
}

TEST(EventData, OtherEventsAreLeftAsTheyAre) {
  for (const auto* json : {R"({"EventData":{"A":"@Name"}})", R"({"System":{"Provider":{"@Name":"p"}}})",
                           R"({"EventData":{"Data":["x"]},"a":{"@Name":"b"}})",
                           R"({"EventData":[{"@Name":""}]})", R"({"EventData":[{"@Name":1}]})",
                           R"({"EventData":[{"@Name":"A"})", R"([{"@Name":"A"}])", "", "@Name"})
    EXPECT_EQ(named(json), "as it is") << json;
}

TEST(EventData, RulesReadItThroughTheDetector) {
  constexpr std::string_view kRule = R"(
title: Shell
logsource: {product: windows, category: process_creation}
detection:
  s: {Image|endswith: '\powershell.exe', ParentImage|endswith: '\winword.exe'}
  condition: s
)";
  auto set = sigma::RuleSet::parse(kRule, "t.yml");
  auto detector = Detector::create(
      std::make_shared<const RuleCatalog>(std::move(set), SourceTable::built_in()), nullptr, {});
  ASSERT_TRUE(detector);
  const std::string data = R"([{"@Name":"Image","#text":"C:\\powershell.exe"},)"
                           R"({"@Name":"ParentImage","#text":"C:\\WINWORD.EXE"}])";
  const std::string system = R"("System":{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":)";
  const std::vector<std::string> shapes{
      R"({"Event":{)" + system + R"({"@Qualifiers":"0","#text":"1"}},"EventData":{"Data":)" + data + "}}}",
      R"({"Event":{)" + system + R"("1"},"EventData":)" + data + "}}",
      "{" + system + R"({"Value":1}},"EventData":{"Data":)" + data + "}}",
      "{" + system + R"("1"},"EventData":)" + data + "}",
      "{" + system +
          R"({"Value":1}},"EventData":{"Image":"C:\\powershell.exe","ParentImage":"C:\\WINWORD.EXE"}})"};
  for (const auto& raw : shapes) {
    model::Event event;
    event.raw = raw;
    const auto findings = detector->judge(std::span(&event, 1), Timestamp());
    ASSERT_EQ(findings.size(), 1U) << raw;
    EXPECT_EQ(findings.front().evidence.size(), 2U) << raw;
  }
}

}  // namespace
}  // namespace tocsin::detect
