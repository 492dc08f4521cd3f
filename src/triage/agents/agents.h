#pragma once
// Five agents look at one case (an alert, or the alerts of an incident), each at one kind of stored data:
// what became of similar incidents, what the customer configured, what was changed nearby, what intelligence
// says, how urgent it is. They are code, not prompts. An agent without data says so, with little confidence:
// it never guesses.
//
// Pure but for the clock that measures them. Thread-safe.

#include <string>
#include <vector>

#include "base/clock.h"
#include "model/alert.h"
#include "model/change.h"
#include "model/incident.h"
#include "triage/agents/case_data.h"
#include "triage/triage.h"

namespace tocsin::triage {

struct SimilarIncident {
  IncidentId id;
  std::string title;
  model::Verdict verdict = model::Verdict::kUndecided;
  Timestamp last_seen{};
  std::vector<std::string> shared;  // what it has in common: "type ssh_bruteforce", "host web-01"
};

// Filled by the caller from the store; everything but `alerts` may be empty. At most a few hundred of each.
struct CaseInput {
  std::vector<model::Alert> alerts;  // at least one, the lead alert first
  Prior prior;                       // of the lead alert's rule
  // Of the incident, over all its alerts, of which `alerts` may be a part.
  std::optional<model::Severity> severity;
  std::uint16_t tactics = 0;  // bits as in LinkRecord
  std::vector<SimilarIncident> similar;
  CustomerPolicy policy;
  std::vector<model::Change> changes;    // near the alerts in time
  bool change_source_connected = false;  // some deployment or change was ever told
  std::vector<Advisory> advisories;
  Options options;
};

struct AgentFinding {
  std::string text;                   // one sentence, fit to show
  std::vector<std::string> evidence;  // ids: "AL-…", "IN-…", "CH-…", or pointers into them
};

struct AgentAnalysis {
  std::string agent_name;  // historical config devops context priority
  std::string analysis;    // one or two sentences
  double confidence = 0;   // 0..1
  double leaning = 0;      // -1 speaks for a false positive, 1 for a real threat, 0 neither
  std::vector<AgentFinding> key_findings;
  std::vector<std::string> recommendations;
  std::vector<std::string> data_sources_consulted;
  double processing_time_ms = 0;  // measured
};

struct Analyses {
  AgentAnalysis historical, config, devops, context, priority;
  bool agents_disagree = false;  // two that know something lean to opposite sides
  std::string coordination;      // one sentence: what they come to together
};

AgentAnalysis analyse_history(const CaseInput& input);
AgentAnalysis analyse_config(const CaseInput& input);
AgentAnalysis analyse_changes(const CaseInput& input);
AgentAnalysis analyse_context(const CaseInput& input);
AgentAnalysis analyse_priority(const CaseInput& input);
// All five, timed, and what they come to together.
Analyses analyse(const CaseInput& input, const Clock& clock);

// Whether an event of this type tells of a change (a deployment, a release, infrastructure created or
// updated): what callers gather `changes` from besides those that were posted as such.
bool is_change_event(std::string_view event_type);

}  // namespace tocsin::triage
