#include "detect/baseline/baselines.h"

#include <gtest/gtest.h>

#include "detect/engine/detector.h"

namespace tocsin::detect {
namespace {

constexpr std::string_view kRules = R"(title: New Country
id: 55555555-5555-4555-8555-555555555555
logsource: {category: application, service: generic}
detection:
  new: {baseline.user_country.known: true, baseline.user_country.first_seen: true}
  condition: new
)";
constexpr Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};

model::Event sign_in(std::string_view user, std::string_view country, int day, std::string_view more = "") {
  static model::Seq seq = 0;
  model::Event event;
  event.seq = ++seq;
  event.source = "app";
  event.occurred_at = kStart + std::chrono::hours(24 * day);
  event.received_at = event.occurred_at;
  event.raw = R"({"event_type":"login","outcome":"success","user":")" + std::string(user) +
              R"(","country":")" + std::string(country) + '"' + std::string(more) + "}";
  return event;
}

class BaselinesOfEvents : public testing::Test {
 protected:
  static RuleCatalogPtr catalog(std::string_view rules = kRules) {
    auto set = sigma::RuleSet::parse(rules, "test.yml");
    EXPECT_TRUE(set.refusals.empty());
    return std::make_shared<const RuleCatalog>(std::move(set), SourceTable::built_in());
  }
  static Detector detector(RuleCatalogPtr rules = catalog()) {
    auto made = Detector::create(std::move(rules), nullptr, {.baselines = {.bounds = {}, .secret = 42}});
    EXPECT_TRUE(made);
    return *std::move(made);
  }
  static std::size_t hits(Detector& detector, const model::Event& event) {
    return detector.judge({&event, 1}, event.received_at).size();
  }
  static void teach(Detector& detector) {
    for (int day = 0; day < 14; ++day) EXPECT_EQ(hits(detector, sign_in("mara", "PT", day)), 0U);
  }
};

TEST_F(BaselinesOfEvents, AreFieldsThatRulesRead) {
  auto judging = detector();
  EXPECT_EQ(judging.catalog().rules().size(), 1U);  // probes are no rules
  teach(judging);
  EXPECT_EQ(hits(judging, sign_in("nuno", "KR", 15)), 0U);  // nobody knows him
  const auto event = sign_in("Mara", "KR", 15);
  const auto findings = judging.judge({&event, 1}, event.received_at);
  ASSERT_EQ(findings.size(), 1U);
  ASSERT_FALSE(findings.front().evidence.empty());
  EXPECT_EQ(findings.front().evidence.front().value, "true");
  EXPECT_EQ(hits(judging, sign_in("mara", "KR", 16)), 0U);  // not new any more
  EXPECT_EQ(judging.figures().matches, std::vector<std::uint64_t>{1});
}

TEST_F(BaselinesOfEvents, CannotBeWrittenByAnEvent) {
  auto judging = detector();
  const auto* const forged =
      R"(,"baseline.user_country.known":true,"baseline":{"user_country":{"first_seen":true}})";
  EXPECT_EQ(hits(judging, sign_in("mara", "PT", 1, forged)), 0U);
  teach(judging);
  const auto* const hidden = R"(,"baseline.user_country.first_seen":false)";
  EXPECT_EQ(hits(judging, sign_in("mara", "KR", 15, hidden)), 1U);
}

TEST_F(BaselinesOfEvents, SurviveARestartAndANewSetOfRules) {
  auto first = detector();
  teach(first);
  const auto texts = first.baselines().changed();
  ASSERT_EQ(texts.size(), 1U);
  first.baselines().mark_saved();
  EXPECT_TRUE(first.baselines().changed().empty());

  auto restarted = detector();
  ASSERT_TRUE(restarted.baselines().restore("user_country", texts.at("user_country"), 0));
  std::string more(kRules);
  more += "---\ntitle: Other\nlogsource: {product: x}\ndetection: {a: {b: 1}, condition: a}\n";
  auto reloaded = detector(catalog(more));
  reloaded.baselines().adopt(std::move(first.baselines()));
  const auto event = sign_in("mara", "KR", 15);
  EXPECT_EQ(hits(restarted, event), 1U);
  EXPECT_EQ(hits(reloaded, event), 1U);
}

TEST_F(BaselinesOfEvents, AnEventIsLearnedOnce) {
  auto judging = detector();
  std::vector<model::Event> events;
  for (int day = 0; day < 14; ++day) events.push_back(sign_in("mara", "PT", day));
  judging.learn(events);
  judging.learn(events);
  EXPECT_EQ(judging.figures().events, 0U);
  EXPECT_EQ(judging.baselines().learned_until(), events.back().seq);
  EXPECT_EQ(judging.baselines().stats("user_country").values, 1U);
  EXPECT_NE(judging.baselines().changed().at("user_country").find(" 14 13 "),
            std::string::npos);  // times, gaps
}

TEST_F(BaselinesOfEvents, WhatCannotBeReadIsLearnedAnew) {
  auto judging = detector();
  EXPECT_FALSE(judging.baselines().restore("user_country", "nonsense", 0));
  EXPECT_FALSE(judging.baselines().restore("user_planet", "", 0));
  EXPECT_FALSE(judging.baselines().has_past("user_country"));
  teach(judging);
  EXPECT_EQ(hits(judging, sign_in("mara", "KR", 15)), 1U);
}

}  // namespace
}  // namespace tocsin::detect
