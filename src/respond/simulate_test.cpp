#include "respond/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "respond/consequences.h"

namespace tocsin::respond {
namespace {

using model::AssetTier;
using model::Entity;
using model::EntityKind;
using model::EntityRole;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Playbook& shipped(std::string_view id) {
  for (const auto& playbook : shipped_playbooks()) {
    if (playbook.id == id) return playbook;
  }
  throw std::runtime_error("no such playbook");
}

model::Alert alert_with(std::vector<Entity> entities, AssetTier tier = AssetTier::kNormal) {
  model::Alert alert;
  alert.occurred_at = from_unix_nanos(1'767'528'000'000'000'000);
  alert.entities = std::move(entities);
  alert.asset_tier = tier;
  return alert;
}

Scene scene_of(std::vector<Entity> entities, AssetTier tier = AssetTier::kNormal) {
  const std::vector<model::Alert> alerts{alert_with(entities, tier)};
  return make_scene(refs_to(alerts), entities);
}

TEST(Simulate, NamesTargetsCostsAndUndoAndExecutesNothing) {
  const auto scene = scene_of({{EntityKind::kIp, "10.1.2.3", EntityRole::kSource},
                               {EntityKind::kIp, "45.10.22.1", EntityRole::kSource},
                               {EntityKind::kUser, "bob", EntityRole::kTarget}},
                              AssetTier::kCrownJewel);
  const auto result = simulate("block the SOURCE address", {&shipped("multiple_failed_logins")}, scene);
  ASSERT_TRUE(result.known);
  ASSERT_EQ(result.targets.size(), 2U);
  EXPECT_EQ(result.would_do[0], "Block the source address: 45.10.22.1, 10.1.2.3.");  // public first
  EXPECT_TRUE(result.requires_approval);
  EXPECT_EQ(result.approver, "soc_lead");
  EXPECT_EQ(result.role, "network_admin");
  EXPECT_FALSE(result.undo.empty());
  EXPECT_THAT(result.would_break, Contains(HasSubstr("crown jewel")));
  EXPECT_THAT(result.would_break, Contains(HasSubstr("10.1.2.3 is a private address")));
  EXPECT_THAT(result.commands.at(1).run, HasSubstr("saddr 45.10.22.1 counter drop"));
  EXPECT_THAT(sentence_of(result), HasSubstr("nothing was executed"));
}

TEST(Simulate, IsolatingADomainControllerIsSaidToStopSignIn) {
  const auto scene = scene_of({{EntityKind::kHost, "HQ-DC01.corp.example", EntityRole::kTarget}});
  const auto result = simulate("Isolate the machine from the network", {&shipped("malware")}, scene);
  EXPECT_THAT(result.would_break, Contains(HasSubstr("looks like a domain controller")));
  EXPECT_THAT(result.would_break, Contains(HasSubstr("tier 0")));
}

TEST(Simulate, DisablingAServiceAccountIsSaidToStopServices) {
  const auto scene = scene_of({{EntityKind::kUser, "CORP\\svc-backup", EntityRole::kActor}});
  const auto result = simulate("Disable the account that moves", {&shipped("lateral_movement")}, scene);
  EXPECT_THAT(result.would_break, Contains(HasSubstr("services, tasks and jobs")));
}

TEST(Simulate, WithoutATargetNothingWouldHappen) {
  const auto result = simulate("Block the source address", {&shipped("multiple_failed_logins")}, {});
  EXPECT_EQ(result.would_do[0], "Nothing: the incident names no ip to act on.");
  EXPECT_THAT(result.commands.at(1).run, HasSubstr("{ip}"));
}

TEST(Simulate, AnUnknownActionIsSaidToBeUnknown) {
  const auto result = simulate("rm -rf /\n", {}, {});
  EXPECT_FALSE(result.known);
  EXPECT_TRUE(result.requires_approval);
  EXPECT_EQ(result.action, "rm -rf /⟦U+000A⟧");
}

TEST(SimulatePlaybook, GoesThroughEveryStepThatChangesSomething) {
  for (const auto& playbook : shipped_playbooks()) {
    const auto all = simulate_playbook(playbook, scene_of({{EntityKind::kUser, "bob", EntityRole::kTarget}}));
    const auto changing = std::count_if(playbook.steps.begin(), playbook.steps.end(),
                                        [](const Step& step) { return step.effect != Effect::kNone; });
    EXPECT_EQ(all.size(), static_cast<std::size_t>(changing)) << playbook.id;
    for (const auto& one : all) EXPECT_FALSE(one.would_break.empty()) << one.action;
  }
}

std::vector<std::string> warnings(Effect effect, EntityKind kind, std::string value) {
  return consequences(effect, {{kind, std::move(value), EntityRole::kTarget}, AssetTier::kNormal, 1, {}});
}

TEST(Consequences, SharedAddressesAndDomainsAreNamed) {
  EXPECT_THAT(warnings(Effect::kBlockAddress, EntityKind::kIp, "8.8.8.8"),
              Contains(HasSubstr("Google's public DNS")));
  EXPECT_THAT(warnings(Effect::kBlockDomain, EntityKind::kUrl, "https://u:p@Evil.GitHub.com:443/x"),
              Contains(HasSubstr("github.com")));
  EXPECT_THAT(warnings(Effect::kBlockDomain, EntityKind::kDomain, "notgithub.com"), IsEmpty());
  EXPECT_THAT(warnings(Effect::kNone, EntityKind::kIp, "8.8.8.8"), IsEmpty());
}

TEST(Consequences, WhatEnrichmentKnowsOfTheTargetIsRepeatedWithItsSource) {
  Subject subject{{EntityKind::kHost, "pay-7", EntityRole::kTarget}, AssetTier::kCrownJewel, 1, {}};
  subject.facts.push_back({"service", "payments", "asset_table", {}});
  const auto said = consequences(Effect::kIsolateHost, subject);
  EXPECT_THAT(said, Contains("pay-7: service is payments, by asset table."));
  EXPECT_THAT(said, Contains(HasSubstr("crown jewel")));
}

TEST(Consequences, AHostIsNotChargedWithWhatIsKnownOfAUser) {
  const Entity host{EntityKind::kHost, "ws-1", EntityRole::kTarget};
  std::vector<model::Alert> alerts{alert_with({host, {EntityKind::kUser, "bob", EntityRole::kActor}})};
  alerts[0].facts = {{"asset_tier", "crown_jewel", "asset_table", {}, "ws-1", {}},
                     {"user_department", "Payroll", "user_table", {}, "bob", {}},
                     {"owner", "Finance", "vendor", {}, "", {}}};
  const auto scene = make_scene(refs_to(alerts), {host});
  const auto said = consequences(Effect::kIsolateHost, scene.subjects.at(0));
  EXPECT_THAT(said, Contains("ws-1: asset tier is crown jewel, by asset table."));
  EXPECT_THAT(said, Contains("ws-1: owner is Finance, by vendor."));
  EXPECT_THAT(said, Not(Contains(HasSubstr("Payroll"))));
}

TEST(Kinds, AreReadFromWholePartsOfAName) {
  EXPECT_EQ(kind_of_host("dc-01"), Kind::kDomainController);
  EXPECT_EQ(kind_of_host("adcock-laptop"), Kind::kOrdinary);
  EXPECT_EQ(kind_of_host("PRD-SQL07"), Kind::kDatabase);
  EXPECT_EQ(kind_of_host("ws-114"), Kind::kOrdinary);
  EXPECT_EQ(kind_of_account("svc_sql@corp.example"), Kind::kServiceAccount);
  EXPECT_EQ(kind_of_account("WEB01$"), Kind::kMachineAccount);
  EXPECT_EQ(kind_of_account("CORP\\Administrator"), Kind::kBuiltInAdmin);
  EXPECT_EQ(kind_of_account("sabine"), Kind::kOrdinary);
  EXPECT_EQ(kind_of_account(""), Kind::kOrdinary);
}

TEST(Scene, KeepsTheHighestTierAmongTheAlertsThatNameAnEntity) {
  const Entity host{EntityKind::kHost, "a", EntityRole::kTarget},
      other{EntityKind::kHost, "b", EntityRole::kTarget};
  const std::vector<model::Alert> alerts{alert_with({host}), alert_with({host}, AssetTier::kImportant),
                                         alert_with({other})};
  const auto scene = make_scene(refs_to(alerts), {host, other});
  EXPECT_EQ(scene.subjects[0].tier, AssetTier::kImportant);
  EXPECT_EQ(scene.subjects[0].alerts, 2U);
  EXPECT_EQ(scene.subjects[1].tier, AssetTier::kNormal);
  EXPECT_EQ(scene.until - scene.from, std::chrono::hours(2));
}

Filled fill_sh(std::string value) {
  return fill({"Linux", escape::Syntax::kSh, "passwd {user} ${nothing} {"},
              {{{EntityKind::kUser, std::move(value), EntityRole::kTarget}}, {}, {}});
}

TEST(Fill, AValueBecomesOneWordOrStaysOutWithTheReason) {
  EXPECT_EQ(fill_sh("bob@corp.example").run, "passwd bob@corp.example ${nothing} {");
  EXPECT_EQ(fill_sh("bob; reboot").run, "passwd 'bob; reboot' ${nothing} {");
  EXPECT_EQ(fill_sh("a'b").run, "passwd 'a'\\''b' ${nothing} {");
  for (const auto* refused : {"-rf", "a\nb", "\u202Ecod", "\xFF"}) {
    const auto filled = fill_sh(refused);
    EXPECT_EQ(filled.run, "passwd {user} ${nothing} {") << refused;
    ASSERT_EQ(filled.refused.size(), 1U) << refused;
    EXPECT_THAT(filled.refused[0], HasSubstr("is not filled in"));
  }
  EXPECT_THAT(fill_sh(std::string(600, 'a')).refused, Contains(HasSubstr("512 bytes")));
}

TEST(Fill, TheTimeOfTheIncidentIsALiteralOfTheLanguage) {
  const Filling filling{{}, from_unix_nanos(1'767'528'000'000'000'000), {}};
  EXPECT_EQ(fill({"x", escape::Syntax::kKql, "datetime({from})"}, filling).run,
            "datetime(\"2026-01-04T12:00:00.000Z\")");
  EXPECT_EQ(fill({"x", escape::Syntax::kSh, "--since {from}"}, filling).run,
            "--since 2026-01-04T12:00:00.000Z");
}

}  // namespace
}  // namespace tocsin::respond
