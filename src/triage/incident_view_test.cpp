#include "triage/incident_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;
using model::EntityKind;
using model::EntityRole;
using model::LinkReason;
using model::Severity;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);  // 2026-01-04T12:00:00Z

Member make_member(model::Seq seq, std::string type, std::string title, Severity severity) {
  Member member;
  auto& alert = member.alert;
  alert.occurred_at = kStart + seq * 2min;
  alert.received_at = alert.last_seen = alert.occurred_at + 1s;
  alert.id = AlertId::make(alert.received_at);
  alert.source = seq % 2 == 1 ? "wazuh" : "suricata";
  alert.type = std::move(type);
  alert.title = std::move(title);
  alert.severity = severity;
  alert.entities = {{EntityKind::kHost, "web-01", EntityRole::kTarget},
                    {EntityKind::kUser, "alice", EntityRole::kTarget},
                    {EntityKind::kIp, "45.10.22.1", EntityRole::kSource}};
  member.membership.alert = seq;
  member.membership.incident = 1;
  return member;
}

IncidentFacts make_story() {
  IncidentFacts facts;
  facts.members.push_back(make_member(1, "ssh_bruteforce", "sshd: 40 failures", Severity::kMedium));
  facts.members.push_back(make_member(2, "suspicious_powershell", "encoded command", Severity::kCritical));
  facts.members[0].alert.attack = {{"T1110.001"}, {"TA0006"}};
  facts.members[1].alert.attack = {{"T1041"}, {"TA0010"}};
  facts.members[1].alert.iocs = {{model::IocKind::kIp, "45.10.22.1"}};
  auto& link = facts.members[1].membership;
  link.linked_to = 1;
  link.reason = LinkReason::kKillChain;
  link.weight_hundredths = 140;
  link.entity_indexes = {0, 1};
  facts.incident.alert_count = 2;
  facts.incident.lead_alert = 2;
  return facts;
}

TEST(IncidentTitle, SaysWhatHappenedToWhom) {
  const auto facts = make_story();
  EXPECT_EQ(make_incident_view(facts).title,
            "Suspicious PowerShell on web-01, user alice, from 45.10.22.1, and 1 related alert");
}

TEST(IncidentTitle, KeepsTheToolsTitleForAnUnknownType) {
  auto lead = make_member(1, "rule_4711", "Odd thing on web-01", Severity::kHigh).alert;
  EXPECT_EQ(incident_title(lead, {}), "Odd thing on web-01, user alice, from 45.10.22.1");
}

TEST(IncidentTitle, HostileTextIsShownAndCut) {
  auto lead = make_member(1, "x", "a\u202Eb\n" + std::string(5000, 'q'), Severity::kHigh).alert;
  const auto title = incident_title(lead, {});
  EXPECT_THAT(title, HasSubstr("a⟦U+202E⟧b⟦U+000A⟧"));
  EXPECT_LT(title.size(), 300U);
}

TEST(IncidentView, EachSummarySentenceRestsOnItsAlerts) {
  const auto facts = make_story();
  const auto view = make_incident_view(facts);
  const auto first = facts.members[0].alert.id.str(), second = facts.members[1].alert.id.str();
  ASSERT_EQ(view.summary.size(), 6U);
  EXPECT_EQ(view.summary[0].text,
            "2 alerts (1 critical and 1 medium) from suricata and wazuh from 2026-01-04 12:02 UTC to "
            "2026-01-04 12:04 UTC.");
  EXPECT_THAT(view.summary[0].alert_ids, ElementsAre(first, second));
  EXPECT_EQ(view.summary[1].text, "It began with “sshd: 40 failures” at 2026-01-04 12:02 UTC.");
  EXPECT_THAT(view.summary[1].alert_ids, ElementsAre(first));
  EXPECT_EQ(view.summary[2].text, "The most severe alert is “encoded command”, critical.");
  EXPECT_THAT(view.summary[2].alert_ids, ElementsAre(second));
  EXPECT_EQ(view.summary[4].text,
            "ATT&CK tactics in order of appearance: Credential Access and Exfiltration.");
  EXPECT_EQ(view.summary[5].text, "1 indicator, such as IP 45.10.22.1.");
  EXPECT_THAT(view.summary[5].alert_ids, ElementsAre(second));
}

TEST(IncidentView, AReviewThatNoAlertNeedsByItselfRestsOnAll) {
  auto facts = make_story();
  facts.incident.requires_review = true;
  facts.incident.review_reason = "critical severity";
  EXPECT_EQ(make_incident_view(facts).summary.back().text, "A person must look: critical severity.");
  EXPECT_EQ(make_incident_view(facts).summary.back().alert_ids.size(), 2U);
  facts.members[1].alert.requires_review = true;
  EXPECT_THAT(make_incident_view(facts).summary.back().alert_ids,
              ElementsAre(facts.members[1].alert.id.str()));
}

TEST(IncidentView, WhyNamesSharedValuesDistanceWeightAndStep) {
  const auto facts = make_story();
  const auto view = make_incident_view(facts);
  ASSERT_EQ(view.why.size(), 2U);
  EXPECT_EQ(view.why[0].text, "“sshd: 40 failures” opened the incident.");
  EXPECT_EQ(view.why[1].text,
            "“encoded command” shares host web-01 and user alice with “sshd: 40 failures”, 2 min apart (link "
            "weight 1.40). "
            "It is a step from Credential Access to Exfiltration.");
  EXPECT_THAT(view.why[1].alert_ids,
              ElementsAre(facts.members[1].alert.id.str(), facts.members[0].alert.id.str()));
}

TEST(IncidentView, ManyRepeatsShareOneSentence) {
  IncidentFacts facts;
  for (model::Seq seq = 1; seq <= 500; ++seq) {
    facts.members.push_back(make_member(seq, "ssh_bruteforce", "again", Severity::kLow));
    if (seq == 1) continue;
    facts.members.back().membership = {seq, 1, seq - 1, LinkReason::kSameRule, 100, {0}};
  }
  const auto view = make_incident_view(facts);
  ASSERT_EQ(view.why.size(), 2U);
  EXPECT_THAT(view.why[1].text, HasSubstr("499 alerts repeat one rule on host web-01, from"));
  EXPECT_EQ(view.why[1].alert_ids.size(), kMaxSentenceIds);
}

TEST(IncidentView, ManyDifferentLinksAreCut) {
  IncidentFacts facts;
  for (model::Seq seq = 1; seq <= 300; ++seq) {
    facts.members.push_back(make_member(seq, "x", "t", Severity::kLow));
    facts.members.back().alert.entities = {
        {EntityKind::kFile, "f" + std::to_string(seq), EntityRole::kRelated}};
    facts.members.back().membership = {seq, 1, 0, LinkReason::kSharedEntities, 100, {0}};
  }
  const auto view = make_incident_view(facts);
  ASSERT_EQ(view.why.size(), kMaxWhy + 1);
  EXPECT_EQ(view.why.back().text, "And 260 further links of these kinds.");
  EXPECT_EQ(view.why.back().alert_ids.size(), kMaxSentenceIds);
  EXPECT_EQ(view.entities.size(), kMaxViewEntities);
}

TEST(IncidentView, EntitiesAreMergedAndCountedOncePerAlert) {
  auto facts = make_story();
  facts.members[1].alert.entities.push_back({EntityKind::kHost, "web-01", EntityRole::kRelated});
  facts.members[1].alert.entities.push_back({EntityKind::kFile, "a.ps1", EntityRole::kRelated});
  const auto view = make_incident_view(facts);
  ASSERT_EQ(view.entities.size(), 4U);
  EXPECT_EQ(view.entities.back().entity.value, "a.ps1");
  EXPECT_EQ(view.entities.back().alerts, 1U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(view.entities[i].alerts, 2U);
}

TEST(IncidentView, TheTimelineHoldsRealTimesInOrder) {
  auto facts = make_story();
  facts.notes.push_back({NoteId::make(kStart), {}, "kim", "looks\u200B bad", kStart + 3min});
  facts.actions.push_back(
      {ActionId::make(kStart), {}, "kim", "simulate_remediate", "", "would block", true, kStart + 9min});
  const auto timeline = make_incident_view(facts).timeline;
  ASSERT_EQ(timeline.size(), 4U);
  EXPECT_EQ(timeline[0].at, facts.members[0].alert.occurred_at);
  EXPECT_EQ(timeline[0].recorded_at, facts.members[0].alert.received_at);
  EXPECT_EQ(timeline[1].detail, "looks⟦U+200B⟧ bad");
  EXPECT_EQ(timeline[3].title, "simulate_remediate (simulated)");
}

TEST(IncidentView, NothingGivesNothing) {
  const auto view = make_incident_view({});
  EXPECT_TRUE(view.summary.empty());
  EXPECT_TRUE(view.why.empty());
  EXPECT_TRUE(view.timeline.empty());
}

}  // namespace
}  // namespace tocsin::triage
