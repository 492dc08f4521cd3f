#include "triage/false_positive.h"

#include <cmath>
#include <cstdio>
#include <set>

#include "base/display_text.h"
#include "triage/factors.h"
#include "triage/habit.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using model::Verdict;

constexpr double kLogOddsPerWeight = 3.0;  // an indicator of weight 1 moves even odds to 95 %

double logit(double p) {
  const auto bounded = std::clamp(p, 0.01, 0.99);
  return std::log(bounded / (1 - bounded));
}

std::string percent(double share) {
  return std::to_string(std::lround(100 * share)) + " %";
}

void from_history(const CaseInput& input, FalsePositiveScore& result) {
  for (const auto& incident : input.similar) {
    result.similar_resolved_as_real += incident.verdict == Verdict::kTruePositive;
    result.similar_resolved_as_fp +=
        incident.verdict == Verdict::kFalsePositive || incident.verdict == Verdict::kBenignPositive;
  }
  if (input.prior.closed > 0) {
    result.historical_fp_rate =
        static_cast<double>(input.prior.false_positives) / static_cast<double>(input.prior.closed);
    // Already inside the prior; shown, not counted twice.
    result.indicators.push_back(
        {"rule_history", 0,
         percent(*result.historical_fp_rate) + " of " + std::to_string(input.prior.closed) +
             " decided alerts of this rule were false positives; this is in the prior.",
         "verdicts"});
  }
  const auto decided = result.similar_resolved_as_fp + result.similar_resolved_as_real;
  if (decided == 0) return;
  const auto balance = (static_cast<double>(result.similar_resolved_as_fp) -
                        static_cast<double>(result.similar_resolved_as_real)) /
                       (static_cast<double>(decided) + 2);
  result.indicators.push_back({"similar_incidents", 0.6 * balance,
                               std::to_string(result.similar_resolved_as_fp) + " of " +
                                   std::to_string(decided) + " decided similar incidents were not real.",
                               "stored incidents"});
}

void from_agents(const Analyses& analyses, FalsePositiveScore& result) {
  const auto add = [&result](const AgentAnalysis& agent, std::string_view name) {
    if (agent.leaning == 0) return;
    result.indicators.push_back(
        {std::string(name), -agent.leaning * agent.confidence, agent.analysis,
         agent.data_sources_consulted.empty() ? "" : agent.data_sources_consulted.front()});
  };
  add(analyses.config, "configuration");
  add(analyses.devops, "change_nearby");
  add(analyses.context, "threat_intelligence");
}

bool says_false_positive(std::string_view vendor) {
  return vendor.find("alse") != std::string_view::npos || vendor.find("enign") != std::string_view::npos;
}

void from_alerts(const CaseInput& input, FalsePositiveScore& result) {
  std::set<std::string_view> tactics, sources;
  for (const auto& alert : input.alerts) {
    sources.insert(alert.source);
    tactics.insert(alert.attack.tactics.begin(), alert.attack.tactics.end());
  }
  if (tactics.size() >= 2) {
    result.indicators.push_back(
        {"several_tactics", weight_of_tactics(tactics.size()),
         counted(tactics.size(), "ATT&CK tactic") + " are named: noise seldom moves along the kill chain.",
         "alerts"});
  }
  if (sources.size() >= 2) {
    result.indicators.push_back(
        {"several_sources", -0.2, counted(sources.size(), "independent source") + " reported it.", "alerts"});
  }
  const auto& vendor = input.alerts.front().vendor_verdict;
  if (!vendor || vendor->empty()) return;
  result.indicators.push_back({"vendor_verdict", says_false_positive(*vendor) ? 0.4 : -0.2,
                               "The tool's own verdict is " + display_text(*vendor, 60) + ".", "alerts"});
}

std::string_view recommend(double score, bool critical) {
  if (score >= 0.7 && !critical) return "likely_false_positive";
  return score >= 0.4 || critical ? "needs_review" : "likely_real_threat";
}

}  // namespace

double weight_of_tactics(std::size_t tactics) {
  return -std::min(0.4, 0.1 * static_cast<double>(tactics));
}

double shifted(double probability, double weights) {
  if (weights == 0) return probability;
  return 1 / (1 + std::exp(-logit(probability) - kLogOddsPerWeight * weights));
}

FalsePositiveScore false_positive_score(const CaseInput& input, const Analyses& analyses) {
  FalsePositiveScore result;
  if (input.alerts.empty()) return result;
  const auto& lead = input.alerts.front();
  const auto prior = false_positive_steps(lead, input.prior).by_votes;
  from_history(input, result);
  from_agents(analyses, result);
  from_alerts(input, result);
  double weights = 0;
  for (const auto& indicator : result.indicators) weights += indicator.weight;
  result.score = shifted(prior, weights);
  const auto known = static_cast<double>(result.indicators.size());
  result.confidence = std::min(0.95, 0.5 * knowledge(lead, input.prior) + 0.45 * known / (known + 3));
  const bool critical = std::any_of(input.alerts.begin(), input.alerts.end(), [](const auto& alert) {
    return alert.severity == model::Severity::kCritical;
  });
  result.recommendation = recommend(result.score, critical && result.score >= 0.4);
  result.explanation = "The usual rate for this rule and severity is " + percent(prior) + "; " +
                       counted(result.indicators.size(), "indicator") + " from stored data " +
                       (result.indicators.size() == 1 ? "makes" : "make") + " it " + percent(result.score) +
                       ".";
  if (result.indicators.empty()) {
    result.explanation =
        "Nothing stored speaks for or against it, so it is the usual rate for this severity: " +
        percent(prior) + ".";
  }
  return result;
}

}  // namespace tocsin::triage
