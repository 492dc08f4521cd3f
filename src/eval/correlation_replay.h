#pragma once
// One environment replayed in order of time into campaigns (correlate/campaigns.h): what is left to review,
// and how well it fits the attacks that were there.

#include <string>
#include <vector>

#include "eval/cluster_measures.h"
#include "eval/labelled_alerts.h"
#include "triage/learn/disposition_model.h"

namespace tocsin::eval {

struct CorrelationFigures {
  std::size_t rows = 0;
  std::size_t items = 0;                 // incidents, and rows that are shown alone
  double days = 0;                       // from the first row to the last, at least one
  double reduction = 0;                  // 1 - items / rows
  std::size_t attacks = 0;               // true incidents
  double incidents_per_attack = 0;       // among which an attack's rows are spread, mean; NaN without attacks
  Agreement agreement;                   // over real rows; one that is hidden or alone is a group of its own
  std::size_t false_rows_in_attack = 0;  // the most in the incident that holds most of an attack's rows
  std::vector<std::string> phases_missed;  // "INCIDENT/PHASE", all of whose real rows are hidden or alone
};

CorrelationFigures correlate_replayed(const Environment& environment, const triage::ModelOptions& options,
                                      const triage::SignaturePrior* prior);

}  // namespace tocsin::eval
