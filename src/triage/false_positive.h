#pragma once
// How likely a case is a false positive, with every indicator that moved the number. Until the learning
// triage replaces it: the documented prior (rule history shrunk toward the usual rate of the severity), moved
// in log-odds by what is stored.

#include <optional>
#include <string>
#include <vector>

#include "triage/agents/agents.h"

namespace tocsin::triage {

struct Indicator {
  std::string indicator;    // "rule_history"
  double weight = 0;        // -1 (real) .. 1 (false positive)
  std::string description;  // one sentence, fit to show
  std::string source;       // what data it was read from
};

struct FalsePositiveScore {
  double score = 0.5;     // 0..1
  double confidence = 0;  // 0..1: how much is known
  std::vector<Indicator> indicators;
  std::optional<double> historical_fp_rate;  // absent while there are no verdicts
  std::size_t similar_resolved_as_fp = 0;
  std::size_t similar_resolved_as_real = 0;
  std::string recommendation;  // likely_false_positive (>= .7) needs_review (>= .4) likely_real_threat
  std::string explanation;
};

// Weight of the indicator that several tactics are named: noise seldom moves along the kill chain.
double weight_of_tactics(std::size_t tactics);
// A probability moved in log-odds by the sum of the weights of indicators.
double shifted(double probability, double weights);

// A critical case is never called likely_false_positive.
FalsePositiveScore false_positive_score(const CaseInput& input, const Analyses& analyses);

}  // namespace tocsin::triage
