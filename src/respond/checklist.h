#pragma once
// The checklist of an incident: what the stored facts say by themselves, each with its reason, and the steps
// that a person ticks.
//
// Pure. Foreign text in sentences went through display_text.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "model/incident.h"
#include "respond/alerts.h"
#include "respond/playbook.h"

namespace tocsin::respond {

enum class CheckState : std::uint8_t {
  kPassed,
  kAttention,  // known, and somebody must look
  kFailed,     // not done, or not known
};
std::string_view to_text(CheckState state);  // passed attention failed

struct Check {
  std::string id;     // scope validate iocs searched mitre timeline exploited containment owner evidence
  std::string title;  // one line
  CheckState state = CheckState::kFailed;
  std::string reason;                  // one or two sentences with the figures
  std::vector<std::string> alert_ids;  // that it rests on, at most 10
};

// An indicator that other incidents hold too.
struct Sighting {
  std::string value;
  std::vector<std::string> incident_ids;
};

struct CheckInput {
  const model::Incident& incident;
  AlertRefs alerts;  // in any order; for very large incidents a part
  std::vector<model::Entity> entities;
  std::vector<model::Ioc> iocs;
  std::vector<std::string> cves;       // named by the incident
  std::vector<std::string> exploited;  // those of them that are known to be exploited
  std::size_t searched = 0;            // indicators looked up among the other alerts of this server
  std::vector<Sighting> elsewhere;     // what that found
  const std::vector<model::ActionRecord>& actions;
  const std::vector<Playbook>& playbooks;  // to know containment when the log names a step
};

// Always the ten, in this order.
std::vector<Check> automatic_checks(const CheckInput& input);

struct ManualStep {
  std::string_view id, title, hint;
};
// S0's four: contain, eradicate, recover, document.
const std::array<ManualStep, 4>& manual_steps();
const ManualStep* find_manual_step(std::string_view id);

}  // namespace tocsin::respond
