// The agents that look at stored history, settings, changes and intelligence.

#include "base/display_text.h"
#include "base/phrase_matcher.h"
#include "triage/agents/agents.h"
#include "triage/factors.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using model::Verdict;

constexpr double kNothingKnown = 0.1;  // confidence of an agent that found no data
constexpr std::size_t kMaxFindings = 5;

void add(AgentAnalysis& analysis, AgentFinding finding) {
  if (analysis.key_findings.size() < kMaxFindings) analysis.key_findings.push_back(std::move(finding));
}

struct Verdicts {
  std::size_t real = 0, nothing = 0;
};

Verdicts count_verdicts(const CaseInput& input) {
  Verdicts verdicts;
  for (const auto& incident : input.similar) {
    verdicts.real += incident.verdict == Verdict::kTruePositive;
    verdicts.nothing +=
        incident.verdict == Verdict::kFalsePositive || incident.verdict == Verdict::kBenignPositive;
  }
  return verdicts;
}

std::vector<std::string> values_in(std::string_view list) {
  std::vector<std::string> values;
  for (std::size_t start = 0; start <= list.size();) {
    const auto end = std::min(list.find(',', start), list.size());
    auto value = list.substr(start, end - start);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    if (!value.empty()) values.emplace_back(value);
    start = end + 1;
  }
  return values;
}

void check_allow_list(const CaseInput& input, const Setting& setting, AgentAnalysis& analysis) {
  const auto allowed = values_in(setting.value);
  for (const auto& alert : input.alerts) {
    for (std::size_t i = 0; i < alert.entities.size(); ++i) {
      const auto& entity = alert.entities[i];
      if (std::find(allowed.begin(), allowed.end(), entity.value) == allowed.end()) continue;
      analysis.leaning = -0.8;
      add(analysis, {entity_text(entity) + " is on the allow list.",
                     {alert.id.str() + "#/entities/" + std::to_string(i)}});
    }
  }
}

const ChangeEvent* nearest_change(const CaseInput& input) {
  const auto at = input.alerts.front().occurred_at;
  const auto distance = [at](const ChangeEvent& change) {
    return change.at > at ? change.at - at : at - change.at;
  };
  const auto nearest =
      std::min_element(input.changes.begin(), input.changes.end(),
                       [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  return nearest == input.changes.end() ? nullptr : &*nearest;
}

bool concerns(const ChangeEvent& change, const model::Alert& alert) {
  return !change.resource.empty() &&
         std::any_of(alert.entities.begin(), alert.entities.end(),
                     [&](const auto& entity) { return entity.value == change.resource; });
}

double leaning_of(Intel finding) {
  switch (finding) {
    case Intel::kMalicious:
      return 0.9;
    case Intel::kKnownExploited:
      return 0.6;
    case Intel::kSuspicious:
      return 0.4;
    case Intel::kClean:
      return -0.5;
    case Intel::kUnjudgedIocs:
    case Intel::kNotKnown:
      break;
  }
  return 0;
}

}  // namespace

AgentAnalysis analyse_history(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "historical";
  analysis.data_sources_consulted = {"stored incidents", "verdicts on earlier alerts of the rule"};
  const auto verdicts = count_verdicts(input);
  const auto decided =
      static_cast<double>(verdicts.real + verdicts.nothing) + static_cast<double>(input.prior.closed);
  for (const auto& incident : input.similar) {
    add(analysis, {"Similar: “" + display_text(incident.title, 100) + "” (" + listed(incident.shared) +
                       "), verdict " + std::string(to_text(incident.verdict)) + ".",
                   {incident.id.str()}});
  }
  if (decided == 0) {
    analysis.analysis =
        input.similar.empty()
            ? "No similar incident is stored and the rule has no verdicts: nothing known."
            : counted(input.similar.size(), "similar incident") + " stored, none with a verdict yet.";
    analysis.confidence = kNothingKnown;
    analysis.recommendations = {"Give a verdict when this is closed: the next case will know of it"};
    return analysis;
  }
  const auto real = static_cast<double>(verdicts.real) +
                    static_cast<double>(input.prior.closed - input.prior.false_positives);
  analysis.leaning = std::clamp(2 * (real / decided) - 1, -1.0, 1.0) * decided / (decided + 3);
  analysis.confidence = std::min(0.95, 0.2 + 0.75 * decided / (decided + 5));
  analysis.analysis = "Of " + counted(input.similar.size(), "similar incident") + ", " +
                      std::to_string(verdicts.real) + " were real and " + std::to_string(verdicts.nothing) +
                      " were not; of " + std::to_string(input.prior.closed) +
                      " decided alerts of the rule, " + std::to_string(input.prior.false_positives) +
                      " were false positives.";
  analysis.recommendations = {analysis.leaning < 0
                                  ? "Compare with the earlier false positives before escalating"
                                  : "Open the earlier real incidents: the same steps may apply"};
  return analysis;
}

AgentAnalysis analyse_config(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "config";
  analysis.data_sources_consulted = {"stored settings"};
  if (input.settings.empty()) {
    analysis.analysis = "No allow list, rate limit or response policy is set: nothing known.";
    analysis.confidence = kNothingKnown;
    analysis.recommendations = {"Set an allow list for scanners and automation of your own"};
    return analysis;
  }
  for (const auto& setting : input.settings) {
    if (setting.name == "allow_list") {
      check_allow_list(input, setting, analysis);
    } else {
      add(analysis,
          {display_text(setting.name, 60) + " is set to " + display_text(setting.value, 100) + ".", {}});
    }
  }
  const bool allowed = analysis.leaning < 0;
  analysis.confidence = allowed ? 0.8 : 0.4;
  analysis.analysis =
      allowed ? "Somebody of this case is on the allow list."
              : "No setting excuses what was seen; " + counted(input.settings.size(), "setting") + " read.";
  if (allowed) analysis.recommendations = {"Check that the allow-listed party was itself not taken over"};
  return analysis;
}

AgentAnalysis analyse_changes(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "devops";
  analysis.data_sources_consulted = {"stored deployment and change events"};
  const auto* nearest = nearest_change(input);
  if (nearest == nullptr) {
    analysis.analysis = input.change_source_connected
                            ? "No deployment or change is stored near these alerts in time."
                            : "No deployment events stored: nothing known.";
    analysis.confidence = input.change_source_connected ? 0.5 : kNothingKnown;
    if (!input.change_source_connected)
      analysis.recommendations = {"Send deployment events to /api/v1/events"};
    return analysis;
  }
  for (const auto& change : input.changes) {
    add(analysis, {display_text(change.kind, 40) + " at " + minute_text(change.at) + ": " +
                       display_text(change.summary, 160),
                   {change.id.str()}});
  }
  const bool same = concerns(*nearest, input.alerts.front());
  analysis.leaning = same ? -0.5 : -0.15;
  analysis.confidence = same ? 0.7 : 0.4;
  analysis.analysis = std::string("The nearest change, at ") + minute_text(nearest->at) +
                      (same ? ", concerns the same resource." : ", does not name what these alerts name.");
  analysis.recommendations = {"Ask whoever made the change whether it explains the alert"};
  return analysis;
}

AgentAnalysis analyse_context(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "context";
  analysis.data_sources_consulted = {"facts stored with the alerts",
                                     "CISA known exploited vulnerabilities (shipped list)"};
  Intel worst = Intel::kNotKnown;
  std::size_t iocs = 0;
  for (const auto& alert : input.alerts) {
    const auto intel = threat_intel(alert);
    iocs += alert.iocs.size();
    worst = std::max(worst, intel.finding);
    if (intel.finding == Intel::kNotKnown || intel.finding == Intel::kUnjudgedIocs) continue;
    const bool fact = intel.fact >= 0;
    const auto path = (fact ? "#/facts/" : "#/iocs/") + std::to_string(fact ? intel.fact : intel.ioc);
    const auto& value = fact ? alert.facts[static_cast<std::size_t>(intel.fact)].value
                             : alert.iocs[static_cast<std::size_t>(intel.ioc)].value;
    add(analysis, {"Intelligence speaks of " + display_text(value, 100) + " in " + quoted_title(alert) + ".",
                   {alert.id.str() + path}});
  }
  analysis.leaning = leaning_of(worst);
  const bool judged = !analysis.key_findings.empty();
  analysis.confidence = judged ? 0.8 : kNothingKnown;
  analysis.analysis = judged
                          ? "Local intelligence knows something of this case."
                          : "Threat intelligence: not known. " + counted(iocs, "indicator") +
                                " named, none of them judged by a local source; no news source is connected.";
  if (iocs > 0 && !judged) analysis.recommendations = {"Look the indicators up before acting on them"};
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
