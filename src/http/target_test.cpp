#include "http/target.h"

#include <gtest/gtest.h>

namespace tocsin::http {
namespace {

TEST(ParseTarget, TakesPathAndQueryApart) {
  const auto target = parse_target("/api/v1/alerts/a%20b?q=x%26y+z&limit=5&flag&=empty&q=2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/alerts/a b");
  EXPECT_EQ(target->raw_path, "/api/v1/alerts/a%20b");
  const QueryPairs want{{"q", "x&y z"}, {"limit", "5"}, {"flag", ""}, {"", "empty"}, {"q", "2"}};
  EXPECT_EQ(target->query, want);
}

TEST(ParseTarget, PlusIsABlankInQueriesOnly) {
  const auto target = parse_target("/a+b?c+d=e%2Bf");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a+b");
  EXPECT_EQ(target->query, (QueryPairs{{"c d", "e+f"}}));
}

TEST(ParseTarget, ReadsTheAbsoluteForm) {
  const auto target = parse_target("http://localhost:8000/x?y=1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->authority, "localhost:8000");
  EXPECT_EQ(target->path, "/x");
  const auto bare = parse_target("http://localhost:8000");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->path, "/");
  const auto query_only = parse_target("http://localhost?z=1");
  ASSERT_TRUE(query_only);
  EXPECT_EQ(query_only->path, "/");
  EXPECT_EQ(query_only->query, (QueryPairs{{"z", "1"}}));
}

TEST(ParseTarget, RefusesWhatOnlyProbesSend) {
  for (const auto* bad : {"",
                          "x",
                          "localhost:1",
                          "ftp://x/",
                          "http:///x",
                          "/%",
                          "/%4",
                          "/%zz",
                          "/a%00b",
                          "/a%0d%0aSet-Cookie:x",
                          "/..",
                          "/a/../b",
                          "/a/..",
                          "/./a",
                          "/%2e%2e/etc/passwd",
                          "/a/..%2f..%2fetc",
                          "/..%5c..%5cwin.ini",
                          "/%ff",
                          "/%c0%af",
                          "/?q=%",
                          "/?q=%0",
                          "/?q=%00",
                          "/?%ff=1",
                          "/?q=%gg&ok=1"}) {
    const auto target = parse_target(bad);
    ASSERT_FALSE(target) << bad;
    EXPECT_EQ(target.error().kind, ErrorKind::kInvalidSyntax) << bad;
  }
}

TEST(ParseTarget, KeepsNamesThatOnlyLookLikeDotSegments) {
  for (const auto* good : {"/...", "/a..b", "/.well-known/x", "/a/b.", "*", "/%E2%82%AC"}) {
    EXPECT_TRUE(parse_target(good)) << good;
  }
}

TEST(PercentDecode, DecodesEachByteOnce) {
  EXPECT_EQ(percent_decode("%2525%41%6a", false), "%25Aj");
  EXPECT_EQ(percent_decode("", false), "");
  EXPECT_FALSE(percent_decode("abc%2", false));
}

}  // namespace
}  // namespace tocsin::http
