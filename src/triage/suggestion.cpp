#include "triage/suggestion.h"

#include <bit>
#include <cmath>

#include "triage/false_positive.h"

namespace tocsin::triage {

Suggestion suggest(const model::Incident& incident, const model::Alert& lead) {
  Suggestion suggestion;
  suggestion.confidence = lead.triage.confidence;
  const auto tactics = static_cast<std::size_t>(std::popcount(incident.tactics));
  suggestion.fp_probability =
      shifted(lead.triage.fp_probability, tactics >= 2 ? weight_of_tactics(tactics) : 0);
  suggestion.verdict =
      model::suggested_verdict(incident.severity, suggestion.fp_probability, suggestion.confidence);
  return suggestion;
}

}  // namespace tocsin::triage
