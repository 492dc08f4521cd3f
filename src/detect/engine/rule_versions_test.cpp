#include "detect/engine/rule_versions.h"

#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

std::string rule(std::string_view title, std::string_view key = "a") {
  return "title: " + std::string(title) + "\nlogsource: {product: windows}\ndetection: {s: {" +
         std::string(key) + ": 1}, condition: s}\n";
}
const std::string kWrong = rule("Wrong", "a|no_such_modifier");

RuleFile file(std::string name, std::string text) {
  return {std::move(name), std::make_shared<const std::string>(std::move(text))};
}

RuleVersions choose(RuleReading reading, const std::vector<RuleFile>& in_force = {}) {
  return choose_versions(std::move(reading), in_force, {}, {});
}

std::vector<std::string> titles(const RuleVersions& versions) {
  std::vector<std::string> all;
  for (const auto& one : versions.set.rules) all.push_back(one.title);
  return all;
}

using Names = std::vector<std::string>;

TEST(RuleVersions, AFileThatCannotBeHonouredAnyMoreCountsAsItWas) {
  const auto before = choose({{file("a.yml", rule("A")), file("b.yml", rule("B"))}, {}});
  const auto after = choose({{file("a.yml", kWrong), file("b.yml", rule("B2"))}, {}}, before.files);
  EXPECT_EQ(titles(after), (Names{"A", "B2"}));
  EXPECT_EQ(after.kept, Names{"a.yml"});
  ASSERT_EQ(after.set.refusals.size(), 1U);
  EXPECT_TRUE(after.set.refusals[0].where.starts_with("a.yml:3:")) << after.set.refusals[0].where;
  EXPECT_NE(after.set.refusals[0].hint.find("the version before it stays in force"), std::string::npos);

  const auto still =
      choose({{file("a.yml", kWrong + "# again"), file("b.yml", rule("B2"))}, {}}, after.files);
  EXPECT_EQ(titles(still), (Names{"A", "B2"}));
  const auto mended = choose({{file("a.yml", rule("A3")), file("b.yml", rule("B2"))}, {}}, still.files);
  EXPECT_EQ(titles(mended), (Names{"A3", "B2"}));
  EXPECT_TRUE(mended.kept.empty());
  EXPECT_TRUE(mended.set.refusals.empty());
}

TEST(RuleVersions, OneSlipKeepsTheWholeFile) {
  const auto before = choose({{file("a.yml", rule("A") + "---\n" + rule("B"))}, {}});
  const auto after = choose({{file("a.yml", rule("A2") + "---\n" + kWrong)}, {}}, before.files);
  EXPECT_EQ(titles(after), (Names{"A", "B"}));
}

TEST(RuleVersions, AFileOfWhichPartWasAlwaysRefusedChangesAsOthersDo) {
  const auto before = choose({{file("a.yml", rule("A") + "---\n" + kWrong)}, {}});
  EXPECT_EQ(titles(before), Names{"A"});
  EXPECT_TRUE(before.kept.empty());
  const auto after = choose({{file("a.yml", rule("A2") + "---\n" + kWrong)}, {}}, before.files);
  EXPECT_EQ(titles(after), Names{"A2"});
  EXPECT_TRUE(after.kept.empty());
}

TEST(RuleVersions, NewFilesCountWithWhatCanBeHonouredAndGoneOnesAreGone) {
  const auto before = choose({{file("a.yml", rule("A"))}, {}});
  const auto after = choose({{file("b.yml", kWrong + "---\n" + rule("B"))}, {}}, before.files);
  EXPECT_EQ(titles(after), Names{"B"});
  EXPECT_TRUE(after.kept.empty());
  EXPECT_EQ(after.set.refusals.size(), 1U);
  const auto empty = choose({{file("b.yml", "")}, {}}, after.files);
  EXPECT_TRUE(titles(empty).empty());
}

TEST(RuleVersions, WhatCannotBeReadStaysAsItWas) {
  const auto before = choose(
      {{file("r/a.yml", rule("A")), file("r/in/b.yml", rule("B")), file("r/in2/c.yml", rule("C"))}, {}});
  auto directory = sigma::unreadable_file("r/in");
  const auto after = choose({{}, {sigma::unreadable_file("r/a.yml"), directory}}, before.files);
  EXPECT_EQ(titles(after), (Names{"A", "B"}));
  EXPECT_EQ(after.kept, (Names{"r/a.yml", "r/in/b.yml"}));
  EXPECT_EQ(after.set.refusals.size(), 2U);
  const auto twice =
      choose({{}, {sigma::unreadable_file("r/a.yml"), sigma::unreadable_file("r")}}, after.files);
  EXPECT_EQ(titles(twice), (Names{"A", "B"}));
}

}  // namespace
}  // namespace tocsin::detect
