#include "triage/reference_maps.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using model::AlertStatus;
using model::IncidentStatus;
using model::Severity;
using model::Verdict;

TEST(ReferenceMaps, S4SeveritiesAreUpperCaseAndReadInAnyCase) {
  for (int i = 0; i < 5; ++i) {
    const auto severity = static_cast<Severity>(i);
    EXPECT_EQ(parse_s4_severity(s4_severity(severity)), severity);
    EXPECT_EQ(parse_s4_severity(to_text(severity)), severity);
  }
  EXPECT_FALSE(parse_s4_severity("HUGE").has_value());
}

TEST(ReferenceMaps, S4StatusFollowsTheContract) {
  EXPECT_EQ(s4_status(AlertStatus::kNew, Verdict::kUndecided, false), "pending");
  EXPECT_EQ(s4_status(AlertStatus::kInProgress, Verdict::kUndecided, false), "analyzing");
  EXPECT_EQ(s4_status(AlertStatus::kNew, Verdict::kUndecided, true), "escalated");
  EXPECT_EQ(s4_status(AlertStatus::kClosed, Verdict::kTruePositive, true), "resolved");
  EXPECT_EQ(s4_status(AlertStatus::kClosed, Verdict::kFalsePositive, true), "false_positive");
  EXPECT_EQ(s4_status(IncidentStatus::kTriaged, Verdict::kUndecided, false), "completed");
  EXPECT_EQ(s4_status(IncidentStatus::kInProgress, Verdict::kUndecided, false), "analyzing");
}

// Each alert is found by exactly the filter of the status it shows.
TEST(ReferenceMaps, S4FiltersAgreeWithTheStatusesShown) {
  for (int status = 0; status < 3; ++status) {
    for (int verdict = 0; verdict < 4; ++verdict) {
      for (const bool review : {false, true}) {
        const auto s = static_cast<AlertStatus>(status);
        const auto v = static_cast<Verdict>(verdict);
        for (const auto* word :
             {"pending", "analyzing", "completed", "escalated", "resolved", "false_positive"}) {
          const auto filter = s4_status_filter(word);
          const auto has = [](const auto& list, auto value) {
            return std::find(list.begin(), list.end(), value) != list.end();
          };
          const bool found = has(filter->statuses, s) &&
                             (filter->verdicts.empty() || has(filter->verdicts, v)) &&
                             filter->requires_review.value_or(review) == review;
          EXPECT_EQ(found, s4_status(s, v, review) == word) << word;
        }
      }
    }
  }
  EXPECT_FALSE(s4_status_filter("weird").has_value());
}

TEST(ReferenceMaps, DispositionsAreReadAsPeopleWriteThem) {
  for (const auto* text : {"true_positive", "True Positive", "TP", "true-positive", "malicious"})
    EXPECT_EQ(parse_disposition(text), Verdict::kTruePositive) << text;
  for (const auto* text : {"false_positive", "FalsePositive", "fp", "False alarm"})
    EXPECT_EQ(parse_disposition(text), Verdict::kFalsePositive) << text;
  for (const auto* text : {"benign_positive", "Benign True Positive", "benign"})
    EXPECT_EQ(parse_disposition(text), Verdict::kBenignPositive) << text;
  for (const auto* text : {"", "undecided", "not a true positive"})
    EXPECT_FALSE(parse_disposition(text)) << text;
}

TEST(ReferenceMaps, S1RiskRoundsUpFromOneToTen) {
  EXPECT_EQ(s1_risk(0), 1);
  EXPECT_EQ(s1_risk(10), 1);
  EXPECT_EQ(s1_risk(11), 2);
  EXPECT_EQ(s1_risk(91), 10);
  EXPECT_EQ(s1_risk(100), 10);
}

TEST(ReferenceMaps, S0LabelsAndVerdicts) {
  EXPECT_EQ(s0_risk_label(80), "critical");
  EXPECT_EQ(s0_risk_label(79.99), "high");
  EXPECT_EQ(s0_risk_label(35), "medium");
  EXPECT_EQ(s0_risk_label(34.9), "low");
  EXPECT_EQ(s0_verdict(Verdict::kUndecided), "unknown");
  EXPECT_EQ(parse_s0_verdict("unknown"), Verdict::kUndecided);
  EXPECT_EQ(parse_s0_verdict("true_positive"), Verdict::kTruePositive);
  EXPECT_FALSE(parse_s0_verdict("maybe").has_value());
}

TEST(ReferenceMaps, S0MitreRowsComeFromTheTable) {
  const auto rows = s0_mitre({{"T1110.001", "T9999"}, {}});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].tactic, "Credential Access");
  EXPECT_EQ(rows[0].id, "T1110.001");
}

TEST(ReferenceMaps, ThreatTypesAreReadFromTypeAndTitle) {
  model::Alert alert;
  for (const auto* name : {"bot_traffic", "proxy_network", "device_compromise", "anomaly_detection",
                           "rate_limit_breach", "geo_anomaly"}) {
    alert.type = name;
    EXPECT_EQ(to_text(threat_type_of(alert)), name);
  }
  alert.type = "x";
  alert.title = "Ransomware on ward-07";
  EXPECT_EQ(threat_type_of(alert), ThreatType::kDeviceCompromise);
  alert.title = "Nothing we know";
  EXPECT_EQ(threat_type_of(alert), ThreatType::kAnomalyDetection);
}

}  // namespace
}  // namespace tocsin::triage
