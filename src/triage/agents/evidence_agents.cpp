// The agents that look at stored history and at intelligence.

#include "base/display_text.h"
#include "model/attack.h"
#include "triage/agents/agents.h"
#include "triage/agents/naming.h"
#include "triage/factors.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using model::Verdict;

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

// How much an advisory that names it says that the case is real: an indicator or a weakness is particular, a
// technique is everybody's.
constexpr double kNamesParticular = 0.5;
constexpr double kNamesProduct = 0.2;
constexpr double kNamesTechnique = 0.15;

bool is_technique(std::string_view name) {
  return model::find_technique(name) != nullptr;
}

// What the advisory and the case both name; the most particular first.
std::vector<std::string> shared_names(const Advisory& advisory, const CaseNames& names, double& weight) {
  std::vector<std::string> shared;
  for (const auto& name : advisory.names) {
    if (!names.has(name)) continue;
    weight = std::max(weight, is_technique(name) ? kNamesTechnique : kNamesParticular);
    shared.insert(is_technique(name) ? shared.end() : shared.begin(), name);
  }
  for (const auto& product : advisory.products) {
    if (!names.mentions(product)) continue;
    weight = std::max(weight, kNamesProduct);
    shared.push_back(product);
  }
  return shared;
}

// False: none names anything of the case.
bool weigh_advisories(const CaseInput& input, AgentAnalysis& analysis) {
  if (input.advisories.empty()) return false;
  const CaseNames names(input.alerts);
  bool any = false;
  for (const auto& advisory : input.advisories) {
    double weight = 0;
    const auto shared = shared_names(advisory, names, weight);
    if (shared.empty()) continue;
    any = true;
    analysis.leaning = std::min(1.0, std::max(analysis.leaning, weight));
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, shared.size()); ++i)
      shown.push_back(display_text(shared[i], 60));
    add(analysis,
        {"“" + display_text(advisory.title, 100) + "” (" + display_text(advisory.source, 40) + ", " +
             minute_text(advisory.published_at).substr(0, 10) + ") names " + listed(shown) + ".",
         {advisory.id}});
  }
  return any;
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

AgentAnalysis analyse_context(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "context";
  analysis.data_sources_consulted = {"facts stored with the alerts",
                                     "CISA known exploited vulnerabilities (shipped list)",
                                     "advisories and news that were posted"};
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
  const bool advised = weigh_advisories(input, analysis);
  analysis.confidence = judged ? 0.8 : advised ? 0.6 : kNothingKnown;
  if (judged || advised) {
    analysis.analysis = judged && advised ? "Local intelligence and an advisory speak of this case."
                        : judged          ? "Local intelligence knows something of this case."
                                          : "An advisory speaks of what is seen here.";
  } else {
    analysis.analysis = "Threat intelligence: not known. " + counted(iocs, "indicator") +
                        " named, none of them judged by a local source; " +
                        (input.advisories.empty() ? "no advisories are stored."
                                                  : "no stored advisory names what is seen here.");
  }
  if (iocs > 0 && !judged) analysis.recommendations = {"Look the indicators up before acting on them"};
  if (advised) analysis.recommendations.emplace_back("Read the advisory: it says what comes next");
  return analysis;
}

}  // namespace tocsin::triage
