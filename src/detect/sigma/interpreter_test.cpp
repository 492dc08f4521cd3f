#include "detect/sigma/interpreter.h"

#include "detect/testing/rules.h"

namespace tocsin::detect::sigma {
namespace {

using test::event_of;
using test::item_matches;
using test::rule_of;

bool rule_matches(std::string_view detection, std::string_view json) {
  return matches(rule_of(detection), event_of(json));
}

TEST(SigmaInterpreter, AMapAsksForAllOfItsItems) {
  constexpr std::string_view kRule = "  s:\n    a: x\n    b: y\n  condition: s\n";
  EXPECT_TRUE(rule_matches(kRule, R"({"a":"x","b":"y"})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"a":"x","b":"z"})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"a":"x"})"));
}

TEST(SigmaInterpreter, AListOfMapsAsksForAnyOfThem) {
  constexpr std::string_view kRule = "  s:\n    - a: x\n      b: y\n    - c: z\n  condition: s\n";
  EXPECT_TRUE(rule_matches(kRule, R"({"a":"x","b":"y"})"));
  EXPECT_TRUE(rule_matches(kRule, R"({"c":"z"})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"a":"x"})"));
}

TEST(SigmaInterpreter, KeywordsAreFoundAnywhereInTheEvent) {
  constexpr std::string_view kRule =
      "  k:\n    - 'event::clear'\n    - drop*table\n    - 4711\n  condition: k\n";
  EXPECT_TRUE(rule_matches(kRule, R"({"a":{"b":["x EVENT::Clear y"]}})"));
  EXPECT_TRUE(rule_matches(kRule, R"({"q":"drop the table now"})"));
  EXPECT_TRUE(rule_matches(kRule, R"({"n":147110})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"event::clear":"name, not value"})"));
}

TEST(SigmaInterpreter, KeywordsWithAllMayBeSpreadOverTheEvent) {
  constexpr std::string_view kRule = "  k:\n    '|all':\n      - one\n      - two\n  condition: k\n";
  EXPECT_TRUE(rule_matches(kRule, R"({"a":"one","b":"two"})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"a":"one"})"));
  EXPECT_TRUE(rule_matches("  k:\n    '|re': 'o.e'\n  condition: k\n", R"({"a":"one"})"));
}

TEST(SigmaInterpreter, KeywordsAndMapsMayStandInOneList) {
  constexpr std::string_view kRule = "  s:\n    - word\n    - a: x\n  condition: s\n";
  EXPECT_TRUE(rule_matches(kRule, R"({"z":"a word"})"));
  EXPECT_TRUE(rule_matches(kRule, R"({"a":"x"})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"a":"y"})"));
}

TEST(SigmaInterpreter, NullIsAnAbsentFieldOrANullValue) {
  EXPECT_TRUE(item_matches("f: null", R"({"g":1})"));
  EXPECT_TRUE(item_matches("f: ~", R"({"f":null})"));
  EXPECT_FALSE(item_matches("f: null", R"({"f":""})"));
  EXPECT_FALSE(item_matches("f: 'null'", R"({"f":null})"));
  EXPECT_TRUE(item_matches("f: [null, '-']", R"({"f":"-"})"));
}

TEST(SigmaInterpreter, AnEmptyTextIsAValue) {
  EXPECT_TRUE(item_matches("f: ''", R"({"f":""})"));
  EXPECT_FALSE(item_matches("f: ''", R"({"f":null})"));
  EXPECT_FALSE(item_matches("f: ''", R"({"g":1})"));
  EXPECT_FALSE(item_matches("f: ''", R"({"f":" "})"));
}

TEST(SigmaInterpreter, NumbersMatchNumbersAndTheirTexts) {
  EXPECT_TRUE(item_matches("f: 4624", R"({"f":4624})"));
  EXPECT_TRUE(item_matches("f: 4624", R"({"f":"4624"})"));
  EXPECT_TRUE(item_matches("f: '4624'", R"({"f":4624})"));
  EXPECT_FALSE(item_matches("f: 4624", R"({"f":46240})"));
  EXPECT_TRUE(item_matches("f: 0x17", R"({"f":23})"));
  EXPECT_FALSE(item_matches("f: 0x17", R"({"f":"0x17"})"));
  EXPECT_TRUE(item_matches("f: '0x17'", R"({"f":"0x17"})"));
  EXPECT_TRUE(item_matches("f: 1.10", R"({"f":"1.10"})"));
  EXPECT_FALSE(item_matches("f: 1", R"({"f":true})"));
}

TEST(SigmaInterpreter, TruthMatchesItsWordToo) {
  EXPECT_TRUE(item_matches("f: true", R"({"f":true})"));
  EXPECT_TRUE(item_matches("f: 'true'", R"({"f":true})"));
  EXPECT_TRUE(item_matches("f: true", R"({"f":"True"})"));
  EXPECT_FALSE(item_matches("f: false", R"({"f":true})"));
}

TEST(SigmaInterpreter, AnyValueOfAListWillDo) {
  EXPECT_TRUE(item_matches("a.b: x", R"({"a":[{"b":"y"},{"b":"X"}]})"));
  EXPECT_FALSE(item_matches("a.b: x", R"({"a":[{"b":"y"}],"b":"x"})"));
  EXPECT_TRUE(item_matches("f|neq: x", R"({"f":["y","z"]})"));
  EXPECT_FALSE(item_matches("f|neq: x", R"({"f":["y","x"]})"));
}

TEST(SigmaInterpreter, ConditionsInAListAreJoinedByOr) {
  constexpr std::string_view kRule = "  a:\n    f: x\n  b:\n    f: y\n  condition:\n    - a\n    - b\n";
  EXPECT_TRUE(rule_matches(kRule, R"({"f":"y"})"));
  EXPECT_FALSE(rule_matches(kRule, R"({"f":"z"})"));
}

TEST(SigmaInterpreter, EvidenceNamesWhatWasSeen) {
  const auto rule = rule_of(
      "  sel:\n    Image|endswith: '\\cmd.exe'\n    User: null\n  words:\n    - whoami\n  filter:\n    a: b\n"
      "  condition: sel and words and not filter\n");
  const auto event = event_of(R"({"Image":"C:\\CMD.exe","CommandLine":"cmd /c whoami"})");
  ASSERT_TRUE(matches(rule, event));
  EXPECT_EQ(evidence(rule, event),
            (std::vector<Evidence>{
                {"sel", "Image", "C:\\CMD.exe"}, {"sel", "User", ""}, {"words", "", "cmd /c whoami"}}));
}

}  // namespace
}  // namespace tocsin::detect::sigma
