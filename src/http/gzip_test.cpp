#include "http/gzip.h"

#include <gtest/gtest.h>

namespace tocsin::http {
namespace {

TEST(Gzip, RoundTrips) {
  for (const std::size_t size : {0U, 1U, 1'000U, 1'000'000U}) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(i * i % 251);
    const auto back = gunzip(gzip(text), size);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, text);
  }
}

TEST(Gunzip, StopsABombAtTheLimit) {
  const auto bomb = gzip(std::string(64 << 20, 'a'));
  ASSERT_LT(bomb.size(), 400'000U);
  const auto result = gunzip(bomb, 1 << 20);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTooLarge);
  std::string members;
  for (int i = 0; i < 20; ++i) members += gzip(std::string(100'000, 'a'));
  EXPECT_EQ(gunzip(members, 1 << 20).error().kind, ErrorKind::kTooLarge);
}

TEST(Gunzip, ReadsSeveralMembersAsOne) {
  const auto result = gunzip(gzip("ab") + gzip("") + gzip("cd"), 10);
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, "abcd");
}

TEST(Gunzip, RefusesBrokenInput) {
  const auto good = gzip("some text that is long enough to be cut anywhere");
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto cut = gunzip(good.substr(0, size), 1'000);
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().kind, ErrorKind::kInvalidSyntax);
  }
  EXPECT_FALSE(gunzip("not gzip at all", 1'000));
  EXPECT_FALSE(gunzip(good + "tail", 1'000));
  auto flipped = good;
  flipped[flipped.size() - 6] ^= 1;
  EXPECT_FALSE(gunzip(flipped, 1'000)) << "the checksum is wrong";
}

TEST(AcceptsGzip, ReadsTheHeader) {
  for (const auto* yes : {"gzip", "deflate, gzip, br", "GZIP;q=0.5", "*", "br;q=1.0, gzip;q=0.1"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const auto* no : {"", "br", "gzip;q=0", "gzip; q=0.000", "identity", "gzipx"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

TEST(IsCompressible, KnowsTextFromPictures) {
  EXPECT_TRUE(is_compressible("application/json; charset=utf-8"));
  EXPECT_TRUE(is_compressible("text/plain"));
  EXPECT_TRUE(is_compressible("application/stix+json"));
  EXPECT_FALSE(is_compressible("image/png"));
  EXPECT_FALSE(is_compressible("application/gzip"));
}

}  // namespace
}  // namespace tocsin::http
