#include "base/display_text.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(DisplayText, OrdinaryTextStaysAsItIs) {
  EXPECT_EQ(display_text("Jürgen <b>&\"日本\""), "Jürgen <b>&\"日本\"");
}

TEST(DisplayText, ControlAndBidiCharactersAreShownByNumber) {
  EXPECT_EQ(display_text("in\u202Evoice\nx"), "in⟦U+202E⟧voice⟦U+000A⟧x");
  EXPECT_EQ(display_text(std::string_view("a\0b", 3)), "a⟦U+0000⟧b");
  EXPECT_EQ(display_text("zero\u200Bwidth\U000E0041"), "zero⟦U+200B⟧width⟦U+E0041⟧");
}

TEST(DisplayText, NoTextCanPretendToHaveBeenReplaced) {
  EXPECT_EQ(display_text("⟦U+0041⟧"), "⟦U+27E6⟧U+0041⟧");
}

TEST(DisplayText, BytesThatAreNotUtf8AreShownOneByOne) {
  EXPECT_EQ(display_text("a\xFF\xC3"), "a⟦xFF⟧⟦xC3⟧");
  EXPECT_EQ(display_text("\xC0\xAF"), "⟦xC0⟧⟦xAF⟧");           // overlong '/'
  EXPECT_EQ(display_text("\xED\xA0\x80"), "⟦xED⟧⟦xA0⟧⟦x80⟧");  // a lone surrogate
}

TEST(DisplayText, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(display_text("ééééé", 3), "ééé…");
  EXPECT_EQ(display_text("abc", 3), "abc");
}

}  // namespace
}  // namespace tocsin
