#include "respond/playbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/testing/temp_dir.h"
#include "respond/fill.h"

namespace tocsin::respond {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

constexpr std::size_t kShipped = 26;

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
    role: analyst
    approver: analyst
    undo: Nothing.
    evidence: [A note]
    commands:
      - platform: Linux
        syntax: sh
        run: id {user}
)";

TEST(ShippedPlaybooks, EveryFileIsReadAndHasEveryPhase) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TOCSIN_SOURCE_DIR "/data/playbooks")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto playbook = parse_playbook(text, entry.path().filename().string());
    ASSERT_TRUE(playbook.ok()) << to_string(playbook.error());
    EXPECT_EQ(playbook->id + ".yaml", entry.path().filename().string());
    std::set<Phase> phases;
    for (const auto& step : playbook->steps) phases.insert(step.phase);
    EXPECT_EQ(phases.size(), 5U) << playbook->id;
  }
  EXPECT_EQ(files, kShipped);
  EXPECT_EQ(shipped_playbooks().size(), kShipped);
}

TEST(ShippedPlaybooks, CoverTheFamiliesThatASocMeets) {
  std::vector<std::string> ids;
  for (const auto& playbook : shipped_playbooks()) ids.push_back(playbook.id);
  EXPECT_THAT(ids, IsSupersetOf({"phishing",
                                 "credential_stuffing",
                                 "multiple_failed_logins",
                                 "impossible_travel",
                                 "mfa_fatigue",
                                 "malware",
                                 "ransomware",
                                 "suspicious_powershell",
                                 "living_off_the_land",
                                 "lateral_movement",
                                 "privilege_escalation",
                                 "persistence",
                                 "c2_outbound",
                                 "dns_tunnel",
                                 "data_exfiltration",
                                 "s3_public",
                                 "iam_key_created",
                                 "root_account_use",
                                 "insider_download",
                                 "web_attack",
                                 "ddos",
                                 "bot_traffic",
                                 "supply_chain"}));
}

// Copies of one another would share their wording.
TEST(ShippedPlaybooks, AreWrittenEachForItsOwnFamily) {
  std::map<std::string, std::size_t> purposes;
  std::size_t steps = 0;
  for (const auto& playbook : shipped_playbooks()) {
    for (const auto& step : playbook.steps) {
      ++steps;
      ++purposes[step.purpose];
    }
  }
  EXPECT_GE(steps, 200U);
  EXPECT_GE(purposes.size() * 100, steps * 95);
}

TEST(ShippedPlaybooks, ContainmentNamesItsEffectAndMoreThanOnePlatform) {
  for (const auto& playbook : shipped_playbooks()) {
    std::set<std::string> platforms;
    bool changes = false;
    for (const auto& step : playbook.steps) {
      changes = changes || (step.phase == Phase::kContain && step.effect != Effect::kNone);
      for (const auto& command : step.commands) platforms.insert(command.platform);
    }
    EXPECT_TRUE(changes) << playbook.id;
    EXPECT_GE(platforms.size(), 3U) << playbook.id;
  }
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
INSTANTIATE_TEST_SUITE_P(
    Cases, BrokenPlaybook,
    ::testing::Values(BrokenCase{"syntax", "[odd]", "[odd", "x.yaml:5:6"},
                      BrokenCase{"phase", "phase: triage", "phase: party", "x.yaml:6:12"},
                      BrokenCase{"key", "    risk: none", "    rsk: none", "x.yaml:9:5"},
                      BrokenCase{"missing", "    undo: Nothing.\n", "", "x.yaml:6:5"},
                      BrokenCase{"placeholder", "{user}", "{someone}", "x.yaml:18:14"},
                      BrokenCase{"quoted placeholder", "{user}", "\"{user}\"", "x.yaml:18:14"},
                      BrokenCase{"syntax name", "syntax: sh", "syntax: cobol", "x.yaml:17:17"},
                      BrokenCase{"approval", "risk: none", "risk: high", "x.yaml:12:15"},
                      BrokenCase{"technique", "types: [odd]", "techniques: [T9999]", "x.yaml:4:16"},
                      BrokenCase{"nothing", "types: [odd]", "types: []", "x.yaml:4:3"},
                      BrokenCase{"list", "[A note]", "A note", "x.yaml:14:15"},
                      BrokenCase{"map", "types: [odd]", "- odd", "x.yaml:4:3"}));

TEST(ParsePlaybook, GarbageIsAnErrorNotACrash) {
  for (const auto* text : {"", "~", "[]", "just text", "a: &x [*x]", "\xFF\xFE", "{{{{{{{{", "id: {a: b}"}) {
    EXPECT_FALSE(parse_playbook(text, "x").ok()) << text;
  }
}

TEST(LoadPlaybooks, ADirectoryReplacesAddsAndReportsWhatItCannotRead) {
  const test::TempDir folder;
  const auto& directory = folder.path();
  std::ofstream(directory / "small.yaml") << kSmall;
  std::string own = kSmall;
  own.replace(own.find("id: small"), 9, "id: s3_public");
  std::ofstream(directory / "own.yml") << own;
  std::ofstream(directory / "bad.yaml") << "id: [";
  const auto library = load_playbooks(directory.string());
  ASSERT_EQ(library.playbooks.size(), kShipped + 1);
  ASSERT_EQ(library.errors.size(), 1U);
  EXPECT_THAT(library.errors[0].where, HasSubstr("bad.yaml:1:"));
  const auto own_one = std::find_if(library.playbooks.begin(), library.playbooks.end(),
                                    [](const Playbook& one) { return one.id == "s3_public"; });
  ASSERT_NE(own_one, library.playbooks.end());
  EXPECT_EQ(own_one->title, "Small");
}

TEST(LoadPlaybooks, AMissingDirectoryLeavesTheShippedOnes) {
  const auto library = load_playbooks("/nonexistent/playbooks");
  EXPECT_EQ(library.playbooks.size(), kShipped);
  EXPECT_EQ(library.errors.size(), 1U);
}

}  // namespace
}  // namespace tocsin::respond
