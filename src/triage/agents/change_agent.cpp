// Deployments, changes and events of the platform near the alerts in time.

#include <algorithm>

#include "base/display_text.h"
#include "base/phrase_matcher.h"
#include "triage/agents/agents.h"
#include "triage/agents/naming.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

// A change explains what follows it, seldom what came long before; tools report one when it is done.
constexpr auto kBefore = std::chrono::hours(4);
constexpr auto kAfter = std::chrono::minutes(30);

struct Near {
  const model::Change* change = nullptr;
  Nanos distance{};
  std::string place;  // of what it changed, in the case; empty: of something else
};

std::vector<Near> near_changes(const CaseInput& input) {
  const auto at = input.alerts.front().occurred_at;
  std::vector<Near> near;
  for (const auto& change : input.changes) {
    if (change.at < at - kBefore || change.at > at + kAfter) continue;
    Near one{&change, change.at > at ? change.at - at : at - change.at, {}};
    for (const auto& resource : change.resources) {
      if (one.place.empty()) one.place = place_of(input, resource);
    }
    near.push_back(std::move(one));
  }
  std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
    return std::pair(a.place.empty(), a.distance) < std::pair(b.place.empty(), b.distance);
  });
  return near;
}

AgentFinding finding_of(const Near& near) {
  const auto& change = *near.change;
  AgentFinding finding{display_text(change.kind, 40) + " at " + minute_text(change.at) + ": " +
                           display_text(change.summary, 160),
                       {change.id}};
  if (!change.made_by.empty()) finding.text += ", by " + display_text(change.made_by, 60);
  if (change.failed) finding.text += " (failed)";
  if (!near.place.empty()) finding.evidence.push_back(near.place);
  return finding;
}

}  // namespace

AgentAnalysis analyse_changes(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "devops";
  analysis.data_sources_consulted = {"deployments, changes and platform events that were posted"};
  const auto near = near_changes(input);
  if (near.empty()) {
    analysis.analysis = input.change_source_connected
                            ? "No deployment or change is stored near these alerts in time."
                            : "No deployments or changes stored: nothing known.";
    analysis.confidence = input.change_source_connected ? 0.5 : kNothingKnown;
    if (!input.change_source_connected)
      analysis.recommendations = {"Let your deployment tool post to /api/v1/changes"};
    return analysis;
  }
  for (const auto& one : near) add(analysis, finding_of(one));
  const auto& nearest = near.front();
  const bool same = !nearest.place.empty() && !nearest.change->told_by.empty();
  analysis.leaning = same ? -0.5 : -0.15;
  analysis.confidence = same ? 0.7 : 0.4;
  analysis.analysis = std::string("The nearest change, at ") + minute_text(nearest.change->at) +
                      (same                    ? ", concerns the same resource."
                       : nearest.place.empty() ? ", does not name what these alerts name."
                                               : ", names the same resource, but only a log tells of it.");
  analysis.recommendations = {"Ask whoever made the change whether it explains the alert"};
  return analysis;
}

bool is_change_event(std::string_view event_type) {
  static const PhraseMatcher matcher({"deploy*", "release*", "rollout*", "rollback*", "change*",
                                      "createstack", "updatestack", "createdeployment", "updateservice",
                                      "runinstances", "updatefunctioncode*", "registertaskdefinition",
                                      "maintenance", "config changed", "terraform*"});
  return !matcher.find(event_type).empty();
}

}  // namespace tocsin::triage
