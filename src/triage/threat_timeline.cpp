#include "triage/threat_timeline.h"

#include "base/display_text.h"
#include "model/attack.h"
#include "triage/incident_view.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

constexpr std::size_t kMaxEvents = 500;

constexpr std::array<std::string_view, 8> kDecisions{"verdict", "status",   "assign", "merge",
                                                     "split",   "priority", "close",  "feedback"};

void add_alert(const model::Alert& alert, std::vector<ThreatEvent>& events) {
  const auto source = display_text(alert.source, 40);
  events.push_back({alert.occurred_at,
                    "detection",
                    display_text(alert.title, 160),
                    source + " reported it as " + std::string(to_text(alert.severity)) + ".",
                    source,
                    {alert.id.str()}});
  for (std::size_t i = 0; i < alert.facts.size(); ++i) {
    const auto& fact = alert.facts[i];
    events.push_back({fact.as_of,
                      "enrichment",
                      display_text(fact.name, 60),
                      display_text(fact.value, 160),
                      display_text(fact.from, 40),
                      {alert.id.str() + "#/facts/" + std::to_string(i)}});
  }
  events.push_back(
      {alert.received_at,
       "analysis",
       "Received and scored",
       "Priority " + std::to_string(alert.priority) + (alert.requires_review ? ", a person must look." : "."),
       "triage",
       {alert.id.str() + "#/priority"}});
}

ThreatEvent event_of(const model::ActionRecord& action) {
  return {action.created_at,
          std::string(event_type_of(action)),
          display_text(action.action, 100) + (action.simulated ? " (simulated)" : ""),
          display_text(action.detail, 300),
          display_text(action.actor, 60),
          {action.id.str()}};
}

}  // namespace

std::string_view event_type_of(const model::ActionRecord& action) {
  if (action.action.find("escalat") != std::string::npos) return "escalation";
  const bool decision = std::any_of(kDecisions.begin(), kDecisions.end(), [&](std::string_view word) {
    return action.action.find(word) != std::string::npos;
  });
  return decision ? "decision" : "action";
}

ThreatTimeline make_threat_timeline(std::span<const model::Alert> alerts, const model::Incident* incident,
                                    std::span<const model::ActionRecord> actions) {
  ThreatTimeline timeline;
  for (const auto& alert : alerts) add_alert(alert, timeline.events);
  if (incident != nullptr && !incident->id.empty()) {
    timeline.events.push_back({incident->created_at,
                               "correlation",
                               "Incident opened",
                               display_text(incident->title, 200),
                               "correlation",
                               {incident->id.str()}});
  }
  for (const auto& action : actions) timeline.events.push_back(event_of(action));
  std::stable_sort(timeline.events.begin(), timeline.events.end(),
                   [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
  if (timeline.events.size() > kMaxEvents) timeline.events.resize(kMaxEvents);
  if (timeline.events.empty()) return timeline;
  timeline.start_time = timeline.events.front().timestamp;
  timeline.end_time = timeline.events.back().timestamp;
  timeline.duration_ms =
      std::chrono::duration<double, std::milli>(timeline.end_time - timeline.start_time).count();
  return timeline;
}

std::string executive_summary(const model::Alert& alert) {
  auto text = incident_title(alert, {}) + ". Severity " + std::string(to_text(alert.severity)) +
              ", priority " + std::to_string(alert.priority) + " of 100";
  if (!alert.attack.techniques.empty()) {
    const auto& id = alert.attack.techniques.front();
    const auto* technique = model::find_technique(id);
    text += ", ATT&CK " + id + (technique ? " (" + std::string(technique->name) + ")" : "");
  }
  return text + ". " +
         (alert.requires_review ? "A person must look at it." : "No person has to look at once.");
}

std::string customer_narrative(const model::Alert& alert) {
  std::vector<std::string> parties;
  for (const auto& entity : alert.entities) {
    if (parties.size() < 5) parties.push_back(entity_text(entity));
  }
  auto text = "At " + minute_text(alert.occurred_at) + ", " + display_text(alert.source, 40) + " reported " +
              quoted_title(alert) + ".";
  if (!parties.empty()) text += " Concerned: " + listed(parties) + ".";
  if (alert.occurrences > 1) text += " It was seen " + std::to_string(alert.occurrences) + " times.";
  return text;
}

}  // namespace tocsin::triage
