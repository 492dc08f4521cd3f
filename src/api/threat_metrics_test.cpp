#include "api/threat_metrics.h"

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class ThreatMetricsTest : public test::ApiTest {
 protected:
  void SetUp() override {
    for (int n = 0; n < 5; ++n) {
      const auto text = std::to_string(n);
      add_alert(R"({"id":"c-)" + text + R"(","type":"bot_traffic","message":"m)" + text +
                R"(","severity":"high"})");
    }
  }
  static std::int64_t total(const ThreatMetrics::Counts& counts) {
    std::int64_t sum = 0;
    for (const auto& [key, count] : counts) sum += count;
    return sum;
  }
  std::int64_t shown(ThreatMetrics& metrics) {
    MetricText text;
    EXPECT_TRUE(metrics.write(text, 0).ok());
    const auto out = text.take();
    constexpr std::string_view kLine =
        "soc_threats_processed_total{severity=\"HIGH\",threat_type=\"bot_traffic\"} ";
    const auto at = out.find(kLine);
    return at == std::string::npos ? 0 : std::stoll(out.substr(at + kLine.size()));
  }
};

TEST_F(ThreatMetricsTest, OneScrapeCountsABoundedNumberAndTheNextGoesOn) {
  ThreatMetrics metrics(store_, {.alerts_per_scrape = 2, .alerts_unsaved = 100});
  EXPECT_EQ(shown(metrics), 2);
  EXPECT_EQ(shown(metrics), 4);
  EXPECT_EQ(shown(metrics), 5);
  EXPECT_EQ(shown(metrics), 5);
}

TEST_F(ThreatMetricsTest, ARestartGoesOnWhereItWas) {
  ThreatMetrics before(store_, {.alerts_per_scrape = 4, .alerts_unsaved = 3});
  EXPECT_EQ(shown(before), 4);
  // Another number of the same alerts shows that they are not read again.
  auto saved = (*store_.setting("metrics.threats")).value();
  const auto at = saved.find("\"alerts\":4");
  ASSERT_NE(at, std::string::npos) << saved;
  saved.replace(at, 10, "\"alerts\":70");
  ASSERT_TRUE(store_.set_setting("metrics.threats", saved).ok());
  ThreatMetrics after(store_);
  EXPECT_EQ(shown(after), 71);
}

TEST_F(ThreatMetricsTest, WhatWasKeptAndCannotBeReadIsCountedAgain) {
  ASSERT_TRUE(store_.set_setting("metrics.threats", R"({"until":3,"counts":[{"type":7}]})").ok());
  ThreatMetrics metrics(store_);
  EXPECT_EQ(total(*metrics.counts()), 5);
}

}  // namespace
}  // namespace tocsin::api
