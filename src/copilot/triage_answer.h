#pragma once
// S1's answer to POST /api/v1/triage, from stored facts: no model is asked. Pure, thread-safe.

#include <optional>
#include <string>
#include <vector>

#include "model/alert.h"

namespace tocsin::copilot {

// What other modules know of the alert; the caller gathers it.
struct TriageFacts {
  const model::Alert& alert;
  int risk_score = 1;                        // 1..10 (triage::s1_risk)
  std::vector<model::Reason> reasons;        // triage::explain
  std::string review_reason;                 // empty: no person must look
  std::vector<std::string> playbook_steps;   // actions of the triage phase, best playbook first
  std::vector<std::string> planned_actions;  // sentences of the response plan
  std::size_t same_incident_alerts = 0;      // others in its incident
};

struct TriageAnswer {
  std::string alert_id;
  std::string summary;
  int risk_score = 1;  // 1..10
  std::string risk_reasoning;
  std::vector<std::string> key_findings;
  std::vector<std::string> investigation_steps;
  std::string kql, spl;  // suggested_queries; empty when not asked for or nothing can be searched
  std::string mitre_context;
  std::vector<std::string> suggested_actions;
  bool escalation_recommended = false;
  std::string escalation_reason;  // empty when not recommended
};

// alert_id is the client's own id where there is one. `max_steps` 1..20.
TriageAnswer triage_answer(const TriageFacts& facts, bool include_queries, std::size_t max_steps);

}  // namespace tocsin::copilot
