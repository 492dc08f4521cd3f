#include "respond/checklist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::respond {
namespace {

using model::EntityKind;
using model::EntityRole;
using ::testing::HasSubstr;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);

model::Alert good_alert() {
  model::Alert alert;
  alert.id = AlertId::make(kStart);
  alert.occurred_at = kStart;
  alert.received_at = kStart + std::chrono::seconds(5);
  alert.entities = {{EntityKind::kHost, "web-01", EntityRole::kTarget}};
  alert.attack.techniques = {"T1110"};
  alert.triage.verdict = model::Verdict::kTruePositive;
  alert.raw = "{}";
  return alert;
}

class Checklist : public ::testing::Test {
 protected:
  Check check(std::string_view id) {
    CheckInput input{incident_,  refs_to(alerts_), {},         iocs_,    cves_,
                     exploited_, searched_,        elsewhere_, actions_, shipped_playbooks()};
    if (!alerts_.empty()) input.entities = alerts_[0].entities;
    const auto checks = automatic_checks(input);
    EXPECT_EQ(checks.size(), 10U);
    for (const auto& one : checks) {
      if (one.id == id) return one;
    }
    throw std::runtime_error("no such check");
  }
  void log(std::string action, bool simulated) {
    actions_.push_back({{}, {}, "ada", std::move(action), "", "", simulated, kStart});
  }

  model::Incident incident_;
  std::vector<model::Alert> alerts_{good_alert(), good_alert()};
  std::vector<model::Ioc> iocs_;
  std::vector<std::string> cves_, exploited_;
  std::size_t searched_ = 0;
  std::vector<Sighting> elsewhere_;
  std::vector<model::ActionRecord> actions_;
};

TEST_F(Checklist, OneAlertIsSpokenOfAsOne) {
  alerts_.pop_back();
  EXPECT_EQ(check("scope").reason,
            "1 of 1 alert names what is affected: 1 host, 0 users, 0 cloud resources.");
  alerts_[0].triage.verdict = model::Verdict::kUndecided;
  EXPECT_EQ(check("validate").reason, "0 of 1 alert has a verdict of a person. The incident has none.");
}

TEST_F(Checklist, ScopeAsksEveryAlertForWhatIsAffected) {
  EXPECT_EQ(check("scope").state, CheckState::kPassed);
  EXPECT_EQ(check("scope").reason,
            "2 of 2 alerts name what is affected: 1 host, 0 users, 0 cloud resources.");
  alerts_[1].entities = {{EntityKind::kIp, "45.10.22.1", EntityRole::kSource}};
  EXPECT_EQ(check("scope").state, CheckState::kAttention);
  EXPECT_EQ(check("scope").alert_ids, std::vector<std::string>{alerts_[1].id.str()});
  alerts_[0].entities.clear();
  EXPECT_EQ(check("scope").state, CheckState::kFailed);
}

TEST_F(Checklist, ValidationNeedsVerdictsNotAConfidence) {
  EXPECT_EQ(check("validate").state, CheckState::kPassed);
  alerts_[1].triage.verdict = model::Verdict::kUndecided;
  alerts_[1].triage.confidence = 1;
  EXPECT_EQ(check("validate").state, CheckState::kAttention);
  alerts_[0].triage.verdict = model::Verdict::kUndecided;
  EXPECT_EQ(check("validate").state, CheckState::kFailed);
  incident_.verdict = model::Verdict::kFalsePositive;
  EXPECT_EQ(check("validate").state, CheckState::kPassed);
}

TEST_F(Checklist, IndicatorsAreCountedAndSearched) {
  EXPECT_EQ(check("iocs").state, CheckState::kAttention);
  iocs_ = {{model::IocKind::kIp, "45.10.22.1"}, {model::IocKind::kDomain, "evil.example"}};
  EXPECT_EQ(check("iocs").reason, "2 indicators: 1 domain, 1 ip.");
  EXPECT_EQ(check("searched").state, CheckState::kFailed);
  searched_ = 2;
  EXPECT_EQ(check("searched").state, CheckState::kPassed);
  elsewhere_ = {{"evil.example", {"IN-7", "IN-8"}}};
  EXPECT_EQ(check("searched").state, CheckState::kAttention);
  EXPECT_THAT(check("searched").reason, HasSubstr("evil.example (IN-7 …)"));
}

TEST_F(Checklist, TechniquesFromTheTableAreToldApart) {
  alerts_[0].facts.push_back({"attack_basis", "ssh_bruteforce", "attack_fallback", {}});
  EXPECT_EQ(check("mitre").state, CheckState::kPassed);
  EXPECT_THAT(check("mitre").reason, HasSubstr("for 1 it comes from the table"));
  alerts_[1].attack.techniques.clear();
  EXPECT_EQ(check("mitre").state, CheckState::kAttention);
}

TEST_F(Checklist, AClockThatRunsAheadIsSeen) {
  EXPECT_EQ(check("timeline").state, CheckState::kPassed);
  alerts_[0].occurred_at = alerts_[0].received_at + std::chrono::minutes(6);
  EXPECT_EQ(check("timeline").state, CheckState::kAttention);
}

TEST_F(Checklist, KnownExploitedVulnerabilitiesWantAttention) {
  cves_ = {"CVE-2021-44228"};
  EXPECT_EQ(check("exploited").state, CheckState::kPassed);
  exploited_ = cves_;
  EXPECT_EQ(check("exploited").state, CheckState::kAttention);
  EXPECT_THAT(check("exploited").reason, HasSubstr("CVE-2021-44228"));
}

TEST_F(Checklist, ASimulationIsNoContainment) {
  EXPECT_EQ(check("containment").state, CheckState::kFailed);
  log("note_added", false);
  EXPECT_EQ(check("containment").state, CheckState::kFailed);
  log("Block the source address", true);
  EXPECT_EQ(check("containment").state, CheckState::kAttention);
  log("Block the source address", false);  // a step of a playbook
  EXPECT_EQ(check("containment").state, CheckState::kPassed);
  EXPECT_THAT(check("containment").reason, HasSubstr("recorded by ada"));
}

TEST_F(Checklist, OwnerAndEvidence) {
  EXPECT_EQ(check("owner").state, CheckState::kFailed);
  incident_.assignee = "ada";
  EXPECT_EQ(check("owner").state, CheckState::kPassed);
  EXPECT_EQ(check("evidence").state, CheckState::kPassed);
  alerts_[0].raw.clear();
  EXPECT_EQ(check("evidence").state, CheckState::kAttention);
}

TEST_F(Checklist, AnEmptyIncidentPassesNothingByAccident) {
  alerts_.clear();
  for (const auto* id : {"scope", "validate", "mitre", "timeline", "evidence", "containment", "owner"})
    EXPECT_EQ(check(id).state, CheckState::kFailed) << id;
}

TEST(ManualSteps, AreTheFourOfTheReferenceSystem) {
  EXPECT_NE(find_manual_step("contain"), nullptr);
  EXPECT_NE(find_manual_step("document"), nullptr);
  EXPECT_EQ(find_manual_step("dance"), nullptr);
}

}  // namespace
}  // namespace tocsin::respond
