#pragma once
// What the machine would decide of an incident, beside what a person decided (Incident::verdict): from the
// numbers its lead alert was given at arrival and the tactics of all its alerts. Pure; docs/scoring.md has
// every number.

#include "model/incident.h"

namespace tocsin::triage {

struct Suggestion {
  model::Verdict verdict = model::Verdict::kUndecided;
  double fp_probability = 0.5;  // 0..1
  double confidence = 0;        // 0..1: how much is known
};
// `lead` may be a narrow row: no document is needed.
Suggestion suggest(const model::Incident& incident, const model::Alert& lead);

}  // namespace tocsin::triage
