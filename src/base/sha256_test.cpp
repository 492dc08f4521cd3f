#include "base/sha256.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// FIPS 180-4, examples.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesAreAsTheWholeAndItBeginsAnew) {
  Sha256 hasher;
  EXPECT_EQ(hasher.add("a").add("").add("bc").finish(), sha256("abc"));
  EXPECT_EQ(hasher.finish(), sha256(""));
}

TEST(Hex, GoesBothWaysAndRefusesTheRest) {
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(from_hex("00ff10"), std::string("\x00\xff\x10", 3));
  for (const auto* bad : {"0", "0g", "FF"}) EXPECT_EQ(from_hex(bad), "") << bad;
}

}  // namespace
}  // namespace tocsin
