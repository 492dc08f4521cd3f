#include "model/names.h"

#include <gtest/gtest.h>

namespace tocsin::model {
namespace {

// Every value of the enum reads back from its own spelling; the count is the wire's.
template <class Enum, class Parse>
void expect_round_trip(std::size_t count, Parse parse) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<Enum>(i);
    EXPECT_EQ(parse(to_text(value)), value) << to_text(value);
  }
  EXPECT_EQ(to_text(static_cast<Enum>(count)), "unknown");
}

TEST(Names, EveryValueReadsBackFromItsSpelling) {
  expect_round_trip<Severity>(5, parse_severity);
  expect_round_trip<AlertStatus>(3, parse_alert_status);
  expect_round_trip<IncidentStatus>(4, parse_incident_status);
  expect_round_trip<Verdict>(4, parse_verdict);
  expect_round_trip<AssetTier>(3, parse_asset_tier);
  expect_round_trip<EntityKind>(13, parse_entity_kind);
  expect_round_trip<EntityRole>(5, parse_entity_role);
  expect_round_trip<IocKind>(8, parse_ioc_kind);
}

TEST(Names, OnlyTheExactSpellingIsRead) {
  EXPECT_EQ(parse_severity("critical"), Severity::kCritical);
  EXPECT_FALSE(parse_severity("Critical"));
  EXPECT_FALSE(parse_severity(""));
  EXPECT_EQ(to_text(EntityKind::kCloudResource), "cloud_resource");
  EXPECT_EQ(to_text(Verdict::kBenignPositive), "benign_positive");
}

}  // namespace
}  // namespace tocsin::model
