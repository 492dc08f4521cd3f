#include "outbound/url.h"

#include <gtest/gtest.h>

namespace tocsin::outbound {
namespace {

TEST(Url, IsReadIntoItsCanonicalForm) {
  const auto url = parse_url("HTTPS://API.Example.COM./v1/../v2/x?q=%41#top");
  ASSERT_TRUE(url) << to_string(url.error());
  EXPECT_EQ(url->text, "https://api.example.com/v2/x?q=%41");
  EXPECT_EQ(url->host, "api.example.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_FALSE(url->is_address);
  EXPECT_EQ(url->origin(), "https://api.example.com:443");
}

TEST(Url, AddressesAreReadAsTheKernelWould) {
  const auto v4 = parse_url("http://0x7f.1:8080/");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->host, "127.0.0.1");
  EXPECT_TRUE(v4->is_address);
  EXPECT_EQ(v4->text, "http://127.0.0.1:8080/");
  const auto v6 = parse_url("http://[0:0:0:0:0:0:0:1]/");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->text, "http://[::1]/");
  EXPECT_EQ(v6->origin(), "http://[::1]:80");
}

TEST(Url, QueryParametersAreEncoded) {
  const auto url = parse_url("https://x.example/a?k=1", {{"q", "a&b=c d#e"}, {"empty", ""}});
  ASSERT_TRUE(url) << to_string(url.error());
  EXPECT_EQ(url->text, "https://x.example/a?k=1&q=a%26b%3dc+d%23e&empty=");
  EXPECT_FALSE(parse_url("https://x.example/", {{"a=b", "c"}}));
  EXPECT_FALSE(parse_url("https://x.example/", {{"a", std::string("b\0c", 3)}}));
}

TEST(Url, ErrorsDoNotQuoteIt) {
  for (const auto* text : {"https://user:hunter2@x.example/", "https://x.example/hunter2 ", "hunter2://x",
                           "https://[hunter2]/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(to_string(url.error()).find("hunter2"), std::string::npos) << text;
  }
}

TEST(Url, RelativeLocationsLeadOnFromTheirBase) {
  const auto base = *parse_url("https://x.example:8443/a/b?c");
  EXPECT_EQ(resolve_url(base, "d")->text, "https://x.example:8443/a/d");
  EXPECT_EQ(resolve_url(base, "/d?e#f")->text, "https://x.example:8443/d?e");
  EXPECT_EQ(resolve_url(base, "//y.example/")->text, "https://y.example/");
  EXPECT_EQ(resolve_url(base, "http://y.example/")->text, "http://y.example/");
  EXPECT_FALSE(resolve_url(base, "//user@y.example/"));
  EXPECT_FALSE(resolve_url(base, "file:///etc/passwd"));
  EXPECT_FALSE(resolve_url(base, ""));
}

TEST(Url, OriginsDifferBySchemeHostAndPort) {
  const auto base = *parse_url("https://x.example/a");
  EXPECT_TRUE(base.same_origin(*parse_url("https://X.example:443/b")));
  EXPECT_FALSE(base.same_origin(*parse_url("http://x.example:443/")));
  EXPECT_FALSE(base.same_origin(*parse_url("https://y.example/")));
  EXPECT_FALSE(base.same_origin(*parse_url("https://x.example:444/")));
}

TEST(Url, NamesOfHosts) {
  for (const auto* good :
       {"a", "a-b.example", "_dmarc.x.example", "xn--bcher-kva.example", "1.2.3.x", "0xq"}) {
    EXPECT_TRUE(is_host_name(good)) << good;
  }
  for (const auto* bad : {"", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b.c", "1", "a.1", "a.0x1f", "a.0x",
                          "a b", "a/b", "\xC3\xA9"}) {
    EXPECT_FALSE(is_host_name(bad)) << bad;
  }
  EXPECT_FALSE(is_host_name(std::string(64, 'a')));
  std::string long_name;
  for (int i = 0; i < 4; ++i) long_name.append(63, 'a').append(1, '.');
  EXPECT_FALSE(is_host_name(long_name + "b"));
}

TEST(Url, LongOnesAreRefused) {
  EXPECT_TRUE(parse_url("https://x.example/" + std::string(8'000, 'a')));
  EXPECT_FALSE(parse_url("https://x.example/" + std::string(9'000, 'a')));
}

}  // namespace
}  // namespace tocsin::outbound
