#include <gtest/gtest.h>

#include "detect/sigma/number.h"
#include "detect/sigma/time_part.h"

namespace tocsin::detect::sigma {
namespace {

bool less(std::string_view a, std::string_view b) {
  return compare(parse_number(a).value(), parse_number(b).value()) < 0;
}

TEST(SigmaNumber, IsADecimalNumberAndNothingElse) {
  EXPECT_EQ(parse_number("4624"), Number(std::int64_t{4624}));
  EXPECT_EQ(parse_number("-1"), Number(std::int64_t{-1}));
  EXPECT_EQ(parse_number("1.5e3"), Number(1500.0));
  for (const auto* text : {"", "-", "0x17", " 1", "1 ", "+1", ".5", "inf", "nan", "1,000", "1e", "12a"})
    EXPECT_FALSE(parse_number(text).has_value()) << text;
}

TEST(SigmaNumber, WholeNumbersAreComparedExactly) {
  EXPECT_TRUE(less("9007199254740992", "9007199254740993"));
  EXPECT_TRUE(less("2", "10"));
  EXPECT_TRUE(less("1.5", "2"));
  EXPECT_TRUE(compare(*parse_number("1"), *parse_number("1.0")) == 0);
  EXPECT_TRUE(less("9223372036854775807", "18446744073709551615"));
}

TEST(SigmaTimePart, ReadsTheTimeAsItIsWritten) {
  constexpr std::string_view kTime = "2026-01-04T23:05:59.123+02:00";
  EXPECT_EQ(read_time_part(kTime, TimePart::kMinute), 5);
  EXPECT_EQ(read_time_part(kTime, TimePart::kHour), 23);
  EXPECT_EQ(read_time_part(kTime, TimePart::kDay), 4);
  EXPECT_EQ(read_time_part(kTime, TimePart::kMonth), 1);
  EXPECT_EQ(read_time_part(kTime, TimePart::kYear), 2026);
  EXPECT_EQ(read_time_part("2026-01-04 07:30", TimePart::kHour), 7);
}

TEST(SigmaTimePart, WeeksAreThoseOfIso8601) {
  EXPECT_EQ(read_time_part("2026-01-04", TimePart::kWeek), 1);
  EXPECT_EQ(read_time_part("2026-01-05", TimePart::kWeek), 2);
  EXPECT_EQ(read_time_part("2027-01-03", TimePart::kWeek), 53);
  EXPECT_EQ(read_time_part("2024-12-30", TimePart::kWeek), 1);
}

TEST(SigmaTimePart, WhatIsNoTimeHasNoParts) {
  for (const auto* text : {"", "2026", "2026-13-01", "2026-02-30", "04/01/2026", "1767484800"})
    EXPECT_FALSE(read_time_part(text, TimePart::kYear).has_value()) << text;
  EXPECT_FALSE(read_time_part("2026-01-04", TimePart::kHour).has_value());
  EXPECT_FALSE(read_time_part("2026-01-04T25:00", TimePart::kHour).has_value());
}

}  // namespace
}  // namespace tocsin::detect::sigma
