#include "triage/triage.h"

#include <cmath>

#include "triage/factors.h"
#include "triage/habit.h"

namespace tocsin::triage {
namespace {

constexpr std::array<std::string_view, kFactors> kFactorNames{"severity", "business_context", "threat_intel",
                                                              "confidence", "freshness"};

int to_priority(const std::array<double, kFactors>& factors, const Weights& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < kFactors; ++i) sum += weights[i] * factors[i];
  return static_cast<int>(std::lround(100.0 * std::clamp(sum, 0.0, 1.0)));
}

}  // namespace

std::string_view to_text(Factor factor) {
  return kFactorNames[static_cast<std::size_t>(factor)];
}

Result<Options> Options::create(const Weights& weights, int high_priority_threshold) {
  double sum = 0;
  for (std::size_t i = 0; i < kFactors; ++i) {
    if (!(weights[i] >= 0.0 && weights[i] <= 1.0)) {
      return error(ErrorKind::kInvalidInput, "read scoring weights",
                   "weight " + std::string(kFactorNames[i]) + " is not between 0 and 1",
                   "give five weights from 0 to 1 that sum to 1", std::string(kFactorNames[i]));
    }
    sum += weights[i];
  }
  if (std::abs(sum - 1.0) > 1e-6) {
    return error(ErrorKind::kInvalidInput, "read scoring weights",
                 "the five weights sum to " + std::to_string(sum) + ", not to 1",
                 "the defaults are severity 0.30, business_context 0.25, threat_intel 0.20, confidence 0.15, "
                 "freshness 0.10");
  }
  if (high_priority_threshold < 0 || high_priority_threshold > 100) {
    return error(ErrorKind::kInvalidInput, "read HIGH_PRIORITY_THRESHOLD",
                 std::to_string(high_priority_threshold) + " is not between 0 and 100", "the default is 80");
  }
  return Options{weights, high_priority_threshold};
}

int priority_shift(const Prior& prior) {
  constexpr double kStrength = 4;  // corrections that weigh as much as the wish to leave things as they are
  constexpr double kMostPoints = 20;
  if (prior.corrections <= 0) return 0;
  const auto count = static_cast<double>(prior.corrections);
  const auto points = prior.mean_correction * count / (count + kStrength);
  return static_cast<int>(std::lround(std::clamp(points, -kMostPoints, kMostPoints)));
}

Scored score(const model::Alert& alert, const Prior& prior, const Options& options) {
  Scored scored;
  scored.fp_probability = false_positive_steps(alert, prior).by_votes;
  scored.confidence = knowledge(alert, prior);
  scored.factors = {severity_value(alert.severity), business_context(alert).value,
                    value_of(threat_intel(alert).finding), detection_confidence(alert, scored.fp_probability),
                    freshness(alert.received_at - alert.occurred_at)};
  scored.priority = std::clamp(to_priority(scored.factors, options.weights) + priority_shift(prior), 0, 100);
  scored.requires_review =
      scored.priority >= options.high_priority_threshold || alert.severity == model::Severity::kCritical;
  return scored;
}

void apply(const Scored& scored, model::Alert& alert) {
  alert.priority = scored.priority;
  alert.requires_review = scored.requires_review;
  alert.triage.fp_probability = scored.fp_probability;
  alert.triage.confidence = scored.confidence;
}

std::string review_reason(const model::Alert& alert, const Options& options) {
  if (alert.severity == model::Severity::kCritical) return "Its severity is critical.";
  if (alert.priority < options.high_priority_threshold) return {};
  return "Its priority " + std::to_string(alert.priority) + " is at or above the threshold of " +
         std::to_string(options.high_priority_threshold) + ".";
}

}  // namespace tocsin::triage
