#include "triage/suppress/volume.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tocsin::triage {
namespace {

TEST(Volume, ThePoissonTailIsThatOfTheTables) {
  EXPECT_DOUBLE_EQ(poisson_tail(3, 0), 1);
  EXPECT_NEAR(poisson_tail(3, 1), 1 - std::exp(-3), 1e-12);
  EXPECT_NEAR(poisson_tail(1, 4), 0.018988, 1e-6);
  EXPECT_LT(poisson_tail(1, 20), 1e-18);  // not lost beside 1
}

TEST(Volume, AJumpIsFarAboveTheBusiestHourAndNotFew) {
  EXPECT_FALSE(is_jump(kJumpFloor - 1, 0));
  EXPECT_TRUE(is_jump(kJumpFloor, 0));
  EXPECT_FALSE(is_jump(kJumpFloor, 10));
  EXPECT_FALSE(is_jump(600, 500));
  EXPECT_TRUE(is_jump(620, 500));
  EXPECT_FALSE(is_jump(500, 500));
}

TEST(Volume, HoursAreThoseOfUtcAndOldOnesAreForgotten) {
  const Timestamp at(std::chrono::hours(500'000) + std::chrono::minutes(59));
  EXPECT_EQ(hour_of(at), 500'000);
  EXPECT_EQ(hour_of(at + std::chrono::minutes(1)), 500'001);
  EXPECT_EQ(start_of_hour(500'000), at - std::chrono::minutes(59));
  HourlyHits hits;
  hits.add(1000, 7);
  hits.add(1000 + kHoursRemembered, 2);
  EXPECT_EQ(hits.busiest_before(1000 + kHoursRemembered), 7);
  EXPECT_EQ(hits.busiest_before(1001 + kHoursRemembered), 2);
  hits.add(1001 + kHoursRemembered, 1);
  EXPECT_EQ(hits.in(1000), 0);
  EXPECT_EQ(hits.hours().size(), 2U);
}

TEST(Volume, WhatWasNotStoredIsTakenBackAndTheStoreIsRight) {
  HourlyHits hits;
  hits.add(5, 3);
  hits.add(5, -1);
  EXPECT_EQ(hits.in(5), 2);
  hits.add(6, -4);
  EXPECT_EQ(hits.in(6), 0);
  hits.replace_from(5, {{4, 9}, {5, 10}, {7, 1}});
  EXPECT_EQ(hits.in(4), 0);
  EXPECT_EQ(hits.since(5), 11);
}

}  // namespace
}  // namespace tocsin::triage
