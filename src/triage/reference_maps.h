#pragma once
// Names and scales of the reference systems' calls, to and from ours. CONTRACT §2, "Maps".

#include <optional>
#include <string_view>
#include <vector>

#include "model/alert.h"
#include "model/incident.h"

namespace tocsin::triage {

// ---- S4
enum class ThreatType : std::uint8_t {
  kBotTraffic,
  kProxyNetwork,
  kDeviceCompromise,
  kAnomalyDetection,
  kRateLimitBreach,
  kGeoAnomaly
};
std::string_view to_text(ThreatType type);  // bot_traffic …
std::optional<ThreatType> parse_threat_type(std::string_view text);
// By the families that type and title speak of; kAnomalyDetection when none fits better.
ThreatType threat_type_of(const model::Alert& alert);

std::string_view s4_severity(model::Severity severity);                   // "CRITICAL" …
std::optional<model::Severity> parse_s4_severity(std::string_view text);  // any case
// closed → resolved or false_positive; else requires_review → escalated; else new → pending, in_progress →
// analyzing, triaged → completed.
std::string_view s4_status(model::AlertStatus status, model::Verdict verdict, bool requires_review);
std::string_view s4_status(model::IncidentStatus status, model::Verdict verdict, bool requires_review);

// What ?status= of GET /api/threats asks of our list of alerts.
struct S4StatusFilter {
  std::vector<model::AlertStatus> statuses;
  std::vector<model::Verdict> verdicts;  // empty: any
  std::optional<bool> requires_review;
};
// Absent for another word; `completed` is known and matches no alert (alerts have no such state): statuses is
// empty.
std::optional<S4StatusFilter> s4_status_filter(std::string_view status);

// ---- S1
int s1_risk(int priority);                               // 1..10 = max(1, ceil(priority / 10))
std::string_view s1_severity(model::Severity severity);  // informational low medium high critical
// What S1's feedback calls actual_disposition, in the words that tools use: "False Positive", "TP", "benign",
// …. Absent for anything else, which is kept and decides nothing.
std::optional<model::Verdict> parse_disposition(std::string_view text);

// ---- S0
std::string_view s0_risk_label(double risk_score);    // >= 80 critical, >= 60 high, >= 35 medium, else low
std::string_view s0_verdict(model::Verdict verdict);  // undecided → unknown
std::optional<model::Verdict> parse_s0_verdict(std::string_view text);
struct S0MitreRow {
  std::string_view tactic, id, technique;  // "Credential Access", "T1110", "Brute Force"; static text
};
std::vector<S0MitreRow> s0_mitre(const model::Attack& attack);

}  // namespace tocsin::triage
