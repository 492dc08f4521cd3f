#include "base/json_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/utf8.h"

namespace tocsin {
namespace {

using namespace std::string_view_literals;

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, EscapesWhatJsonForbidsAndKeepsTheRest) {
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("say \"hi\" \\ there"), R"("say \"hi\" \\ there")");
  EXPECT_EQ(quoted("a\n\t\r\b\f\x01\x7f\0z"sv), R"("a\n\t\r\b\f\u0001\u007f\u0000z")");
  EXPECT_EQ(quoted("gr\xC3\xBC\xC3\x9F \xE3\x81\x82 \xF0\x9F\x94\x92"),
            "\"gr\xC3\xBC\xC3\x9F \xE3\x81\x82 \xF0\x9F\x94\x92\"");
}

TEST(JsonText, ReplacesEachIllFormedByte) {
  EXPECT_EQ(quoted("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(quoted("\xC3"), "\"\xEF\xBF\xBD\"");                                  // cut short
  EXPECT_EQ(quoted("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
  EXPECT_EQ(quoted("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
}

TEST(JsonText, WritesNumbersThatReadBack) {
  std::string out;
  append_json_number(out, 0.1);
  out += ' ';
  append_json_number(out, std::numeric_limits<double>::quiet_NaN());
  out += ' ';
  append_json_number(out, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(out, "0.1 0 -9223372036854775808");
}

TEST(Utf8, FindsTheFirstIllFormedByte) {
  EXPECT_EQ(find_invalid_utf8("all plain ascii, long enough for blocks"), 39U);
  EXPECT_EQ(find_invalid_utf8("0123456789\xFF"), 10U);
  EXPECT_EQ(find_invalid_utf8("\xF0\x9F\x94\x92\xF5"), 4U);
}

TEST(Utf8, PrefixNeverCutsACharacter) {
  EXPECT_EQ(utf8_prefix("abc", 5), "abc");
  EXPECT_EQ(utf8_prefix("ab\xC3\xBC", 3), "ab");
  EXPECT_EQ(utf8_prefix("\xF0\x9F\x94\x92", 3), "");
}

}  // namespace
}  // namespace tocsin
