// The demo's payloads through the normalisers of their sources: what a tool would have sent is understood.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "demo/demo.h"
#include "ingest/ingest.h"

namespace tocsin::demo {
namespace {

constexpr Timestamp kNow = from_unix_nanos(1'767'888'000'000'000'000);

// The alert that the delivery becomes; a failed expectation when that is not exactly one.
std::optional<model::Alert> alert_of(const Delivery& delivery) {
  auto normalised = ingest::normalise(delivery.source, delivery.body, {.now = kNow});
  EXPECT_TRUE(normalised) << delivery.source << ": " << to_string(normalised.error());
  if (!normalised) return std::nullopt;
  for (const auto& rejection : normalised->rejections) {
    ADD_FAILURE() << delivery.source << ": " << to_string(rejection.error) << "\n" << delivery.body;
  }
  EXPECT_EQ(normalised->records.size(), 1U) << delivery.body;
  if (normalised->records.size() != 1) return std::nullopt;
  EXPECT_EQ(normalised->records[0].kind, model::RecordKind::kAlert) << delivery.body;
  return std::move(normalised->records[0].alert);
}

struct Told {
  Delivery delivery;
  model::Alert alert;
};

const std::vector<Told>& timeline() {
  static const std::vector<Told> kTimeline = [] {
    std::vector<Told> told;
    Stream stream({.now = kNow});
    while (auto delivery = stream.next()) {
      if (auto alert = alert_of(*delivery)) told.push_back({std::move(*delivery), std::move(*alert)});
    }
    return told;
  }();
  return kTimeline;
}

bool has_kind(const model::Alert& alert, model::EntityKind kind) {
  return std::any_of(alert.entities.begin(), alert.entities.end(),
                     [&](const auto& entity) { return entity.kind == kind; });
}

TEST(DemoNormalised, EveryDeliveryIsOneAlertWithTitleAndEntities) {
  EXPECT_EQ(timeline().size(), 3'600U);
  for (const auto& [delivery, alert] : timeline()) {
    EXPECT_FALSE(alert.title.empty()) << delivery.body;
    EXPECT_FALSE(alert.type.empty()) << delivery.body;
    EXPECT_FALSE(alert.entities.empty()) << delivery.body;
  }
}

TEST(DemoNormalised, TimesAreThoseOfTheEvents) {
  for (const auto& [delivery, alert] : timeline()) {
    const auto off = alert.occurred_at - delivery.at;
    EXPECT_LT(std::chrono::abs(off), std::chrono::seconds(1)) << delivery.source << ' ' << delivery.body;
  }
}

TEST(DemoNormalised, AttacksNameAHostUserOrCloudResource) {
  for (const auto& [delivery, alert] : timeline()) {
    if (delivery.story.empty()) continue;
    EXPECT_TRUE(has_kind(alert, model::EntityKind::kHost) || has_kind(alert, model::EntityKind::kUser) ||
                has_kind(alert, model::EntityKind::kIp) || has_kind(alert, model::EntityKind::kCloudResource))
        << delivery.body;
  }
}

TEST(DemoNormalised, StoriesPassThroughTheirTacticsInOrder) {
  std::map<std::string, std::vector<std::string>> passed;
  for (const auto& [delivery, alert] : timeline()) {
    for (const auto& tactic : alert.attack.tactics) {
      auto& seen = passed[delivery.story];
      if (std::find(seen.begin(), seen.end(), tactic) == seen.end()) seen.push_back(tactic);
    }
  }
  for (const auto& story : stories()) {
    const auto& seen = passed[std::string(story.name)];
    auto from = seen.begin();
    for (const auto tactic : story.tactics) {
      const auto found = std::find(from, seen.end(), tactic);
      EXPECT_NE(found, seen.end()) << story.name << " lacks or misplaces " << tactic;
      if (found != seen.end()) from = found;
    }
  }
}

TEST(DemoNormalised, NoiseRepeatsAndNoAttackLooksLikeARepeatOfNoise) {
  std::map<std::uint64_t, std::size_t> noise;
  for (const auto& [delivery, alert] : timeline()) {
    if (delivery.story.empty()) ++noise[ingest::fingerprint(alert)];
  }
  EXPECT_LT(noise.size(), timeline().size() * 3 / 4);
  EXPECT_GT(noise.size(), timeline().size() / 4);
  for (const auto& [delivery, alert] : timeline()) {
    if (delivery.story.empty()) continue;
    EXPECT_FALSE(noise.contains(ingest::fingerprint(alert))) << delivery.body;
  }
}

TEST(DemoNormalised, ButtonsAreUnderstood) {
  for (const auto name : scenario_names()) {
    const auto deliveries = scenario(name, kNow, 11);
    ASSERT_TRUE(deliveries);
    for (const auto& delivery : *deliveries) ASSERT_TRUE(alert_of(delivery)) << name;
  }
}

TEST(DemoNormalised, CriticalThreatComesOutCritical) {
  const auto alert = alert_of(scenario("critical_threat", kNow, 11)->front());
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->severity, model::Severity::kCritical);
  EXPECT_EQ(alert->asset_tier, model::AssetTier::kCrownJewel);
  EXPECT_EQ(alert->type, "device_compromise");
  EXPECT_EQ(alert->attack.techniques.size(), 4U);
}

}  // namespace
}  // namespace tocsin::demo
