#include "model/tlp.h"

#include <gtest/gtest.h>

namespace tocsin::model {
namespace {

TEST(Tlp, EachMarkReadsItsOwnSpelling) {
  for (const auto tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
    EXPECT_EQ(parse_tlp(to_text(tlp)), tlp);
    EXPECT_EQ(parse_tlp("tlp:" + std::string(to_text(tlp))), tlp);
  }
}

TEST(Tlp, OldAndForeignSpellingsAreReadAndOtherWordsAreNot) {
  EXPECT_EQ(parse_tlp("TLP:WHITE"), Tlp::kClear);
  EXPECT_EQ(parse_tlp("amber+strict"), Tlp::kAmberStrict);
  EXPECT_EQ(parse_tlp("amber-strict"), Tlp::kAmberStrict);
  for (const auto* word : {"", "tlp:", "ambe", "amberx", "blue"}) EXPECT_FALSE(parse_tlp(word)) << word;
}

TEST(Tlp, TheStricterOfTwoIsTheLarger) {
  EXPECT_EQ(std::max(Tlp::kAmberStrict, Tlp::kAmber), Tlp::kAmberStrict);
  EXPECT_EQ(std::max(Tlp::kGreen, Tlp::kRed), Tlp::kRed);
}

}  // namespace
}  // namespace tocsin::model
