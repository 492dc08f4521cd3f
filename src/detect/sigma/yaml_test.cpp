#include "detect/sigma/yaml.h"

#include <gtest/gtest.h>

namespace tocsin::detect::sigma {
namespace {

Yaml read(std::string_view text) {
  auto file = parse_yaml(text);
  EXPECT_FALSE(file.fault) << to_string(*file.fault);
  EXPECT_EQ(file.documents.size(), 1u);
  return file.documents.empty() ? Yaml{} : std::move(file.documents.front());
}

std::string fault_of(std::string_view text) {
  const auto file = parse_yaml(text);
  return file.fault ? file.fault->where + ' ' + file.fault->message : "none";
}

TEST(SigmaYaml, PlainWordsForNothingAreNullAndQuotedOnesAreTexts) {
  const auto list = read("- null\n- ~\n- NULL\n-\n- 'null'\n- \"~\"\n- ''\n- nil\n- 0x10\n- true\n");
  ASSERT_EQ(list.items.size(), 10u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(list.items[i].kind, Yaml::Kind::kNull) << i;
  for (std::size_t i = 4; i < 7; ++i) {
    EXPECT_TRUE(list.items[i].is_scalar()) << i;
    EXPECT_TRUE(list.items[i].quoted) << i;
  }
  for (std::size_t i = 7; i < 10; ++i) EXPECT_FALSE(list.items[i].quoted) << i;
  EXPECT_EQ(list.items[8].text, "0x10");
}

TEST(SigmaYaml, BlocksOfTextAreTexts) {
  const auto map = read("a: |\n  one\n   two\nb: >-\n  three\n  four\n");
  EXPECT_EQ(map.find("a")->text, "one\n two\n");
  EXPECT_EQ(map.find("b")->text, "three four");
  EXPECT_TRUE(map.find("b")->quoted);
}

TEST(SigmaYaml, ValuesKnowWhereTheyStand) {
  const auto map = read("first: 1\nnäxt: ['ü', here]\n");
  EXPECT_EQ(map.at, (Position{1, 1}));
  EXPECT_EQ(map.members[1].at, (Position{2, 1}));
  EXPECT_EQ(map.members[1].value.items[1].at, (Position{2, 13}));
}

TEST(SigmaYaml, AnchorsAreCopiedAndMayBeGivenAgain) {
  const auto map = read("a: &x [1, {b: c}]\nd: *x\ne: &x other\nf: *x\n");
  EXPECT_EQ(map.find("d")->items.at(1).find("b")->text, "c");
  EXPECT_EQ(map.find("f")->text, "other");
  EXPECT_EQ(fault_of("a: &x\n  b: *x\n"), "2:6 the alias *x refers to nothing that is complete before it");
  const auto second = fault_of("a: &x 1\n---\nb: *x\n");  // anchors end with their document
  EXPECT_NE(second.find("*x"), std::string::npos) << second;
}

TEST(SigmaYaml, CopiesAreBoundedTogether) {
  std::string text = "a0: &a0 [" + std::string(1000, 'x') + "]\n";
  for (int i = 1; i < 20; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  EXPECT_NE(fault_of(text).find("aliases grow beyond 4 MiB"), std::string::npos);
}

TEST(SigmaYaml, DepthAndMembersAreBounded) {
  EXPECT_EQ(fault_of(std::string(kMaxYamlDepth, '[') + std::string(kMaxYamlDepth, ']')), "none");
  EXPECT_NE(fault_of(std::string(100'000, '[')).find("nested deeper than 32 levels"), std::string::npos);
  std::string members;
  for (std::size_t i = 0; i <= kMaxYamlMembers; ++i) members += "k" + std::to_string(i) + ": 1\n";
  EXPECT_NE(fault_of(members).find("more than 10000 keys"), std::string::npos);
}

TEST(SigmaYaml, AKeyStandsOnceInMapsOfAnySize) {
  EXPECT_EQ(fault_of("a: 1\na: 2\n"), "2:1 the key 'a' stands here twice");
  std::string members;
  for (int i = 0; i < 40; ++i) members += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(fault_of(members), "none");
  for (const auto* again : {"k0", "k15", "k16", "k39"})
    EXPECT_EQ(fault_of(members + again + ": 2\n"),
              "41:1 the key '" + std::string(again) + "' stands here twice");
  EXPECT_EQ(fault_of("? [a]\n: b\n"), "1:3 a key must be a word");
}

TEST(SigmaYaml, WhatIsNoTextSaysSo) {
  EXPECT_NE(fault_of(std::string_view("a: b\0c", 6)).find("not YAML"), std::string::npos);
  EXPECT_NE(fault_of("a: \xC3\x28").find("UTF-8"), std::string::npos);
  EXPECT_NE(fault_of("a: b\n  c: d\n").find("2:4 not YAML"), std::string::npos) << fault_of("a: b\n  c: d\n");
  EXPECT_EQ(parse_yaml("").documents.size(), 0u);
  EXPECT_EQ(parse_yaml("# nothing\n").documents.size(), 0u);
  EXPECT_EQ(parse_yaml("a: 1\n---\n---\nb: 2\n...\n").documents.size(), 3u);
}

}  // namespace
}  // namespace tocsin::detect::sigma
