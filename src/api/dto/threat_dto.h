#pragma once
// An alert seen as a threat analysis (openapi.yaml: Threat): the same alert, judged by the five agents.

#include <string>

#include "api/case_loader.h"
#include "model/incident.h"

namespace tocsin::api {

// The one customer there is until tenants have names.
inline constexpr std::string_view kCustomer = "default";

struct Threat {
  model::Alert alert;
  CaseJudgement judged;
  std::optional<model::Incident> incident;
  std::vector<model::ActionRecord> actions;  // of the incident
};
Result<Threat> load_threat(CaseLoader& loader, Services& services, model::Alert alert);
void append_threat_json(std::string& out, const Threat& threat);

// Sum of what the agents took, measured.
double processing_ms(const triage::Analyses& analyses);

}  // namespace tocsin::api
