#include "api/reasons.h"

#include "triage/triage.h"

namespace tocsin::api {

triage::Prior prior_of(const store::TenantStore::RuleHistory& history) {
  return {history.closed, history.false_positives, history.corrections, history.mean_correction};
}

void ReasonWriter::add(model::Alert& alert) {
  auto [place, is_new] = histories_.try_emplace(Rule(alert.source, alert.type));
  if (is_new) {
    const auto read = services_.store.rule_history(alert.source, alert.type);
    if (read) place->second = *read;
  }
  const auto& history = place->second;
  if (!history) return;
  alert.triage.reasons = triage::explain(alert, prior_of(*history), services_.settings.scoring);
}

}  // namespace tocsin::api
