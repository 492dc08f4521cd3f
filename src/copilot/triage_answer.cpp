#include "copilot/triage_answer.h"

#include "base/display_text.h"
#include "copilot/query.h"
#include "model/attack.h"

namespace tocsin::copilot {
namespace {

using model::Alert;

constexpr int kEscalateFrom = 8;           // S1: a score of 8 or more
constexpr std::chrono::hours kAround{24};  // queries look this far before and after
constexpr std::string_view kExfiltration = "TA0010";
constexpr std::size_t kSeveralAlerts = 3;

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : std::string(separator)) + part;
  return text;
}

std::string parties(const Alert& alert) {
  std::vector<std::string> parts;
  for (const auto& entity : alert.entities) {
    if (parts.size() < 4)
      parts.push_back(std::string(to_text(entity.kind)) + " " + display_text(entity.value, 60));
  }
  return joined(parts, ", ");
}

std::string summarise(const Alert& alert) {
  auto text = "“" + display_text(alert.title, 160) + "”, " + std::string(to_text(alert.severity)) +
              ", reported by " + display_text(alert.source, 40) + " at " + to_rfc3339(alert.occurred_at) +
              ".";
  if (!alert.entities.empty()) text += " It concerns " + parties(alert) + ".";
  if (alert.occurrences > 1) text += " It was seen " + std::to_string(alert.occurrences) + " times.";
  return text;
}

std::vector<std::string> key_findings(const TriageFacts& facts) {
  std::vector<std::string> findings;
  for (const auto& reason : facts.reasons) findings.push_back(reason.text);
  if (facts.alert.process.command_line) {
    findings.push_back("Command line: " + display_text(*facts.alert.process.command_line, 200));
  }
  if (facts.same_incident_alerts > 0) {
    findings.push_back(std::to_string(facts.same_incident_alerts) +
                       " other alerts belong to the same incident.");
  }
  return findings;
}

std::vector<std::string> steps(const TriageFacts& facts, std::size_t max_steps) {
  auto list = facts.playbook_steps;
  for (const auto& entity : facts.alert.entities) {
    list.push_back("Look at everything else that names " + std::string(to_text(entity.kind)) + " " +
                   display_text(entity.value, 60));
  }
  if (!facts.alert.iocs.empty())
    list.push_back("Look up the " + std::to_string(facts.alert.iocs.size()) +
                   " indicators before acting on them");
  if (list.empty()) list.emplace_back("Read the raw record: the alert names nobody and nothing to follow");
  if (list.size() > max_steps) list.resize(max_steps);
  return list;
}

std::string mitre_context(const Alert& alert) {
  std::vector<std::string> parts;
  for (const auto& id : alert.attack.techniques) {
    const auto* technique = model::find_technique(id);
    if (technique == nullptr) continue;
    std::vector<std::string> names;
    for (const auto place : technique->tactic_places) names.emplace_back(model::tactics()[place].name);
    parts.push_back(id + " " + std::string(technique->name) + " (" + joined(names, ", ") + ")");
  }
  return parts.empty() ? "No ATT&CK technique is known for this alert." : joined(parts, "; ");
}

std::string escalation_reason(const TriageFacts& facts) {
  std::vector<std::string> reasons;
  const auto& tactics = facts.alert.attack.tactics;
  if (facts.risk_score >= kEscalateFrom)
    reasons.push_back("The risk is " + std::to_string(facts.risk_score) + " of 10.");
  if (!facts.review_reason.empty()) reasons.push_back(facts.review_reason);
  if (std::find(tactics.begin(), tactics.end(), kExfiltration) != tactics.end())
    reasons.emplace_back("It speaks of exfiltration.");
  if (facts.alert.asset_tier == model::AssetTier::kCrownJewel)
    reasons.emplace_back("A crown jewel is concerned.");
  if (facts.same_incident_alerts >= kSeveralAlerts) reasons.emplace_back("Several related alerts were seen.");
  return joined(reasons, " ");
}

std::string risk_reasoning(const TriageFacts& facts) {
  std::vector<std::string> parts{"Priority " + std::to_string(facts.alert.priority) + " of 100 gives " +
                                 std::to_string(facts.risk_score) + " of 10."};
  for (const auto& reason : facts.reasons) parts.push_back(reason.text);
  return joined(parts, " ");
}

}  // namespace

TriageAnswer triage_answer(const TriageFacts& facts, bool include_queries, std::size_t max_steps) {
  const auto& alert = facts.alert;
  TriageAnswer answer;
  answer.alert_id = alert.source_id.value_or(alert.id.str());
  answer.summary = summarise(alert);
  answer.risk_score = std::clamp(facts.risk_score, 1, 10);
  answer.risk_reasoning = risk_reasoning(facts);
  answer.key_findings = key_findings(facts);
  answer.investigation_steps = steps(facts, std::clamp<std::size_t>(max_steps, 1, 20));
  answer.mitre_context = mitre_context(alert);
  answer.suggested_actions = facts.planned_actions;
  answer.escalation_reason = escalation_reason(facts);
  answer.escalation_recommended = !answer.escalation_reason.empty();
  if (!include_queries) return answer;
  auto queries = incident_queries(alert.entities, {alert.occurred_at - kAround, alert.occurred_at + kAround});
  answer.kql = std::move(queries.kql);
  answer.spl = std::move(queries.spl);
  return answer;
}

}  // namespace tocsin::copilot
