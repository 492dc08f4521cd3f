// What the customer configured: allow lists, rate limits, maintenance windows, policies.

#include <algorithm>
#include <cstdio>

#include "base/ascii.h"
#include "base/display_text.h"
#include "triage/agents/agents.h"
#include "triage/agents/naming.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

// How far each speaks for nothing having happened. Work that was announced excuses less than a name on the
// list: it covers whoever is there at the time.
constexpr double kAllowed = -0.8;
constexpr double kMaintained = -0.5;
constexpr double kWithinLimit = -0.2;
constexpr double kAboveLimit = 0.4;

struct Weight {
  double against = 0;  // <= 0
  double towards = 0;  // >= 0
};

std::string number_of(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
  return text;
}

void check_allow_list(const CaseInput& input, AgentAnalysis& analysis, Weight& weight) {
  const auto now = input.alerts.front().occurred_at;
  for (const auto& entry : input.policy.allow_list) {
    if (entry.expires_at && *entry.expires_at <= now) continue;
    const auto place = place_of(input, entry.value);
    if (place.empty()) continue;
    weight.against = kAllowed;
    add(analysis,
        {display_text(entry.value, 100) + " is on the allow list: " + display_text(entry.reason, 120) + ".",
         {place, entry.id}});
  }
}

void check_maintenance(const CaseInput& input, AgentAnalysis& analysis, Weight& weight) {
  const auto at = input.alerts.front().occurred_at;
  for (const auto& window : input.policy.maintenance) {
    if (at < window.from || at >= window.until) continue;
    std::string place;
    for (const auto& resource : window.resources) {
      if (place.empty()) place = place_of(input, resource);
    }
    if (!window.resources.empty() && place.empty()) continue;
    weight.against = std::min(weight.against, kMaintained);
    AgentFinding finding{"It falls into the maintenance window “" + display_text(window.title, 80) +
                             "”, until " + minute_text(window.until) + ".",
                         {window.id}};
    if (!place.empty()) finding.evidence.push_back(place);
    add(analysis, std::move(finding));
  }
}

bool applies(const RateLimit& limit, const CaseInput& input, const model::Alert& alert) {
  return limit.applies_to.empty() || equal_ignoring_case(limit.applies_to, alert.type) ||
         !place_of(input, limit.applies_to).empty();
}

// Of what the alert itself repeated: the others of the case may be about something else.
double per_minute(const model::Alert& alert) {
  const auto span = std::chrono::duration<double, std::ratio<60>>(alert.last_seen - alert.first_seen).count();
  return static_cast<double>(alert.occurrences) / std::max(1.0, span);
}

void check_rate_limits(const CaseInput& input, AgentAnalysis& analysis, Weight& weight) {
  const auto& alert = input.alerts.front();
  for (const auto& limit : input.policy.rate_limits) {
    if (!applies(limit, input, alert)) continue;
    const auto rate = per_minute(alert);
    const bool above = rate > limit.per_minute;
    above ? weight.towards = kAboveLimit : weight.against = std::min(weight.against, kWithinLimit);
    add(analysis, {number_of(rate) + " a minute " + (above ? "exceed" : "are within") + " the limit “" +
                       display_text(limit.name, 60) + "” of " + number_of(limit.per_minute) + ".",
                   {alert.id.str() + "#/occurrences", limit.id}});
  }
}

}  // namespace

AgentAnalysis analyse_config(const CaseInput& input) {
  AgentAnalysis analysis;
  analysis.agent_name = "config";
  analysis.data_sources_consulted = {"allow list", "maintenance windows", "rate limits", "policies"};
  const auto& policy = input.policy;
  if (policy.empty()) {
    analysis.analysis = "No allow list, maintenance window, rate limit or policy is set: nothing known.";
    analysis.confidence = kNothingKnown;
    analysis.recommendations = {"Set an allow list for scanners and automation of your own"};
    return analysis;
  }
  Weight weight;
  check_allow_list(input, analysis, weight);
  check_maintenance(input, analysis, weight);
  check_rate_limits(input, analysis, weight);
  for (const auto& setting : policy.settings) {
    add(analysis,
        {display_text(setting.name, 60) + " is set to " + display_text(setting.value, 100) + ".", {}});
  }
  analysis.leaning = weight.against + weight.towards;
  const bool excused = weight.against <= kMaintained;
  const bool spoke = weight.against < 0 || weight.towards > 0;
  analysis.confidence = excused ? 0.8 : spoke ? 0.6 : 0.4;
  if (excused) {
    analysis.analysis = weight.against <= kAllowed ? "Somebody of this case is on the allow list."
                                                   : "Somebody announced work at this time.";
    analysis.recommendations = {weight.against <= kAllowed
                                    ? "Check that the allow-listed party was itself not taken over"
                                    : "Ask who does the announced work whether this is part of it"};
  } else {
    analysis.analysis = weight.towards > 0 ? "A rate limit that was set is exceeded."
                                           : "Nothing that was configured excuses what was seen.";
  }
  return analysis;
}

}  // namespace tocsin::triage
