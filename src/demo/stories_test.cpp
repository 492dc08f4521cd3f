#include "demo/stories.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "model/attack.h"

namespace tocsin::demo {
namespace {

constexpr Timestamp kNow = from_unix_nanos(1'767'888'000'000'000'000);

std::vector<Delivery> attack_deliveries(std::uint64_t seed) {
  Stream stream({.now = kNow, .seed = seed, .alerts = 200});
  std::vector<Delivery> attacks;
  while (auto delivery = stream.next()) {
    if (!delivery->story.empty()) attacks.push_back(std::move(*delivery));
  }
  return attacks;
}

// Every "T1234" or "T1234.567" in quotes or after '='.
std::set<std::string> technique_ids(std::string_view body) {
  std::set<std::string> ids;
  for (std::size_t at = 1; at + 5 <= body.size(); ++at) {
    if (body[at] != 'T' || (body[at - 1] != '"' && body[at - 1] != '=')) continue;
    const auto end = body.find_first_not_of("0123456789.", at + 1);
    const auto id = body.substr(at, end - at);
    if (id.size() == 5 || id.size() == 9) ids.emplace(id);
  }
  return ids;
}

TEST(DemoStories, NameOnlyTechniquesThatTheTableKnows) {
  std::set<std::string> seen;
  for (const auto& delivery : attack_deliveries(1)) {
    for (const auto& id : technique_ids(delivery.body)) {
      const auto* technique = model::find_technique(id);
      ASSERT_NE(technique, nullptr) << id;
      EXPECT_EQ(technique->id, id) << "retired";
      seen.insert(id);
    }
  }
  EXPECT_GE(seen.size(), 25U);
}

TEST(DemoStories, LastHoursToDaysAndEndBeforeNow) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::map<std::string, std::vector<Timestamp>> times;
    for (const auto& delivery : attack_deliveries(seed)) times[delivery.story].push_back(delivery.at);
    ASSERT_EQ(times.size(), stories().size());
    for (const auto& [story, moments] : times) {
      EXPECT_GE(moments.back() - moments.front(), std::chrono::hours(1)) << story;
      EXPECT_GE(moments.front(), kNow - std::chrono::hours(72)) << story;
      EXPECT_LT(moments.back(), kNow) << story;
    }
  }
}

TEST(DemoStories, ThereAreAtLeastSevenAndEachUsesTwoTools) {
  std::map<std::string, std::set<std::string>> tools;
  for (const auto& delivery : attack_deliveries(1)) tools[delivery.story].insert(delivery.source);
  EXPECT_GE(tools.size(), 7U);
  for (const auto& [story, sources] : tools) EXPECT_GE(sources.size(), 2U) << story;
}

TEST(DemoStories, OtherSeedsHaveOtherVictims) {
  const auto first = attack_deliveries(1), second = attack_deliveries(2);
  EXPECT_NE(first.front().body, second.front().body);
}

}  // namespace
}  // namespace tocsin::demo
