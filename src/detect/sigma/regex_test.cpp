#include "detect/sigma/regex.h"

#include <gtest/gtest.h>

namespace tocsin::detect::sigma {
namespace {

bool found(std::string_view pattern, std::string_view value, RegexFlags flags = {}) {
  const auto regex = compile_regex(pattern, flags, {});
  if (!regex) {
    ADD_FAILURE() << to_string(regex.error());
    return false;
  }
  return matches(*regex, value);
}

std::string reason(std::string_view pattern) {
  const auto regex = compile_regex(pattern, {}, {3, 9});
  if (regex) return "accepted";
  EXPECT_EQ(regex.error().where, "3:9");
  return regex.error().message;
}

TEST(SigmaRegex, IsFoundAnywhereAndMindsCase) {
  EXPECT_TRUE(found("l{2}o", "hello"));
  EXPECT_FALSE(found("L{2}o", "hello"));
  EXPECT_FALSE(found("^ello", "hello"));
}

TEST(SigmaRegex, FlagsAreThoseOfTheModifiers) {
  EXPECT_TRUE(found("HELLO", "hello", {.ignore_case = true}));
  EXPECT_TRUE(found("^b$", "a\nb\nc", {.multi_line = true}));
  EXPECT_FALSE(found("^b$", "a\nb\nc"));
  EXPECT_TRUE(found("a.b", "a\nb", {.dot_all = true}));
  EXPECT_FALSE(found("a.b", "a\nb"));
  EXPECT_TRUE(found("(?i)HELLO", "hello"));
}

TEST(SigmaRegex, EscapesOfOtherEnginesAreRead) {
  EXPECT_TRUE(found(R"(https?:\/\/\"\')", R"(http://"')"));
  EXPECT_TRUE(found(R"(a\hb)", "a\tb"));
  EXPECT_TRUE(found(R"(a[\h]b)", "a b"));
  EXPECT_TRUE(found(R"(\u00e9)", "é"));
  EXPECT_TRUE(found(R"((?<name>x)y)", "xy"));
  EXPECT_TRUE(found(R"(end\Z)", "the end\n"));
  EXPECT_TRUE(found(R"([]x]+z)", "]xz"));
  EXPECT_TRUE(found(R"([[a]z)", "[z"));
  EXPECT_TRUE(found(R"([[:digit:]]z)", "1z"));
  EXPECT_TRUE(found(R"(\$\{?input)", "${input"));
  EXPECT_TRUE(found(R"([\w+|\s]`)", "|`"));
}

TEST(SigmaRegex, AnyCharactersFirstAreFoundFromAnywhere) {
  const std::string long_line(2'000, 'x');
  EXPECT_TRUE(found(".{1000,}", "short\n" + long_line + "\nshort"));
  EXPECT_FALSE(found(".{1000,}", long_line.substr(0, 999) + "\n" + long_line.substr(0, 999)));
  EXPECT_TRUE(found(".{1000,}", "é" + long_line.substr(0, 999)));
  EXPECT_TRUE(found(".{1000,}", long_line.substr(0, 999) + "\n", {.dot_all = true}));
  EXPECT_TRUE(found("(?s).{1000,}", long_line.substr(0, 999) + "\n"));
  EXPECT_TRUE(found("(?i).+B$", "a\nab", {.multi_line = true}));
  EXPECT_TRUE(found(".*?b", "a\nab"));
  EXPECT_TRUE(found(".{2,}b|c", "xxc"));
  EXPECT_TRUE(found(".{2}b", "aaaab"));
  EXPECT_FALSE(found(".+b", "b\nb"));
}

std::vector<std::string> needs(std::string_view pattern, RegexFlags flags = {}) {
  const auto regex = compile_regex(pattern, flags, {});
  return regex ? regex->needs : std::vector<std::string>{"refused"};
}

TEST(SigmaRegex, KnowsWithoutWhatItCannotMatch) {
  using Literals = std::vector<std::string>;
  EXPECT_EQ(needs(R"(net\s+stop)"), Literals{"stop"});
  EXPECT_EQ(needs("(?i)Set.*ENVIRONMENT"), Literals{"environment"});
  EXPECT_EQ(needs("aaa|bbb"), (Literals{"aaa", "bbb"}));
  EXPECT_EQ(needs("(aaa|bbb).*cccc"), Literals{"cccc"});
  EXPECT_EQ(needs("kill", {.ignore_case = true}).size(), 1U);
  EXPECT_EQ(needs(".{1000,}"), Literals{});
  EXPECT_EQ(needs("(longer)?"), Literals{});
  EXPECT_EQ(needs(R"([a-z]{8}\d)"), Literals{});
  EXPECT_EQ(needs(R"(\x{130}stanbul)"), Literals{});  // folded otherwise than lowered
}

TEST(SigmaRegex, LookaroundAtTheEdgesIsMatchedItself) {
  EXPECT_TRUE(found("foo(?=bar)", "foobar"));
  EXPECT_FALSE(found("foo(?=bar)", "foobaz"));
  EXPECT_TRUE(found("(?<=foo)bar", "foobar"));
  EXPECT_FALSE(found("(?<=foo)bar", "fobar"));
}

TEST(SigmaRegex, WhatNeedsBacktrackingIsRefusedWithTheReason) {
  EXPECT_NE(reason("a(?!b)").find("linear time"), std::string::npos);
  EXPECT_NE(reason("a(?=b)c").find("looks ahead"), std::string::npos);
  EXPECT_NE(reason("x|a(?=b)").find("looks ahead"), std::string::npos);
  EXPECT_NE(reason(R"((a)\1)").find("refers back"), std::string::npos);
  EXPECT_NE(reason("a++b").find("possessive"), std::string::npos);
  EXPECT_NE(reason("(?>a)b").find("atomic"), std::string::npos);
  EXPECT_NE(reason("a)").find("cannot be read"), std::string::npos);
  EXPECT_NE(reason("a\\").find("backslash"), std::string::npos);
}

TEST(SigmaRegex, SizeIsBounded) {
  EXPECT_NE(reason(std::string(20'000, 'a')).find("longer than"), std::string::npos);
  EXPECT_NE(reason("((a{1000}){1000}){1000}"), "accepted");
}

}  // namespace
}  // namespace tocsin::detect::sigma
