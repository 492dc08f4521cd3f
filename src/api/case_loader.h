#pragma once
// Gathers what the five agents look at for an alert or an incident: rule history, similar incidents, settings
// and recent changes, all from the store. One loader serves one request and remembers what it read, so that a
// list of threats does not ask twice for the same rule.

#include <map>
#include <string>
#include <vector>

#include "api/services.h"
#include "triage/agents/agents.h"
#include "triage/false_positive.h"
#include "triage/planner.h"

namespace tocsin::api {

class CaseLoader {
 public:
  explicit CaseLoader(Services& services) : services_(services) {}

  // `alerts`: at least one, the lead alert first. `own` is left out of the similar ones.
  Result<triage::CaseInput> load(std::vector<model::Alert> alerts, const std::optional<IncidentId>& own);

 private:
  using Similar = std::map<std::string, std::vector<model::Incident>>;  // by what is shared
  Result<triage::Prior> prior(const model::Alert& alert);
  Result<std::vector<triage::SimilarIncident>> similar(const model::Alert& lead,
                                                       const std::optional<IncidentId>& own);
  Result<const std::vector<model::Incident>*> incidents_with(const std::string& shared,
                                                             const store::AlertQuery& query);
  Result<void> load_case_data();
  Result<void> load_change_events();

  Services& services_;
  std::map<std::pair<std::string, std::string>, triage::Prior> priors_;
  Similar similar_;
  triage::CustomerPolicy policy_;
  std::vector<model::Change> changes_;
  std::vector<triage::Advisory> advisories_;
  bool has_case_data_ = false;
};

// What agents, score and planner make of a case.
struct CaseJudgement {
  triage::CaseInput input;
  triage::Analyses analyses;
  triage::FalsePositiveScore false_positive;
  triage::ResponsePlan plan;
};
Result<CaseJudgement> judge_alert(CaseLoader& loader, const Services& services, const model::Alert& alert);
// `alerts`: some or all of the incident's, at least one, the lead alert first. Severity and tactics are the
// incident's, so they speak for all of them.
Result<CaseJudgement> judge_incident(CaseLoader& loader, const Services& services,
                                     const model::Incident& incident, std::vector<model::Alert> alerts);

}  // namespace tocsin::api
