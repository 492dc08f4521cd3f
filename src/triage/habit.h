#pragma once
// What the habits of an environment say of an alert: how usual its kind is on its asset, what else came up
// there for the first time, and what people called its like. The numbers were taken when it came
// (model::Habit) and move what its severity and its rule's history say. docs/scoring.md has every number.

#include <vector>

#include "triage/triage.h"

namespace tocsin::triage {

// How the probability that an alert is a false positive came about: each is the one before and what is named.
struct FalsePositiveSteps {
  double by_rule = 0.5;   // severity, and how alerts of its rule were closed
  double by_habit = 0.5;  // how usual it is
  double by_votes = 0.5;  // what people called its like; the probability
};
FalsePositiveSteps false_positive_steps(const model::Alert& alert, const Prior& prior);

// How much people's words on the likes of an alert count; 0 when nobody said anything.
double votes_of(const model::Alert& alert);

// A sentence on how usual the alert is and one on what people called its like, where there is something to
// say. Weights are shares of 0.5 − the probability.
std::vector<model::Reason> habit_reasons(const model::Alert& alert, const FalsePositiveSteps& steps);

}  // namespace tocsin::triage
