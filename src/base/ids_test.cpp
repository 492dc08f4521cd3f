#include "base/ids.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace tocsin {
namespace {

TEST(Ids, SortByCreationWithinOneMillisecondAndWhenTheClockGoesBack) {
  const auto now = *parse_time("2026-01-04T12:00:00Z");
  std::string last = make_ulid(now);
  for (int i = 0; i < 10'000; ++i) {
    auto next = make_ulid(i % 2 == 0 ? now : now - std::chrono::seconds(i));
    ASSERT_LT(last, next);
    ASSERT_TRUE(is_ulid(next));
    last = std::move(next);
  }
}

TEST(Ids, ParseAcceptsOnlyItsOwnPrefix) {
  const auto id = AlertId::make(*parse_time("2026-01-04T12:00:00Z"));
  EXPECT_EQ(AlertId::parse(id.str()), id);
  EXPECT_FALSE(IncidentId::parse(id.str()));
  EXPECT_FALSE(AlertId::parse("AL-short"));
  EXPECT_FALSE(AlertId::parse("AL-81234567890123456789012345"));
}

TEST(FieldHasher, KeepsFieldBordersApart) {
  EXPECT_NE(FieldHasher().add("ab").add("c").finish(), FieldHasher().add("a").add("bc").finish());
  EXPECT_EQ(to_hex(0x0123456789abcdefULL), "0123456789abcdef");
}

}  // namespace
}  // namespace tocsin
