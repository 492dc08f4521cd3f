#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/hash.h"
#include "demo/demo.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;

constexpr Timestamp kNow = from_unix_nanos(1'767'888'000'000'000'000);  // Thursday, 8 January 2026, 16:00

std::vector<Delivery> all_of(const Options& options) {
  Stream stream(options);
  std::vector<Delivery> deliveries;
  while (auto delivery = stream.next()) deliveries.push_back(std::move(*delivery));
  return deliveries;
}

std::uint64_t hash_of(const std::vector<Delivery>& deliveries) {
  FieldHasher hasher;
  for (const auto& delivery : deliveries) hasher.add(delivery.source).add(delivery.body);
  return hasher.finish();
}

TEST(DemoStream, GivesExactlyTheAlertsAskedFor) {
  EXPECT_EQ(all_of({.now = kNow}).size(), 3'600U);
  EXPECT_EQ(all_of({.now = kNow, .alerts = 20'001}).size(), 20'001U);
  EXPECT_EQ(all_of({.now = kNow, .alerts = 500, .stories = false}).size(), 500U);
}

TEST(DemoStream, IsTheSameForASeedAndOtherForAnother) {
  const auto first = hash_of(all_of({.now = kNow, .seed = 3}));
  EXPECT_EQ(first, hash_of(all_of({.now = kNow, .seed = 3})));
  EXPECT_NE(first, hash_of(all_of({.now = kNow, .seed = 4})));
}

TEST(DemoStream, RunsInTimeOrderAndEndsByNow) {
  for (const int shift : {0, 7, 15, 23, 61, 100}) {
    const auto now = kNow + hours(shift);
    const auto deliveries = all_of({.now = now});
    EXPECT_GE(deliveries.front().at, now - hours(72));
    EXPECT_LE(deliveries.back().at, now);
    for (std::size_t i = 1; i < deliveries.size(); ++i)
      ASSERT_LE(deliveries[i - 1].at, deliveries[i].at) << i;
  }
}

TEST(DemoStream, HasMostlyNoiseAndAFewPercentAttacks) {
  const auto deliveries = all_of({.now = kNow});
  std::map<std::string, std::size_t> by_story;
  for (const auto& delivery : deliveries) ++by_story[delivery.story];
  EXPECT_EQ(by_story.size(), 1U + stories().size());
  const auto attacks = deliveries.size() - by_story[""];
  EXPECT_GE(attacks, deliveries.size() * 2 / 100);
  EXPECT_LE(attacks, deliveries.size() * 4 / 100);
  for (const auto& story : stories()) EXPECT_GE(by_story[std::string(story.name)], 8U) << story.name;
}

TEST(DemoStream, SpeaksForEveryTool) {
  std::map<std::string, std::size_t> by_source;
  for (const auto& delivery : all_of({.now = kNow})) ++by_source[delivery.source];
  for (const auto* source : {"microsoft-sentinel", "microsoft-defender", "splunk", "suricata", "wazuh",
                             "aws-guardduty", "cef", "generic"}) {
    EXPECT_GE(by_source[source], 50U) << source;
  }
  EXPECT_EQ(by_source.size(), 8U);
}

TEST(DemoStream, IsBusierAtWorkThanAtNight) {
  std::map<long, std::size_t> by_hour;
  for (const auto& delivery : all_of({.now = kNow})) {
    const auto day = std::chrono::floor<std::chrono::days>(delivery.at);
    ++by_hour[std::chrono::duration_cast<hours>(delivery.at - day).count()];
  }
  EXPECT_GT(by_hour[9] + by_hour[10], 2 * (by_hour[20] + by_hour[21]));
}

TEST(DemoStream, RepeatsItselfLikeSensorsDo) {
  // Same rule, same file, same host: what dedup is for.
  std::map<std::string, std::size_t> by_file;
  for (const auto& delivery : all_of({.now = kNow})) {
    if (delivery.source != "wazuh" || delivery.body.find("\"id\":\"550\"") == std::string::npos) continue;
    const auto place = delivery.body.find("\"full_log\"");
    ++by_file[delivery.body.substr(place, 60)];
  }
  std::size_t repeats = 0;
  for (const auto& [file, count] : by_file) repeats += count - 1;
  EXPECT_GE(repeats, 50U);
}

TEST(DemoStream, BodiesDiffer) {
  std::set<std::string> bodies;
  const auto deliveries = all_of({.now = kNow, .alerts = 20'000});
  for (const auto& delivery : deliveries) bodies.insert(delivery.body);
  EXPECT_EQ(bodies.size(), deliveries.size());
}

}  // namespace
}  // namespace tocsin::demo
