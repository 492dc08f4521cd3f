#include "triage/agents/agents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/attack.h"
#include "triage/false_positive.h"
#include "triage/planner.h"
#include "triage/threat_timeline.h"

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;
using model::EntityKind;
using model::EntityRole;
using model::Severity;
using model::Verdict;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);

class StepClock final : public Clock {
 public:
  Timestamp now() const override { return kStart + 1500us * calls_++; }

 private:
  mutable int calls_ = 0;
};

CaseInput make_case(Severity severity = Severity::kCritical) {
  CaseInput input;
  model::Alert alert;
  alert.id = AlertId::make(kStart);
  alert.source = "defender";
  alert.type = "device_compromise";
  alert.title = "Compromised device";
  alert.severity = severity;
  alert.occurred_at = kStart;
  alert.received_at = kStart + 2s;
  alert.entities = {{EntityKind::kHost, "ward-07", EntityRole::kTarget},
                    {EntityKind::kUser, "nurse", EntityRole::kTarget},
                    {EntityKind::kIp, "45.10.22.1", EntityRole::kDestination}};
  alert.iocs = {{model::IocKind::kIp, "45.10.22.1"}};
  alert.attack = {{"T1204"}, {"TA0002"}};
  apply(score(alert, {}, {}), alert);
  input.alerts = {alert};
  return input;
}

SimilarIncident similar(Verdict verdict) {
  return {IncidentId::make(kStart), "earlier", verdict, kStart - 24h, {"host ward-07"}};
}

TEST(Agents, WithoutDataTheySaySoWithLittleConfidence) {
  const auto all = analyse(make_case(), StepClock());
  EXPECT_THAT(all.historical.analysis, HasSubstr("nothing known"));
  EXPECT_THAT(all.config.analysis, HasSubstr("nothing known"));
  EXPECT_EQ(all.devops.analysis, "No deployments or changes stored: nothing known.");
  EXPECT_THAT(all.context.analysis, HasSubstr("not known"));
  for (const auto* one : {&all.historical, &all.config, &all.devops, &all.context}) {
    EXPECT_LE(one->confidence, 0.1) << one->agent_name;
    EXPECT_EQ(one->leaning, 0) << one->agent_name;
    EXPECT_FALSE(one->data_sources_consulted.empty());
  }
  EXPECT_THAT(all.priority.analysis, HasSubstr("Its severity is critical."));
  EXPECT_FALSE(all.agents_disagree);
}

TEST(Agents, TheirTimeIsMeasured) {
  const auto all = analyse(make_case(), StepClock());
  EXPECT_DOUBLE_EQ(all.historical.processing_time_ms, 1.5);
  EXPECT_DOUBLE_EQ(all.priority.processing_time_ms, 1.5);
}

TEST(HistoricalAgent, CountsVerdictsAndNamesIncidents) {
  auto input = make_case();
  input.similar = {similar(Verdict::kFalsePositive), similar(Verdict::kFalsePositive),
                   similar(Verdict::kUndecided)};
  const auto analysis = analyse_history(input);
  EXPECT_LT(analysis.leaning, 0);
  EXPECT_GT(analysis.confidence, 0.1);
  ASSERT_EQ(analysis.key_findings.size(), 3U);
  EXPECT_EQ(analysis.key_findings[0].evidence, std::vector<std::string>{input.similar[0].id.str()});
  input.similar = {similar(Verdict::kTruePositive)};
  EXPECT_GT(analyse_history(input).leaning, 0);
}

TEST(ConfigAgent, FindsAllowListedParties) {
  auto input = make_case();
  input.policy.allow_list = {{"AW-1", "scanner-1", "scanner"}, {"AW-2", "WARD-07", "kiosk of the ward"}};
  const auto analysis = analyse_config(input);
  EXPECT_LT(analysis.leaning, 0);
  EXPECT_EQ(analysis.key_findings.at(0).text, "WARD-07 is on the allow list: kiosk of the ward.");
  EXPECT_THAT(analysis.key_findings.at(0).evidence,
              ElementsAre(input.alerts[0].id.str() + "#/entities/0", "AW-2"));
  input.policy.allow_list = {{"AW-3", "ward-0", "another"}};
  EXPECT_EQ(analyse_config(input).leaning, 0);
  input.policy.allow_list = {{"AW-4", "45.10.0.0/16", "partner"}};
  EXPECT_LT(analyse_config(input).leaning, 0);
}

TEST(ConfigAgent, AnEntryThatRanOutAllowsNothing) {
  auto input = make_case();
  input.policy.allow_list = {{"AW-1", "ward-07", "test", kStart}};
  EXPECT_EQ(analyse_config(input).leaning, 0);
  input.policy.allow_list[0].expires_at = kStart + 1s;
  EXPECT_LT(analyse_config(input).leaning, 0);
}

TEST(ConfigAgent, AMaintenanceWindowCoversItsTimeAndItsResources) {
  auto input = make_case();
  const auto leaning = [&](Timestamp from, Timestamp until, std::vector<std::string> resources) {
    input.policy.maintenance = {{"MW-1", "patch night", from, until, std::move(resources)}};
    return analyse_config(input).leaning;
  };
  EXPECT_LT(leaning(kStart - 1h, kStart + 1h, {"ward-07"}), 0);
  EXPECT_LT(leaning(kStart - 1h, kStart + 1h, {}), 0);
  EXPECT_THAT(analyse_config(input).key_findings.at(0).text, HasSubstr("“patch night”"));
  EXPECT_EQ(leaning(kStart - 1h, kStart + 1h, {"ward-08"}), 0);
  EXPECT_EQ(leaning(kStart - 2h, kStart, {}), 0);
  EXPECT_EQ(leaning(kStart + 1s, kStart + 1h, {}), 0);
}

TEST(ConfigAgent, ARateIsComparedWithItsLimit) {
  auto input = make_case();
  input.alerts[0].occurrences = 300;
  input.alerts[0].first_seen = kStart;
  input.alerts[0].last_seen = kStart + 2min;
  input.policy.rate_limits = {{"RL-1", "sign-ins", "device_compromise", 100}};
  auto analysis = analyse_config(input);
  EXPECT_GT(analysis.leaning, 0);
  EXPECT_EQ(analysis.key_findings.at(0).text, "150 a minute exceed the limit “sign-ins” of 100.");
  input.policy.rate_limits[0].per_minute = 200;
  EXPECT_LT(analyse_config(input).leaning, 0);
  input.policy.rate_limits[0].applies_to = "another type";
  EXPECT_TRUE(analyse_config(input).key_findings.empty());
}

TEST(ChangeAgent, TellsAChangeOfTheSameResourceFromAnother) {
  auto input = make_case();
  input.change_source_connected = true;
  EXPECT_THAT(analyse_changes(input).analysis, HasSubstr("No deployment or change is stored near"));
  input.changes = {
      {"CH-1", kStart - 5min, "deployment", "agent 2.1", {"web-01", "Ward-07"}, "ana", false, "ci"},
      {"CH-2", kStart - 1min, "deployment", "site", {"other"}}};
  const auto analysis = analyse_changes(input);
  EXPECT_THAT(analysis.analysis, HasSubstr("concerns the same resource"));
  EXPECT_THAT(analysis.key_findings.at(0).evidence,
              ElementsAre("CH-1", input.alerts[0].id.str() + "#/entities/0"));
  EXPECT_THAT(analysis.key_findings.at(0).text, HasSubstr("by ana"));
  const auto told = analysis.leaning;
  input.changes[0].told_by.clear();  // a log says so: who writes it may be the attacker
  EXPECT_GT(analyse_changes(input).leaning, told);
  EXPECT_THAT(analyse_changes(input).analysis, HasSubstr("only a log"));
  input.changes[0].resources = {"other"};
  EXPECT_THAT(analyse_changes(input).analysis, HasSubstr("does not name"));
  EXPECT_TRUE(is_change_event("deployment_finished"));
  EXPECT_FALSE(is_change_event("ConsoleLogin"));
}

TEST(ChangeAgent, WhatIsFarAwayInTimeExplainsNothing) {
  auto input = make_case();
  input.change_source_connected = true;
  input.changes = {{"CH-1", kStart - 5h, "deployment", "agent 2.1", {"ward-07"}},
                   {"CH-2", kStart + 31min, "deployment", "agent 2.2", {"ward-07"}}};
  const auto analysis = analyse_changes(input);
  EXPECT_EQ(analysis.leaning, 0);
  EXPECT_TRUE(analysis.key_findings.empty());
}

TEST(ContextAgent, AnAdvisoryCountsByWhatItShares) {
  auto input = make_case();
  const auto leaning = [&](std::vector<std::string> names, std::vector<std::string> products) {
    input.advisories = {
        {"AD-1", "Wave against clinics", "CERT", kStart - 48h, std::move(names), std::move(products)}};
    return analyse_context(input).leaning;
  };
  const auto by_address = leaning({"45.10.22.1"}, {});
  EXPECT_THAT(analyse_context(input).key_findings.at(0).evidence, ElementsAre("AD-1"));
  EXPECT_THAT(analyse_context(input).key_findings.at(0).text, HasSubstr("names 45.10.22.1"));
  const auto by_technique = leaning({"t1204"}, {});
  EXPECT_GT(by_address, by_technique);
  EXPECT_GT(by_technique, 0);
  EXPECT_GT(leaning({}, {"Compromised Device"}), 0);
  EXPECT_EQ(leaning({"45.10.22.2"}, {"promised"}), 0);
  EXPECT_THAT(analyse_context(input).analysis, HasSubstr("no stored advisory names"));
}

TEST(ContextAgent, PointsToTheFactThatSpeaks) {
  auto input = make_case();
  input.alerts[0].facts = {{"reputation", "malicious", "threatfeed", kStart}};
  const auto analysis = analyse_context(input);
  EXPECT_GT(analysis.leaning, 0.5);
  EXPECT_EQ(analysis.key_findings.at(0).evidence.at(0), input.alerts[0].id.str() + "#/facts/0");
}

TEST(Agents, DisagreementIsNamed) {
  auto input = make_case();
  input.policy.allow_list = {{"AW-1", "ward-07", "known"}};
  input.alerts[0].facts = {{"reputation", "malicious", "threatfeed", kStart}};
  EXPECT_TRUE(analyse(input, StepClock()).agents_disagree);
}

TEST(FalsePositiveScore, WithoutDataIsThePriorAndSaysSo) {
  auto input = make_case(Severity::kMedium);
  input.alerts[0].attack = {};
  const auto result = false_positive_score(input, analyse(input, StepClock()));
  EXPECT_NEAR(result.score, 0.45, 1e-9);
  EXPECT_TRUE(result.indicators.empty());
  EXPECT_FALSE(result.historical_fp_rate.has_value());
  EXPECT_EQ(result.recommendation, "needs_review");
}

TEST(FalsePositiveScore, MovesWithStoredVerdictsBothWays) {
  auto input = make_case(Severity::kMedium);
  const auto base = false_positive_score(input, analyse(input, StepClock())).score;
  input.prior = {40, 40};
  input.similar = {similar(Verdict::kFalsePositive), similar(Verdict::kBenignPositive)};
  const auto noisy = false_positive_score(input, analyse(input, StepClock()));
  EXPECT_GT(noisy.score, 0.7);
  EXPECT_EQ(noisy.recommendation, "likely_false_positive");
  EXPECT_EQ(noisy.similar_resolved_as_fp, 2U);
  EXPECT_DOUBLE_EQ(*noisy.historical_fp_rate, 1.0);
  input.prior = {40, 0};
  input.similar = {similar(Verdict::kTruePositive)};
  EXPECT_LT(false_positive_score(input, analyse(input, StepClock())).score, base);
}

TEST(FalsePositiveScore, ACriticalCaseIsNeverDismissed) {
  auto input = make_case(Severity::kCritical);
  input.prior = {1000, 1000};
  input.policy.allow_list = {{"AW-1", "ward-07", "known"}};
  const auto result = false_positive_score(input, analyse(input, StepClock()));
  EXPECT_GT(result.score, 0.7);
  EXPECT_EQ(result.recommendation, "needs_review");
}

TEST(Planner, ACriticalDeviceCompromiseIsQuarantinedWithApproval) {
  const auto input = make_case();
  const auto plan = plan_response(input, ThreatType::kDeviceCompromise,
                                  false_positive_score(input, analyse(input, StepClock())));
  EXPECT_EQ(plan.primary_action.type, ActionType::kQuarantine);
  EXPECT_EQ(plan.primary_action.target->value, "ward-07");
  EXPECT_EQ(plan.primary_action.urgency, Urgency::kImmediate);
  EXPECT_TRUE(plan.primary_action.requires_approval);
  EXPECT_FALSE(plan.primary_action.auto_executable);
  EXPECT_EQ(plan.sla_minutes, 15);
  EXPECT_EQ(plan.auto_escalate_after_minutes, 7);
  EXPECT_THAT(plan.escalation_path, ElementsAre("SOC Tier 2", "SOC Manager", "CISO"));
  ASSERT_EQ(plan.secondary_actions.size(), 2U);
  EXPECT_EQ(plan.secondary_actions[1].target->value, "45.10.22.1");
}

TEST(Planner, NeverInventsATargetAndNeverBlocksAPrivateAddress) {
  auto input = make_case();
  input.alerts[0].entities = {{EntityKind::kIp, "10.0.0.5", EntityRole::kSource}};
  input.alerts[0].iocs.clear();
  const auto plan = plan_response(input, ThreatType::kBotTraffic, {});
  EXPECT_EQ(plan.primary_action.type, ActionType::kEscalate);
  EXPECT_FALSE(plan.primary_action.target.has_value());
  EXPECT_THAT(plan.notes, HasSubstr("Left out block_ip"));
}

TEST(Planner, EveryTypeAndSeverityHasAPlanWithItsSla) {
  constexpr std::array<int, 5> kSla{480, 240, 60, 30, 15};
  for (int type = 0; type < 6; ++type) {
    for (int severity = 0; severity < 5; ++severity) {
      const auto input = make_case(static_cast<Severity>(severity));
      const auto plan = plan_response(input, static_cast<ThreatType>(type), {});
      EXPECT_EQ(plan.sla_minutes, kSla[static_cast<std::size_t>(severity)]);
      EXPECT_NE(plan.primary_action.type, ActionType::kNone);
      EXPECT_FALSE(plan.primary_action.reason.empty());
    }
  }
}

TEST(Planner, SeverityAndTacticsAreThoseOfTheWholeCase) {
  auto input = make_case(Severity::kMedium);
  input.alerts[0].attack = {};
  const auto alone = plan_response(input, ThreatType::kRateLimitBreach, {});
  EXPECT_EQ(alone.sla_minutes, 60);
  EXPECT_TRUE(alone.secondary_actions.empty());
  auto later = input.alerts[0];
  later.severity = Severity::kCritical;
  later.attack = {{}, {"TA0008", "TA0040"}};  // lateral movement, impact
  input.alerts.push_back(later);
  const auto plan = plan_response(input, ThreatType::kRateLimitBreach, {});
  EXPECT_EQ(plan.sla_minutes, 15);
  EXPECT_EQ(plan.primary_action.urgency, Urgency::kImmediate);
  EXPECT_THAT(plan.escalation_path, ElementsAre("SOC Tier 2", "SOC Manager", "CISO"));
  std::vector<ActionType> types;
  for (const auto& action : plan.secondary_actions) types.push_back(action.type);
  EXPECT_THAT(types, ElementsAre(ActionType::kBlockIp, ActionType::kQuarantine, ActionType::kEscalate));
  EXPECT_THAT(plan.primary_action.reason, HasSubstr("1 related alert is critical"));
}

TEST(Planner, AnIncidentSpeaksForTheAlertsThatWereNotRead) {
  auto input = make_case(Severity::kMedium);
  input.alerts[0].attack = {};
  input.severity = Severity::kHigh;
  input.tactics = model::tactic_bits({{}, {"TA0010"}});
  const auto plan = plan_response(input, ThreatType::kRateLimitBreach, {});
  EXPECT_EQ(plan.sla_minutes, 30);
  ASSERT_FALSE(plan.secondary_actions.empty());
  EXPECT_EQ(plan.secondary_actions.back().type, ActionType::kEscalate);
}

TEST(Planner, ALikelyFalsePositiveIsOnlyWatched) {
  FalsePositiveScore dismissed;
  dismissed.recommendation = "likely_false_positive";
  const auto plan = plan_response(make_case(Severity::kHigh), ThreatType::kBotTraffic, dismissed);
  EXPECT_EQ(plan.primary_action.type, ActionType::kMonitor);
  EXPECT_EQ(plan.sla_minutes, 240);
  EXPECT_THAT(plan.escalation_path, ElementsAre("SOC Tier 1"));
}

TEST(ThreatTimeline, HoldsStoredTimesOnly) {
  auto input = make_case();
  model::Incident incident;
  incident.id = IncidentId::make(kStart);
  incident.created_at = kStart + 3s;
  model::ActionRecord action{ActionId::make(kStart), incident.id, "kim",       "verdict_changed", "",
                             "true positive",        false,       kStart + 60s};
  const auto timeline = make_threat_timeline(input.alerts, &incident, std::span(&action, 1));
  ASSERT_EQ(timeline.events.size(), 4U);
  EXPECT_EQ(timeline.events[0].event_type, "detection");
  EXPECT_EQ(timeline.events[1].event_type, "analysis");
  EXPECT_EQ(timeline.events[2].event_type, "correlation");
  EXPECT_EQ(timeline.events[3].event_type, "decision");
  EXPECT_EQ(timeline.start_time, kStart);
  EXPECT_DOUBLE_EQ(timeline.duration_ms, 60'000);
  EXPECT_TRUE(make_threat_timeline({}, nullptr, {}).events.empty());
}

TEST(ThreatTexts, NameTheTechniqueAndTheParties) {
  const auto input = make_case();
  EXPECT_THAT(executive_summary(input.alerts[0]), HasSubstr("ATT&CK T1204"));
  EXPECT_THAT(executive_summary(input.alerts[0]), HasSubstr("A person must look at it."));
  EXPECT_THAT(customer_narrative(input.alerts[0]), HasSubstr("host ward-07, user nurse and IP 45.10.22.1"));
}

}  // namespace
}  // namespace tocsin::triage
