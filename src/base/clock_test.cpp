#include "base/clock.h"

#include <gtest/gtest.h>

#include <limits>

namespace tocsin {
namespace {

std::string round_trip(std::string_view text) {
  const auto t = parse_time(text);
  return t ? to_rfc3339(*t) : "absent";
}

TEST(ParseTime, ReadsTheFormsThatVendorsSend) {
  EXPECT_EQ(round_trip("2026-01-04T12:00:00Z"), "2026-01-04T12:00:00.000Z");
  EXPECT_EQ(round_trip("2026-01-04 12:00:00.123456789"), "2026-01-04T12:00:00.123Z");
  EXPECT_EQ(round_trip("2026-01-04T12:00:00.1234567891234+02:00"), "2026-01-04T10:00:00.123Z");
  EXPECT_EQ(round_trip("2026-01-04T12:00:00,5+0530"), "2026-01-04T06:30:00.500Z");
  EXPECT_EQ(round_trip("2026-01-04"), "2026-01-04T00:00:00.000Z");
  EXPECT_EQ(round_trip("2024-02-29t00:00:00-01"), "2024-02-29T01:00:00.000Z");
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const auto* text : {"", "yesterday", "2026-13-01", "2026-02-30T00:00:00Z", "2026-01-04T25:00:00Z",
                           "2026-01-04T12:00:00.Z", "2026-01-04T12:00:00+99:00", "9999-01-01T00:00:00Z"}) {
    EXPECT_EQ(round_trip(text), "absent") << text;
  }
}

TEST(TimeFromEpoch, TellsUnitsApartByMagnitude) {
  const auto want = parse_time("2023-11-14T22:13:20Z");
  EXPECT_EQ(time_from_epoch(std::int64_t{1'700'000'000}), want);
  EXPECT_EQ(time_from_epoch(std::int64_t{1'700'000'000'000}), want);
  EXPECT_EQ(time_from_epoch(std::int64_t{1'700'000'000'000'000}), want);
  EXPECT_EQ(time_from_epoch(std::int64_t{1'700'000'000'000'000'000}), want);
  EXPECT_EQ(time_from_epoch(1'700'000'000.25), *want + std::chrono::milliseconds(250));
  EXPECT_FALSE(time_from_epoch(-1.0));
  EXPECT_FALSE(time_from_epoch(1e300));
}

// Each lies in its unit's range of magnitudes, but beyond what nanoseconds since 1970 hold.
TEST(TimeFromEpoch, RefusesWholeNumbersBeyondTheLastYear) {
  EXPECT_FALSE(time_from_epoch(std::int64_t{50'000'000'000}));
  EXPECT_FALSE(time_from_epoch(std::int64_t{50'000'000'000'000}));
  EXPECT_FALSE(time_from_epoch(std::int64_t{50'000'000'000'000'000}));
  EXPECT_FALSE(time_from_epoch(std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(time_from_epoch(std::int64_t{-1}));
}

}  // namespace
}  // namespace tocsin
