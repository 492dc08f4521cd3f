#include "export/text.h"

#include <gtest/gtest.h>

namespace tocsin::exports {
namespace {

std::string cell(std::string_view value) {
  std::string out;
  append_csv_cell(out, value);
  return out;
}
std::string markdown(std::string_view value) {
  std::string out;
  append_markdown(out, value);
  return out;
}
std::string code(std::string_view value) {
  std::string out;
  append_markdown_code(out, value);
  return out;
}

TEST(CsvCell, IsQuotedAndDoublesQuotes) {
  EXPECT_EQ(cell(""), "\"\"");
  EXPECT_EQ(cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cell("say \"hi\""), "\"say \"\"hi\"\"\"");
}

TEST(CsvCell, WhatSpreadsheetsTakeForAFormulaGetsAnApostrophe) {
  for (const auto* value :
       {"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\"=1", "'=1", "\" \t=1",
        "\xEF\xBC\x9D"
        "1",
        "\xC2\xA0=1", "\tplain"}) {
    EXPECT_EQ(cell(value).substr(0, 2), "\"'") << value;
  }
  for (const auto* value : {"a=1", "1-2", "x@y.example", "a\n=1"}) {
    EXPECT_NE(cell(value).substr(0, 2), "\"'") << value;
  }
}

TEST(CsvCell, StaysOnOneLine) {
  EXPECT_EQ(cell("a\r\n=b").find_first_of("\r\n"), std::string::npos);
}

TEST(HtmlText, EscapesWhatEndsTextOrAttribute) {
  std::string out;
  append_html(out, "<b a='1' c=\"2\">&");
  EXPECT_EQ(out, "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
}

TEST(MarkdownText, HoldsNoMarkupAndNoLink) {
  EXPECT_EQ(markdown("**x** [a](b) `c` <d> | ~e~"), "\\*\\*x\\*\\* \\[a\\](b) \\`c\\` \\<d\\> \\| \\~e\\~");
  EXPECT_EQ(markdown("http://evil.example www.evil.example a@b.example"),
            "http\\://evil.example www\\.evil.example a\\@b.example");
}

TEST(MarkdownText, StartsNoBlock) {
  EXPECT_EQ(markdown("# x"), "\\# x");
  EXPECT_EQ(markdown("- x"), "\\- x");
  EXPECT_EQ(markdown("12. x"), "12\\. x");
  EXPECT_EQ(markdown("    x"), "x");
  EXPECT_EQ(markdown("12"), "12");
}

TEST(MarkdownCode, IsFencedByMoreTicksThanItHolds) {
  EXPECT_EQ(code("x"), "` x `");
  EXPECT_EQ(code("a``b"), "``` a``b ```");
  EXPECT_EQ(code("a|b"), "` a\\|b `");
  EXPECT_EQ(code(" "), "(empty)");
}

TEST(MarkdownBlock, IsFencedByMoreTicksThanItHolds) {
  std::string out;
  append_markdown_block(out, "kql", "a\n````\nb");
  EXPECT_EQ(out, "`````kql\na\n````\nb\n`````\n");
}

}  // namespace
}  // namespace tocsin::exports
