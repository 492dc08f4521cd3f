#include "triage/reference_maps.h"

#include "base/ascii.h"
#include "model/attack.h"
#include "triage/attack_fallback.h"

namespace tocsin::triage {
namespace {

using model::AlertStatus;
using model::IncidentStatus;
using model::Severity;
using model::Verdict;

constexpr std::array<std::string_view, 6> kThreatTypes{"bot_traffic",       "proxy_network",
                                                       "device_compromise", "anomaly_detection",
                                                       "rate_limit_breach", "geo_anomaly"};
constexpr std::array<std::string_view, 5> kS4Severities{"INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"};

struct FamilyThreat {
  std::string_view family;
  ThreatType type;
};
// Families that are not listed are an anomaly.
constexpr std::array kFamilyThreats{
    FamilyThreat{"bot_traffic", ThreatType::kBotTraffic},
    FamilyThreat{"port_scan", ThreatType::kBotTraffic},
    FamilyThreat{"vulnerability_scan", ThreatType::kBotTraffic},
    FamilyThreat{"web_attack", ThreatType::kBotTraffic},
    FamilyThreat{"credential_stuffing", ThreatType::kBotTraffic},
    FamilyThreat{"ssh_bruteforce", ThreatType::kBotTraffic},
    FamilyThreat{"rdp_bruteforce", ThreatType::kBotTraffic},
    FamilyThreat{"password_spray", ThreatType::kBotTraffic},
    FamilyThreat{"proxy_network", ThreatType::kProxyNetwork},
    FamilyThreat{"rate_limit_breach", ThreatType::kRateLimitBreach},
    FamilyThreat{"ddos", ThreatType::kRateLimitBreach},
    FamilyThreat{"impossible_travel", ThreatType::kGeoAnomaly},
    FamilyThreat{"suspicious_powershell", ThreatType::kDeviceCompromise},
    FamilyThreat{"windows_shell", ThreatType::kDeviceCompromise},
    FamilyThreat{"unix_shell", ThreatType::kDeviceCompromise},
    FamilyThreat{"malicious_document", ThreatType::kDeviceCompromise},
    FamilyThreat{"malware", ThreatType::kDeviceCompromise},
    FamilyThreat{"ransomware", ThreatType::kDeviceCompromise},
    FamilyThreat{"recovery_inhibited", ThreatType::kDeviceCompromise},
    FamilyThreat{"data_destruction", ThreatType::kDeviceCompromise},
    FamilyThreat{"device_compromise", ThreatType::kDeviceCompromise},
    FamilyThreat{"c2_outbound", ThreatType::kDeviceCompromise},
    FamilyThreat{"dns_tunnel", ThreatType::kDeviceCompromise},
    FamilyThreat{"dga_domain", ThreatType::kDeviceCompromise},
    FamilyThreat{"web_shell", ThreatType::kDeviceCompromise},
    FamilyThreat{"credential_dumping", ThreatType::kDeviceCompromise},
    FamilyThreat{"lateral_movement", ThreatType::kDeviceCompromise},
    FamilyThreat{"wmi", ThreatType::kDeviceCompromise},
    FamilyThreat{"persistence_run_key", ThreatType::kDeviceCompromise},
    FamilyThreat{"scheduled_task", ThreatType::kDeviceCompromise},
    FamilyThreat{"service_install", ThreatType::kDeviceCompromise},
    FamilyThreat{"process_injection", ThreatType::kDeviceCompromise},
    FamilyThreat{"lolbin", ThreatType::kDeviceCompromise},
    FamilyThreat{"defense_evasion", ThreatType::kDeviceCompromise},
    FamilyThreat{"ingress_tool", ThreatType::kDeviceCompromise},
    FamilyThreat{"remote_access_tool", ThreatType::kDeviceCompromise},
    FamilyThreat{"cryptomining", ThreatType::kDeviceCompromise},
    FamilyThreat{"container_escape", ThreatType::kDeviceCompromise},
};

bool same_upper(std::string_view text, std::string_view upper) {
  return text.size() == upper.size() &&
         std::equal(text.begin(), text.end(), upper.begin(), [](char a, char b) {
           return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
         });
}

std::string_view closed_status(Verdict verdict) {
  return verdict == Verdict::kFalsePositive ? "false_positive" : "resolved";
}

}  // namespace

std::string_view to_text(ThreatType type) {
  return kThreatTypes[static_cast<std::size_t>(type)];
}

std::optional<ThreatType> parse_threat_type(std::string_view text) {
  for (std::size_t i = 0; i < kThreatTypes.size(); ++i) {
    if (kThreatTypes[i] == text) return static_cast<ThreatType>(i);
  }
  return std::nullopt;
}

ThreatType threat_type_of(const model::Alert& alert) {
  if (const auto named = parse_threat_type(alert.type)) return *named;
  for (const auto* family : match_families(alert.type, alert.title)) {
    for (const auto& row : kFamilyThreats) {
      if (row.family == family->name) return row.type;
    }
  }
  return ThreatType::kAnomalyDetection;
}

std::string_view s4_severity(Severity severity) {
  return kS4Severities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> parse_s4_severity(std::string_view text) {
  for (std::size_t i = 0; i < kS4Severities.size(); ++i) {
    if (same_upper(text, kS4Severities[i])) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::string_view s4_status(AlertStatus status, Verdict verdict, bool requires_review) {
  if (status == AlertStatus::kClosed) return closed_status(verdict);
  if (requires_review) return "escalated";
  return status == AlertStatus::kInProgress ? "analyzing" : "pending";
}

std::string_view s4_status(IncidentStatus status, Verdict verdict, bool requires_review) {
  if (status == IncidentStatus::kClosed) return closed_status(verdict);
  if (requires_review) return "escalated";
  constexpr std::array<std::string_view, 3> kNames{"pending", "completed",
                                                   "analyzing"};  // open triaged in_progress
  return kNames[static_cast<std::size_t>(status)];
}

std::optional<S4StatusFilter> s4_status_filter(std::string_view status) {
  static const std::map<std::string_view, S4StatusFilter> kFilters{
      {"pending", {{AlertStatus::kNew}, {}, false}},
      {"analyzing", {{AlertStatus::kInProgress}, {}, false}},
      {"completed", {{}, {}, {}}},
      {"escalated", {{AlertStatus::kNew, AlertStatus::kInProgress}, {}, true}},
      {"resolved",
       {{AlertStatus::kClosed}, {Verdict::kUndecided, Verdict::kTruePositive, Verdict::kBenignPositive}, {}}},
      {"false_positive", {{AlertStatus::kClosed}, {Verdict::kFalsePositive}, {}}},
  };
  const auto found = kFilters.find(status);
  if (found == kFilters.end()) return std::nullopt;
  return found->second;
}

int s1_risk(int priority) {
  return std::clamp((priority + 9) / 10, 1, 10);
}

std::string_view s1_severity(Severity severity) {
  return severity == Severity::kInfo ? "informational" : to_text(severity);
}

std::optional<Verdict> parse_disposition(std::string_view text) {
  static const std::map<std::string_view, Verdict> kWords{{"truepositive", Verdict::kTruePositive},
                                                          {"tp", Verdict::kTruePositive},
                                                          {"malicious", Verdict::kTruePositive},
                                                          {"confirmed", Verdict::kTruePositive},
                                                          {"falsepositive", Verdict::kFalsePositive},
                                                          {"fp", Verdict::kFalsePositive},
                                                          {"falsealarm", Verdict::kFalsePositive},
                                                          {"benignpositive", Verdict::kBenignPositive},
                                                          {"benigntruepositive", Verdict::kBenignPositive},
                                                          {"bp", Verdict::kBenignPositive},
                                                          {"btp", Verdict::kBenignPositive},
                                                          {"benign", Verdict::kBenignPositive},
                                                          {"expectedactivity", Verdict::kBenignPositive}};
  std::string letters;
  for (const char c : text) {
    if (c != ' ' && c != '_' && c != '-') letters += lower(c);
  }
  const auto found = kWords.find(letters);
  if (found == kWords.end()) return std::nullopt;
  return found->second;
}

std::string_view s0_risk_label(double risk_score) {
  if (risk_score >= 80) return "critical";
  if (risk_score >= 60) return "high";
  return risk_score >= 35 ? "medium" : "low";
}

std::string_view s0_verdict(Verdict verdict) {
  return verdict == Verdict::kUndecided ? "unknown" : to_text(verdict);
}

std::optional<Verdict> parse_s0_verdict(std::string_view text) {
  return text == "unknown" ? Verdict::kUndecided : model::parse_verdict(text);
}

std::vector<S0MitreRow> s0_mitre(const model::Attack& attack) {
  std::vector<S0MitreRow> rows;
  for (const auto& id : attack.techniques) {
    const auto* technique = model::find_technique(id);
    if (technique == nullptr) continue;
    const auto tactic = technique->tactic_places.empty()
                            ? std::string_view{}
                            : model::tactics()[technique->tactic_places.front()].name;
    rows.push_back({tactic, technique->id, technique->name});
  }
  return rows;
}

}  // namespace tocsin::triage
