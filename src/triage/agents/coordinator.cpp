// The priority agent, and what the five come to together.

#include <cstdio>
#include <set>

#include "base/display_text.h"
#include "model/attack.h"
#include "triage/agents/agents.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

constexpr double kKnowsSomething = 0.3;  // confidence below it takes no part in a disagreement

std::string technique_text(const std::string& id) {
  const auto* technique = model::find_technique(id);
  return technique ? id + " " + std::string(technique->name) : id;
}

template <class Agent>
AgentAnalysis timed(Agent agent, const CaseInput& input, const Clock& clock) {
  const auto start = clock.now();
  auto analysis = agent(input);
  analysis.processing_time_ms = std::chrono::duration<double, std::milli>(clock.now() - start).count();
  return analysis;
}

std::string coordinate(const Analyses& all, double together) {
  if (all.agents_disagree)
    return "The agents disagree: some of what is stored speaks for a real threat, some against it.";
  if (together > 0.15) return "What is stored speaks for a real threat.";
  if (together < -0.15) return "What is stored speaks for a false positive.";
  return "What is stored speaks neither for nor against a real threat.";
}

void weigh(Analyses& all) {
  double sum = 0, weights = 0, lowest = 0, highest = 0;
  for (const auto* one : {&all.historical, &all.config, &all.devops, &all.context, &all.priority}) {
    sum += one->leaning * one->confidence;
    weights += one->confidence;
    if (one->confidence < kKnowsSomething) continue;
    lowest = std::min(lowest, one->leaning);
    highest = std::max(highest, one->leaning);
  }
  all.agents_disagree = lowest <= -0.3 && highest >= 0.3;
  all.coordination = coordinate(all, weights > 0 ? sum / weights : 0);
}

}  // namespace

AgentAnalysis analyse_priority(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "priority";
  analysis.data_sources_consulted = {"the alerts themselves", "the shipped ATT&CK table"};
  const auto worst = std::max_element(input.alerts.begin(), input.alerts.end(),
                                      [](const auto& a, const auto& b) { return a.severity < b.severity; });
  std::set<std::string> techniques, tactics;
  for (const auto& alert : input.alerts) {
    techniques.insert(alert.attack.techniques.begin(), alert.attack.techniques.end());
    tactics.insert(alert.attack.tactics.begin(), alert.attack.tactics.end());
  }
  for (auto& reason : explain(*worst, input.prior, input.options)) {
    analysis.key_findings.push_back({std::move(reason.text), std::move(reason.evidence)});
  }
  std::vector<std::string> names;
  for (const auto& id : techniques) {
    if (names.size() < 5) names.push_back(technique_text(id));
  }
  if (!names.empty())
    analysis.key_findings.push_back({"ATT&CK: " + listed(names) + ".", {worst->id.str() + "#/attack"}});
  const auto review = review_reason(*worst, input.options);
  analysis.analysis = "The most severe alert is " + std::string(to_text(worst->severity)) +
                      " with priority " + std::to_string(worst->priority) + ". " +
                      (review.empty() ? "No person must look at once." : review);
  analysis.confidence = worst->triage.confidence;
  analysis.leaning = std::clamp(
      (0.5 - worst->triage.fp_probability) + 0.1 * (static_cast<double>(tactics.size()) - 1), -1.0, 1.0);
  if (!review.empty()) analysis.recommendations = {"Have a person look before anything is closed"};
  return analysis;
}

Analyses analyse(const CaseInput& input, const Clock& clock) {
  Analyses all;
  all.historical = timed(analyse_history, input, clock);
  all.config = timed(analyse_config, input, clock);
  all.devops = timed(analyse_changes, input, clock);
  all.context = timed(analyse_context, input, clock);
  all.priority = timed(analyse_priority, input, clock);
  weigh(all);
  return all;
}

}  // namespace tocsin::triage
