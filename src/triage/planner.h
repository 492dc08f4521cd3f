#pragma once
// What should be done about a case, by whom, and how soon: a proposal. Nothing here acts; only the respond
// module's approved plans ever will. CONTRACT §4 response_plan, S4's ResponsePlan.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "triage/agents/agents.h"
#include "triage/false_positive.h"
#include "triage/reference_maps.h"

namespace tocsin::triage {

enum class ActionType : std::uint8_t {
  kBlockIp,
  kRateLimit,
  kChallenge,
  kWhitelist,
  kMonitor,
  kEscalate,
  kQuarantine,
  kNone
};
enum class Urgency : std::uint8_t { kImmediate, kUrgent, kNormal, kLow };
std::string_view to_text(
    ActionType value);  // block_ip rate_limit challenge whitelist monitor escalate quarantine none
std::string_view to_text(Urgency value);  // immediate urgent normal low

struct PlannedAction {
  ActionType type = ActionType::kNone;
  Urgency urgency = Urgency::kNormal;
  std::optional<model::Entity> target;  // an entity of the case; absent for monitor and escalate
  std::string reason;                   // fit to show
  double confidence = 0;                // 0..1
  bool auto_executable = false;         // harmless enough that a policy may allow it without a person
  bool requires_approval = true;
  std::string estimated_impact;
  bool rollback_possible = true;
  std::string rollback;                                         // how to take it back
  std::vector<std::pair<std::string, std::string>> parameters;  // "duration_minutes": "60"
};

struct ResponsePlan {
  PlannedAction primary_action;
  std::vector<PlannedAction> secondary_actions;
  std::vector<std::string> escalation_path;
  int sla_minutes = 240;
  int auto_escalate_after_minutes = 120;  // half of it
  std::string notes;
};

// Severity is the highest and tactics are those of all alerts of the case, not of the lead alert alone.
// Targets are entities of the case or there is none: an action whose target the case does not name is left
// out and the notes say so. A private address is never blocked at the edge.
ResponsePlan plan_response(const CaseInput& input, ThreatType type, const FalsePositiveScore& score);

}  // namespace tocsin::triage
