#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
const TokenBucket::Time kStart{std::chrono::hours(5)};

TEST(TokenBucket, GivesItsBurstThenItsRate) {
  TokenBucket bucket(2, 3, kStart);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(bucket.take(kStart));
  EXPECT_EQ(bucket.take(kStart), kStart + milliseconds(500));
  EXPECT_FALSE(bucket.take(kStart + milliseconds(500)));
  EXPECT_EQ(bucket.take(kStart + milliseconds(600)), kStart + milliseconds(1'000));
  int given = 0;  // an hour's rest is worth a burst, not more
  while (!bucket.take(kStart + std::chrono::hours(1))) ++given;
  EXPECT_EQ(given, 3);
}

TEST(TokenBucket, RestsWhenItIsTold) {
  TokenBucket bucket(1, 5, kStart);
  bucket.pause(kStart + seconds(30));
  EXPECT_EQ(bucket.take(kStart + seconds(29)), kStart + seconds(30));
  EXPECT_FALSE(bucket.take(kStart + seconds(30)));
  EXPECT_TRUE(bucket.take(kStart + seconds(30))) << "one asks first";
}

}  // namespace
}  // namespace tocsin
