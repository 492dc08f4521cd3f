#include "detect/sigma/text.h"

#include <gtest/gtest.h>

#include "detect/sigma/case_fold.h"

namespace tocsin::detect::sigma {
namespace {

bool fits(std::string_view pattern, std::string_view value) {
  return matches(parse_text(pattern), value);
}

std::string plain(std::string_view written) {
  const auto text = parse_text(written);
  EXPECT_TRUE(is_plain(text)) << written;
  return std::string(literal_of(text));
}

TEST(SigmaText, WithoutWildcardsTheWholeValueIsMeant) {
  EXPECT_TRUE(fits("whoami", "whoami"));
  EXPECT_FALSE(fits("whoami", "whoami "));
  EXPECT_TRUE(fits("", ""));
  EXPECT_FALSE(fits("", "x"));
}

TEST(SigmaText, AStarIsAnyTextAndAQuestionMarkOneCharacter) {
  EXPECT_TRUE(fits("av_*.exe", "av_.exe"));
  EXPECT_TRUE(fits("av_*.exe", "av_v21.2.exe"));
  EXPECT_TRUE(fits("prog?.exe", "progA.exe"));
  EXPECT_FALSE(fits("prog?.exe", "prog.exe"));
  EXPECT_TRUE(fits("gr?n", "grün"));
  EXPECT_TRUE(fits("*a*b*c*", "xxaxbxxcx"));
  EXPECT_FALSE(fits("*a*b*c*", "xxaxcxxbx"));
  EXPECT_TRUE(fits("*aab", "aaab"));
  EXPECT_TRUE(fits("a*a?a", "a-aba"));
  EXPECT_FALSE(fits("a*a", "a"));
  EXPECT_TRUE(fits("*", ""));
  EXPECT_TRUE(fits("?*", "x"));
  EXPECT_FALSE(fits("?*", ""));
  EXPECT_TRUE(fits("*?", "xy"));
  EXPECT_TRUE(fits("*?b", "aab"));
}

TEST(SigmaText, ABackslashEscapesWildcardsAndItself) {
  EXPECT_EQ(plain(R"(C:\Windows\cmd.exe)"), R"(C:\Windows\cmd.exe)");
  EXPECT_EQ(plain(R"(C:\\Windows)"), R"(C:\Windows)");
  EXPECT_EQ(plain(R"(a\*b)"), "a*b");
  EXPECT_EQ(plain(R"(a\?b)"), "a?b");
  EXPECT_EQ(plain(R"(a\\\*b)"), R"(a\*b)");
  EXPECT_EQ(plain(R"(\\\host)"), R"(\\host)");
  EXPECT_EQ(plain(R"(\\\\host)"), R"(\\host)");
  EXPECT_EQ(plain(R"(ends\)"), R"(ends\)");
  EXPECT_TRUE(fits(R"(dir\\*)", R"(dir\file)"));
  EXPECT_FALSE(fits(R"(dir\\*)", R"(dir*)"));
}

TEST(SigmaText, TheShapeTellsHowToIndexIt) {
  EXPECT_EQ(shape_of(parse_text("abc")), TextShape::kEquals);
  EXPECT_EQ(shape_of(parse_text("")), TextShape::kEquals);
  EXPECT_EQ(shape_of(parse_text("abc*")), TextShape::kStartsWith);
  EXPECT_EQ(shape_of(parse_text("*abc")), TextShape::kEndsWith);
  EXPECT_EQ(shape_of(parse_text("**abc**")), TextShape::kContains);
  EXPECT_EQ(shape_of(parse_text("***")), TextShape::kAnything);
  EXPECT_EQ(shape_of(parse_text("a*c")), TextShape::kPattern);
  EXPECT_EQ(shape_of(parse_text("?")), TextShape::kPattern);
  EXPECT_EQ(literal_of(parse_text("*abc*")), "abc");
}

TEST(SigmaText, PlacingWildcardsTwiceIsPlacingThemOnce) {
  const auto once = with_any_after(with_any_before(plain_text("x")));
  EXPECT_EQ(with_any_after(with_any_before(once)), once);
  EXPECT_EQ(shape_of(once), TextShape::kContains);
}

TEST(SigmaText, ManyStarsCostNoMoreThanTheirPieces) {
  std::string pattern;
  for (int i = 0; i < 2'000; ++i) pattern += "*a";
  EXPECT_FALSE(fits(pattern + "b", std::string(1'000'000, 'a')));
}

TEST(SigmaCaseFold, FoldsEachCharacterAndNeverIntoAscii) {
  EXPECT_EQ(fold_case("PowerShell.EXE"), "powershell.exe");
  EXPECT_EQ(fold_case("ÄÖÜ ΣΑΣ"), "äöü σασ");
  EXPECT_EQ(fold_case("\u212A"), "\u212A");  // KELVIN SIGN
  EXPECT_EQ(fold_case("\u0130"), "\u0130");  // I with a dot above
  EXPECT_EQ(fold_case("\xff\xc3"), "\xff\xc3");
}

}  // namespace
}  // namespace tocsin::detect::sigma
