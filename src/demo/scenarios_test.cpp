#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "demo/demo.h"

namespace tocsin::demo {
namespace {

namespace json = boost::json;

constexpr Timestamp kNow = from_unix_nanos(1'767'888'000'000'000'000);

json::object headline_of(std::string_view name, std::uint64_t seed) {
  const auto deliveries = scenario(name, kNow, seed);
  return json::parse(deliveries->front().body).as_object();
}

TEST(DemoScenarios, EachHasAHeadlineWithItsCustomerAndMetadata) {
  for (const auto name : scenario_names()) {
    const auto deliveries = scenario(name, kNow, 1);
    ASSERT_TRUE(deliveries) << name;
    EXPECT_EQ(deliveries->front().source, "generic") << name;
    EXPECT_EQ(deliveries->back().at, kNow) << name;
    const auto headline = headline_of(name, 1);
    EXPECT_FALSE(headline.at("customer_name").as_string().empty()) << name;
    EXPECT_GE(headline.at("metadata").as_object().size(), 5U) << name;
    EXPECT_EQ(headline.at("alert_type"), headline.at("threat_type")) << name;
  }
}

TEST(DemoScenarios, CoverTheSixThreatTypes) {
  for (const auto* type : {"bot_traffic", "proxy_network", "device_compromise", "anomaly_detection",
                           "rate_limit_breach", "geo_anomaly"}) {
    EXPECT_EQ(headline_of(type, 2).at("threat_type").as_string(), type);
  }
}

TEST(DemoScenarios, CriticalThreatIsCriticalOnACrownJewelWithTechniques) {
  const auto headline = headline_of("critical_threat", 3);
  EXPECT_EQ(headline.at("severity").as_string(), "critical");
  EXPECT_EQ(headline.at("asset_tier").as_string(), "crown_jewel");
  EXPECT_EQ(headline.at("threat_type").as_string(), "device_compromise");
  EXPECT_EQ(headline.at("mitre_techniques").as_array().size(), 4U);
  EXPECT_EQ(scenario("critical_threat", kNow, 3)->size(), 3U);
}

TEST(DemoScenarios, VaryWithTheSeedAndOnlyWithIt) {
  for (const auto name : scenario_names()) {
    const auto body = scenario(name, kNow, 4)->front().body;
    EXPECT_EQ(body, scenario(name, kNow, 4)->front().body) << name;
    EXPECT_NE(body, scenario(name, kNow, 5)->front().body) << name;
  }
}

TEST(DemoScenarios, UnknownNameIsToldTheKnownOnes) {
  const auto deliveries = scenario("meteor", kNow, 1);
  ASSERT_FALSE(deliveries);
  EXPECT_EQ(deliveries.error().kind, ErrorKind::kInvalidInput);
  EXPECT_NE(deliveries.error().hint.find("critical_threat, crypto_surge"), std::string::npos);
}

TEST(DemoDetectionEvents, AreAwsAzureAndLocalAndVary) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const auto events = detection_events(kNow, seed);
    ASSERT_GE(events.size(), 3U);
    EXPECT_EQ(events.front().source, "aws");
    EXPECT_EQ(events[events.size() - 2].source, "azure");
    EXPECT_EQ(events.back().source, "local");
    EXPECT_EQ(json::parse(events.back().raw).at("message").as_string(), events.back().message);
    for (const auto& event : events) EXPECT_LE(event.occurred_at, kNow);
  }
  EXPECT_NE(detection_events(kNow, 1).front().raw, detection_events(kNow, 2).front().raw);
}

}  // namespace
}  // namespace tocsin::demo
