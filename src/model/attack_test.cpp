#include "model/attack.h"

#include <gtest/gtest.h>

namespace tocsin::model {
namespace {

TEST(AttackTable, TacticsStandInKillChainOrder) {
  ASSERT_EQ(tactics().size(), 14U);
  EXPECT_EQ(tactics().front().name, "Reconnaissance");
  EXPECT_EQ(tactics()[1].id, "TA0042");
  EXPECT_EQ(tactics().back().name, "Impact");
  for (const auto& tactic : tactics()) EXPECT_FALSE(tactic.id.empty());
}

TEST(AttackTable, FindsTacticsBySpellingsInUse) {
  for (const auto* text :
       {"TA0011", "ta0011", "Command and Control", "command-and-control", "CommandAndControl"}) {
    ASSERT_TRUE(find_tactic(text)) << text;
    EXPECT_EQ(tactics()[*find_tactic(text)].id, "TA0011") << text;
  }
  EXPECT_FALSE(find_tactic("Unknown"));
  EXPECT_FALSE(find_tactic(""));
}

TEST(AttackTable, FindsTechniquesByIdAndName) {
  for (const auto* text : {"T1110.001", "t1110.001", "Password Guessing", "brute force: password guessing"}) {
    ASSERT_NE(find_technique(text), nullptr) << text;
    EXPECT_EQ(find_technique(text)->id, "T1110.001") << text;
  }
  EXPECT_EQ(find_technique("T1110.001")->name, "Brute Force: Password Guessing");
  EXPECT_EQ(find_technique("PowerShell")->id, "T1059.001");
  EXPECT_EQ(find_technique("T9999"), nullptr);
  EXPECT_EQ(find_technique("mite"), nullptr);
}

TEST(AttackTable, AmbiguousShortNamesNeedTheirParent) {
  EXPECT_EQ(find_technique("Cloud Account"), nullptr);
  EXPECT_EQ(find_technique("Account Discovery: Cloud Account")->id, "T1087.004");
  EXPECT_EQ(find_technique("Create Account: Cloud Account")->id, "T1136.003");
}

TEST(AttackTable, RetiredIdsLeadToTheirSuccessors) {
  EXPECT_EQ(find_technique("T1002")->id, "T1560");
  EXPECT_EQ(find_technique("T1085")->id, "T1218.011");  // Rundll32
  EXPECT_EQ(find_technique("T1064"), nullptr);          // Scripting: deprecated, nothing replaced it
}

TEST(CheckedAttack, DropsUnknownRepeatsAndAddsTactics) {
  const auto attack = checked_attack({"T1110", "nonsense", "t1110", "T1002"}, {});
  EXPECT_EQ(attack.techniques, (std::vector<std::string>{"T1110", "T1560"}));
  EXPECT_EQ(attack.tactics, (std::vector<std::string>{"TA0006", "TA0009"}));
}

TEST(CheckedAttack, KeepsTheTacticsGiven) {
  const auto attack = checked_attack({"T1055"}, {"Impact", "Privilege Escalation", "Privilege Escalation"});
  EXPECT_EQ(attack.tactics, (std::vector<std::string>{"TA0004", "TA0040"}));
  EXPECT_EQ(tactic_bits(attack), (1U << 5 | 1U << 13));
}

}  // namespace
}  // namespace tocsin::model
