#include "app/ingest_quota.h"

#include <gtest/gtest.h>

#include "store/test_support.h"

namespace tocsin::app {
namespace {

TEST(IngestQuota, ASecondsWorthIsTakenAndTheRestRefused) {
  store::test::FakeClock clock;
  IngestQuota quota(clock);
  EXPECT_TRUE(quota.take(1'000'000));  // no bound yet
  quota.set_rate(100);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(quota.take(10));
  const auto refused = quota.take(1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kBusy);
  clock.advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(quota.take(10));
  EXPECT_FALSE(quota.take(1));
}

TEST(IngestQuota, ALargeDeliveryIsTakenWholeAndPaidFor) {
  store::test::FakeClock clock;
  IngestQuota quota(clock);
  quota.set_rate(100);
  EXPECT_TRUE(quota.take(1000));
  clock.advance(std::chrono::seconds(9));
  EXPECT_FALSE(quota.take(1));
  clock.advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(quota.take(1));
}

TEST(IngestQuota, WhatWeMakeOfWhatWasPaidForNeedsRoomAlone) {
  store::test::FakeClock clock;
  IngestQuota quota(clock);
  quota.set_rate(10);
  EXPECT_TRUE(quota.take(1000));
  EXPECT_TRUE(quota.take(0));
  EXPECT_EQ(quota.take(1).error().kind, ErrorKind::kBusy);
  quota.set_full(true);
  EXPECT_EQ(quota.take(0).error().kind, ErrorKind::kStorageFull);
}

TEST(IngestQuota, TheSameRateAgainDoesNotFillTheBucket) {
  store::test::FakeClock clock;
  IngestQuota quota(clock);
  quota.set_rate(5);
  EXPECT_TRUE(quota.take(5));
  quota.set_rate(5);
  EXPECT_FALSE(quota.take(1));
  quota.set_rate(0);
  EXPECT_TRUE(quota.take(1));
}

}  // namespace
}  // namespace tocsin::app
