#include "detect/engine/rule_cost.h"

#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRules = R"(
title: Shell
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, service: security}
detection:
  s: {Image|endswith: '\powershell.exe'}
  condition: s
---
title: Logon
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows, service: security}
detection:
  s: {EventID: 4624}
  condition: s
---
title: Of Linux
id: 33333333-3333-4333-8333-333333333333
logsource: {product: linux, service: auditd}
detection:
  s: {type: EXECVE}
  condition: s
)";
constexpr std::string_view kLogon = "22222222-2222-4222-8222-222222222222";

RuleCatalogPtr catalog() {
  return std::make_shared<const RuleCatalog>(sigma::RuleSet::parse(kRules, "t.yml"), SourceTable::built_in());
}

std::vector<model::Event> logons(std::size_t count, std::size_t padding = 0) {
  model::Event event;
  event.raw = R"({"Channel":"Security","EventID":4624,"Note":")" + std::string(padding, 'x') + "\"}";
  return std::vector<model::Event>(count, event);
}

// Each look at it takes a microsecond.
struct SlowClock {
  std::shared_ptr<std::chrono::nanoseconds> now = std::make_shared<std::chrono::nanoseconds>(0);
  std::chrono::nanoseconds step = 1us;
  std::chrono::nanoseconds operator()() const { return *now += step; }
};

TEST(RuleCosts, BooksWhatEachRuleThatMaySeeTheEventTook) {
  RuleCosts costs(catalog(), SlowClock{});
  costs.add(logons(1), {}, 1ms);
  EXPECT_EQ(costs.figures().events, 1U);
  EXPECT_EQ(costs.figures().of, (std::vector<std::uint64_t>{1000, 1000, 0}));
  EXPECT_EQ(costs.figures().all, 2000U);
}

TEST(RuleCosts, TheShorterRoundCounts) {
  // The first round: 5 ms each look; then 1 us.
  auto looks = std::make_shared<int>(0);
  auto now = std::make_shared<std::chrono::nanoseconds>(0);
  RuleCosts costs(catalog(), [=] { return *now += ++*looks <= 4 ? 5'000'000ns : 1'000ns; });
  costs.add(logons(1), {}, 1ms);
  EXPECT_EQ(costs.figures().of, (std::vector<std::uint64_t>{1000, 1000, 0}));
}

TEST(RuleCosts, RulesThatAreOffAreNotAsked) {
  RulePolicyData off;
  off.rules[std::string(kLogon)].enabled = false;
  const auto policy = RulePolicy::make(std::move(off));
  ASSERT_TRUE(policy);
  RuleCosts costs(catalog(), SlowClock{});
  costs.add(logons(1), *policy, 1ms);
  EXPECT_EQ(costs.figures().of, (std::vector<std::uint64_t>{1000, 0, 0}));
}

TEST(RuleCosts, TakesAboutOneEventInSoMany) {
  constexpr std::size_t kEvents = 64'000;
  RuleCosts costs(catalog(), SlowClock{});
  costs.add(logons(kEvents), {}, 1h);
  EXPECT_NEAR(static_cast<double>(costs.figures().events), kEvents / RuleCosts::kEvery, 100);
}

TEST(RuleCosts, SpendsItsShareOfTheTimeAndNoMore) {
  const SlowClock clock{.step = 1ms};
  RuleCosts costs(catalog(), clock);
  constexpr auto kOneEvent = 6ms;  // looks for an event that two rules see, with begin and end
  costs.add(logons(200'000), {}, 0ns);
  EXPECT_GE(costs.spent(), RuleCosts::kHead);
  EXPECT_LE(costs.spent(), RuleCosts::kHead + kOneEvent);
  const auto before = costs.figures().events;
  costs.add(logons(200'000), {}, 1280ms);
  EXPECT_GT(costs.figures().events, before);
  EXPECT_LE(costs.spent(), RuleCosts::kHead + 10ms + kOneEvent);
}

TEST(RuleCosts, LongEventsAndOddOnesAreNotMeasured) {
  RuleCosts costs(catalog(), SlowClock{});
  costs.add(logons(1'000, RuleCosts::kMaxBytes), {}, 1h);
  model::Event broken;
  broken.raw = "{\"a\":";
  costs.add(std::vector<model::Event>(1'000, broken), {}, 1h);
  EXPECT_EQ(costs.figures().events, 0U);
}

}  // namespace
}  // namespace tocsin::detect
