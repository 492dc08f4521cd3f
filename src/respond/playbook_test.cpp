#include "respond/playbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "respond/simulate.h"

namespace tocsin::respond {
namespace {

using model::EntityKind;
using model::EntityRole;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> ids(const std::vector<const Playbook*>& playbooks) {
  std::vector<std::string> out;
  for (const auto* playbook : playbooks) out.push_back(playbook->id);
  return out;
}

constexpr const char* kSmall = R"(id: small
title: Small
matches:
  types: [odd]
steps:
  - phase: triage
    action: Look
    purpose: To see.
    risk: none
    impact: None.
    approver: analyst
    undo: Nothing.
    evidence: [A note]
)";

TEST(ShippedPlaybooks, AreTheSixFamiliesWithEveryPhase) {
  std::vector<std::string> shipped;
  for (const auto& playbook : shipped_playbooks()) {
    shipped.push_back(playbook.id);
    std::set<Phase> phases;
    for (const auto& step : playbook.steps) phases.insert(step.phase);
    EXPECT_EQ(phases.size(), 5U) << playbook.id;
  }
  EXPECT_THAT(shipped, ElementsAre("c2_outbound", "iam_key_created", "impossible_travel",
                                   "multiple_failed_logins", "s3_public", "suspicious_powershell"));
}

TEST(ShippedPlaybooks, NameOnlyCurrentTechniquesAndKnownPlaceholders) {
  std::ifstream file(TOCSIN_SOURCE_DIR "/data/attack/techniques.csv");
  std::set<std::string> current;
  for (std::string line; std::getline(file, line);) current.insert(line.substr(0, line.find(',')));
  for (const auto& playbook : shipped_playbooks()) {
    for (const auto& id : playbook.techniques) EXPECT_TRUE(current.contains(id)) << id;
    for (const auto& step : playbook.steps) {
      EXPECT_TRUE(step.risk < Risk::kMedium || step.approver != Approver::kAnalyst) << step.action;
    }
  }
}

TEST(Playbooks, AreMatchedByTypeThenByTechniqueOrItsParent) {
  const std::vector<std::string> types{"s3_public"}, techniques{"T1110.003", "T1071"};
  EXPECT_THAT(ids(match_playbooks(shipped_playbooks(), types, techniques)),
              ElementsAre("s3_public", "c2_outbound", "multiple_failed_logins"));
  const std::vector<std::string> near{"T11100"};
  EXPECT_TRUE(match_playbooks(shipped_playbooks(), {}, near).empty());
}

TEST(Playbooks, ShortStepsHoldEachActionOnce) {
  const std::vector<std::string> types{"c2_outbound", "suspicious_powershell"};
  const auto steps = short_steps(match_playbooks(shipped_playbooks(), types, {}));
  std::set<std::string> actions;
  for (const auto& step : steps) {
    EXPECT_TRUE(actions.insert(step.action).second) << step.action;
    EXPECT_FALSE(step.risk.empty() || step.impact.empty());
  }
  EXPECT_EQ(steps.size(), 15U);  // "Isolate the host from the network" is in both
}

struct BrokenCase {
  const char* name;
  const char* from;
  const char* to;
  const char* where;
};
class BrokenPlaybook : public ::testing::TestWithParam<BrokenCase> {};
TEST_P(BrokenPlaybook, IsRefusedWithItsPlace) {
  std::string text = kSmall;
  const std::string from = GetParam().from;
  text.replace(text.find(from), from.size(), GetParam().to);
  const auto playbook = parse_playbook(text, "x.yaml");
  ASSERT_FALSE(playbook.ok()) << GetParam().name;
  EXPECT_EQ(playbook.error().where, GetParam().where) << playbook.error().message;
}
INSTANTIATE_TEST_SUITE_P(Cases, BrokenPlaybook,
                         ::testing::Values(BrokenCase{"syntax", "[odd]", "[odd", "x.yaml:5:6"},
                                           BrokenCase{"phase", "phase: triage", "phase: party",
                                                      "x.yaml:6:12"},
                                           BrokenCase{"key", "    risk: none", "    rsk: none", "x.yaml:9:5"},
                                           BrokenCase{"missing", "    undo: Nothing.\n", "", "x.yaml:6:5"},
                                           BrokenCase{"list", "[A note]", "A note", "x.yaml:13:15"},
                                           BrokenCase{"map", "types: [odd]", "- odd", "x.yaml:4:3"}));

TEST(ParsePlaybook, GarbageIsAnErrorNotACrash) {
  for (const auto* text : {"", "~", "[]", "just text", "a: &x [*x]", "\xFF\xFE", "{{{{{{{{", "id: {a: b}"}) {
    EXPECT_FALSE(parse_playbook(text, "x").ok()) << text;
  }
}

TEST(LoadPlaybooks, ADirectoryReplacesAddsAndReportsWhatItCannotRead) {
  auto pattern = (std::filesystem::temp_directory_path() / "tocsin_playbooks_XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path directory = pattern;
  std::ofstream(directory / "small.yaml") << kSmall;
  std::string own = kSmall;
  own.replace(own.find("id: small"), 9, "id: s3_public");
  std::ofstream(directory / "own.yml") << own;
  std::ofstream(directory / "bad.yaml") << "id: [";
  const auto library = load_playbooks(directory.string());
  std::filesystem::remove_all(directory);
  ASSERT_EQ(library.playbooks.size(), 7U);
  ASSERT_EQ(library.errors.size(), 1U);
  EXPECT_THAT(library.errors[0].where, HasSubstr("bad.yaml:1:"));
  EXPECT_EQ(library.playbooks[4].id, "s3_public");
  EXPECT_EQ(library.playbooks[4].title, "Small");
}

TEST(LoadPlaybooks, AMissingDirectoryLeavesTheShippedOnes) {
  const auto library = load_playbooks("/nonexistent/playbooks");
  EXPECT_EQ(library.playbooks.size(), 6U);
  EXPECT_EQ(library.errors.size(), 1U);
}

TEST(Simulate, NamesTargetsCostsAndUndoAndExecutesNothing) {
  const std::vector<std::string> types{"multiple_failed_logins"};
  const auto playbooks = match_playbooks(shipped_playbooks(), types, {});
  const Scene scene{{{EntityKind::kIp, "45.10.22.1", EntityRole::kSource},
                     {EntityKind::kIp, "10.1.2.3", EntityRole::kSource},
                     {EntityKind::kUser, "bob", EntityRole::kTarget}},
                    model::AssetTier::kCrownJewel};
  const auto result = simulate("block the SOURCE address", playbooks, scene);
  ASSERT_TRUE(result.known);
  EXPECT_EQ(result.targets.size(), 2U);
  EXPECT_EQ(result.would_do[0], "Block the source address: 45.10.22.1, 10.1.2.3.");
  EXPECT_TRUE(result.requires_approval);
  EXPECT_EQ(result.approver, "soc_lead");
  EXPECT_FALSE(result.undo.empty());
  EXPECT_THAT(result.would_break, ::testing::Contains(HasSubstr("crown jewel")));
  EXPECT_THAT(result.would_break, ::testing::Contains(HasSubstr("10.1.2.3 is a private address")));
  EXPECT_THAT(result.commands.at(1).run, HasSubstr("saddr 45.10.22.1 drop"));
}

TEST(Simulate, WithoutATargetNothingWouldHappen) {
  const std::vector<std::string> types{"multiple_failed_logins"};
  const auto result =
      simulate("Block the source address", match_playbooks(shipped_playbooks(), types, {}), {});
  EXPECT_EQ(result.would_do[0], "Nothing: the incident names no ip to act on.");
}

TEST(Simulate, AnUnknownActionIsSaidToBeUnknown) {
  const auto result = simulate("rm -rf /\n", {}, {});
  EXPECT_FALSE(result.known);
  EXPECT_TRUE(result.requires_approval);
  EXPECT_EQ(result.action, "rm -rf /⟦U+000A⟧");
}

TEST(Fill, OnlyHarmlessValuesEnterACommand) {
  const auto fill_user = [](std::string value) {
    return fill("passwd {user} {nothing} {", {{EntityKind::kUser, std::move(value), EntityRole::kTarget}});
  };
  EXPECT_EQ(fill_user("bob@corp.example"), "passwd bob@corp.example {nothing} {");
  for (const auto* hostile :
       {"bob; reboot", "$(id)", "`id`", "a'b", "a\"b", "a\nb", "-rf", "", "a|b", "b*", "{user}", "a b"}) {
    EXPECT_EQ(fill_user(hostile), "passwd {user} {nothing} {") << hostile;
  }
  EXPECT_EQ(fill_user(std::string(200, 'a')), "passwd {user} {nothing} {");
}

}  // namespace
}  // namespace tocsin::respond
