#include "respond/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/attack.h"

namespace tocsin::respond {
namespace {

using model::EntityKind;
using model::EntityRole;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

model::Alert alert_of(std::string type, std::vector<std::string> techniques,
                      std::vector<EntityKind> kinds = {}) {
  model::Alert alert;
  alert.id = AlertId::make(from_unix_nanos(1'767'528'000'000'000'000));
  alert.type = std::move(type);
  alert.attack = model::checked_attack(techniques, {});
  for (const auto kind : kinds) alert.entities.push_back({kind, "x", EntityRole::kTarget});
  return alert;
}

std::vector<Match> matched(const std::vector<model::Alert>& alerts) {
  return match_playbooks(shipped_playbooks(), refs_to(alerts));
}

std::vector<std::string> ids(const std::vector<Match>& matches) {
  std::vector<std::string> out;
  for (const auto& match : matches) out.push_back(match.playbook->id);
  return out;
}

TEST(Match, TypeBeatsTechniqueAndEachSaysWhy) {
  const std::vector<model::Alert> alerts{alert_of("s3_public", {"T1530"}), alert_of("s3_public", {}),
                                         alert_of("x", {"T1110.003"})};
  const auto matches = matched(alerts);
  ASSERT_THAT(ids(matches), ElementsAre("s3_public", "multiple_failed_logins"));
  EXPECT_EQ(matches[0].strength, 100);
  EXPECT_EQ(matches[0].reasons.size(), 2U);
  EXPECT_THAT(matches[0].reasons[1].text, HasSubstr("2 alerts have alert type s3_public."));
  EXPECT_EQ(matches[0].reasons[1].alert_ids.size(), 2U);
  EXPECT_EQ(matches[1].strength, 50);  // T1110 stands for its sub-techniques
  EXPECT_THAT(matches[1].reasons[0].text, HasSubstr("T1110.003"));
}

TEST(Match, ATechniqueOnlyCountsWithTheEntitiesThatThePlaybookIsAbout) {
  EXPECT_TRUE(matched(std::vector{alert_of("x", {"T1078"})}).size() == 0U ||
              ids(matched(std::vector{alert_of("x", {"T1078"})}))[0] != "impossible_travel");
  const std::vector<model::Alert> with_user{alert_of("x", {"T1078"}, {EntityKind::kUser})};
  EXPECT_EQ(ids(matched(with_user)).at(0), "impossible_travel");
}

TEST(Match, TacticsDecideOnlyWhenNothingElseDoes) {
  auto alert = alert_of("x", {}, {EntityKind::kHost});
  alert.attack.tactics = {"TA0011"};
  const auto weak = matched(std::vector{alert});
  ASSERT_EQ(ids(weak), std::vector<std::string>{"c2_outbound"});
  EXPECT_THAT(weak[0].reasons[0].text, HasSubstr("the tactic Command and Control"));
  alert.type = "ransomware";
  EXPECT_EQ(ids(matched(std::vector{alert})), std::vector<std::string>{"ransomware"});
}

TEST(Match, AStarStandsForAnyEndingOfAType) {
  EXPECT_EQ(ids(matched(std::vector{alert_of("ransomware_behaviour", {})})),
            std::vector<std::string>{"ransomware"});
  EXPECT_TRUE(matched(std::vector{alert_of("ran", {})}).empty());
}

TEST(Match, ManyAlertsGiveAtMostTenIdsAndEightPlaybooks) {
  std::vector<model::Alert> alerts;
  for (const auto& playbook : shipped_playbooks()) {
    for (int i = 0; i < 20; ++i) {
      alerts.push_back(alert_of(playbook.types.front(), {}));
    }
  }
  const auto matches = matched(alerts);
  EXPECT_EQ(matches.size(), 8U);
  for (const auto& match : matches) {
    for (const auto& reason : match.reasons) EXPECT_LE(reason.alert_ids.size(), 10U);
  }
}

TEST(ShortSteps, HoldEachActionOnce) {
  const std::vector<model::Alert> alerts{alert_of("malware", {}), alert_of("ransomware", {})};
  const auto steps = short_steps(playbooks_of(matched(alerts)));
  std::set<std::string> actions;
  for (const auto& step : steps) {
    EXPECT_TRUE(actions.insert(step.action).second) << step.action;
    EXPECT_FALSE(step.risk.empty() || step.impact.empty());
  }
  EXPECT_GE(steps.size(), 15U);
}

}  // namespace
}  // namespace tocsin::respond
