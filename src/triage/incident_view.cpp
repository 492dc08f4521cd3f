#include "triage/incident_view.h"

#include <set>
#include <tuple>

#include "base/display_text.h"
#include "model/attack.h"
#include "triage/attack_fallback.h"
#include "triage/incident_sentences.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using model::Alert;
using model::EntityKind;
using model::EntityRole;

constexpr std::size_t kTitlePart = 90;

std::string_view first_entity(const Alert& alert, EntityKind kind) {
  return model::find_entity(alert, kind,
                            {EntityRole::kTarget, EntityRole::kActor, EntityRole::kRelated,
                             EntityRole::kSource, EntityRole::kDestination});
}

std::string what_happened(const Alert& lead) {
  const auto* family = find_family(lead.type);
  return family ? std::string(family->label)
                : display_text(lead.title.empty() ? lead.type : lead.title, kTitlePart);
}

// Adds " on web-01" unless the text already says so.
void append_party(std::string& title, std::string_view words, std::string_view value) {
  if (value.empty()) return;
  const auto shown = display_text(value, 40);
  if (title.find(shown) == std::string::npos) title.append(words).append(shown);
}

std::vector<CountedEntity> merged_entities(const std::vector<Member>& members) {
  std::map<std::pair<EntityKind, std::string_view>, std::map<EntityRole, std::size_t>> roles;
  std::map<std::pair<EntityKind, std::string_view>, std::size_t> alerts;
  for (const auto& member : members) {
    std::set<std::pair<EntityKind, std::string_view>> of_alert;
    for (const auto& entity : member.alert.entities) {
      ++roles[{entity.kind, entity.value}][entity.role];
      of_alert.emplace(entity.kind, entity.value);
    }
    for (const auto& key : of_alert) ++alerts[key];
  }
  std::vector<CountedEntity> merged;
  for (const auto& [key, counts] : roles) {
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    merged.push_back({{key.first, std::string(key.second), most->first}, alerts[key]});
  }
  std::stable_sort(merged.begin(), merged.end(),
                   [](const auto& a, const auto& b) { return a.alerts > b.alerts; });
  if (merged.size() > kMaxViewEntities) merged.resize(kMaxViewEntities);
  return merged;
}

std::vector<model::Ioc> merged_iocs(const std::vector<Member>& members) {
  std::set<model::Ioc> all;
  for (const auto& member : members) {
    for (const auto& ioc : member.alert.iocs) {
      if (all.size() < kMaxViewIocs) all.insert(ioc);
    }
  }
  return {all.begin(), all.end()};
}

model::Attack merged_attack(const std::vector<Member>& members) {
  std::set<std::string> techniques, tactics;
  for (const auto& member : members) {
    const auto& attack = member.alert.attack;
    techniques.insert(attack.techniques.begin(), attack.techniques.end());
    tactics.insert(attack.tactics.begin(), attack.tactics.end());
  }
  return model::checked_attack({techniques.begin(), techniques.end()}, {tactics.begin(), tactics.end()});
}

TimelineEntry entry_of(const Alert& alert) {
  TimelineEntry entry;
  entry.at = alert.occurred_at;
  entry.recorded_at = alert.received_at;
  entry.title = display_text(alert.title, 160);
  entry.detail = display_text(alert.source, 40) + ", " + std::string(to_text(alert.severity));
  if (alert.occurrences > 1) {
    entry.detail +=
        ", seen " + std::to_string(alert.occurrences) + " times until " + minute_text(alert.last_seen);
  }
  entry.severity = alert.severity;
  entry.tactics = alert.attack.tactics;
  entry.source = alert.source;
  entry.alert_ids = {alert.id.str()};
  return entry;
}

TimelineEntry entry_of(const model::Note& note) {
  TimelineEntry entry;
  entry.at = entry.recorded_at = note.created_at;
  entry.kind = TimelineEntry::Kind::kNote;
  entry.title = "Note";
  entry.detail = display_text(note.text, 500);
  entry.actor = display_text(note.author, 60);
  return entry;
}

TimelineEntry entry_of(const model::ActionRecord& action) {
  TimelineEntry entry;
  entry.at = entry.recorded_at = action.created_at;
  entry.kind = TimelineEntry::Kind::kAction;
  entry.title = display_text(action.action, 100) + (action.simulated ? " (simulated)" : "");
  entry.detail = display_text(action.detail, 300);
  entry.actor = display_text(action.actor, 60);
  return entry;
}

std::vector<TimelineEntry> make_timeline(const IncidentFacts& facts) {
  std::vector<TimelineEntry> timeline;
  timeline.reserve(facts.members.size() + facts.notes.size() + facts.actions.size());
  for (const auto& member : facts.members) timeline.push_back(entry_of(member.alert));
  for (const auto& note : facts.notes) timeline.push_back(entry_of(note));
  for (const auto& action : facts.actions) timeline.push_back(entry_of(action));
  std::stable_sort(timeline.begin(), timeline.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return timeline;
}

}  // namespace

std::string_view to_text(TimelineEntry::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames{"alert", "note", "action"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string incident_title(const Alert& lead, const model::Incident& incident) {
  auto title = what_happened(lead);
  append_party(title, " on ", first_entity(lead, EntityKind::kHost));
  const auto user = first_entity(lead, EntityKind::kUser);
  append_party(title, ", user ", user.empty() ? first_entity(lead, EntityKind::kAccount) : user);
  append_party(title, ", from ",
               model::find_entity(lead, EntityKind::kIp, {EntityRole::kSource, EntityRole::kActor}));
  append_party(title, ", resource ", first_entity(lead, EntityKind::kCloudResource));
  if (incident.alert_count > 1) {
    title += ", and " + counted(static_cast<std::size_t>(incident.alert_count - 1), "related alert");
  }
  return title;
}

std::string joined(const std::vector<Sentence>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) text += (text.empty() ? "" : " ") + sentence.text;
  return text;
}

IncidentView make_incident_view(const IncidentFacts& facts) {
  std::vector<const Member*> ordered;
  for (const auto& member : facts.members) ordered.push_back(&member);
  std::sort(ordered.begin(), ordered.end(), [](const Member* a, const Member* b) {
    return std::tuple(a->alert.occurred_at, a->membership.alert) <
           std::tuple(b->alert.occurred_at, b->membership.alert);
  });
  IncidentView view;
  view.entities = merged_entities(facts.members);
  view.iocs = merged_iocs(facts.members);
  view.attack = merged_attack(facts.members);
  view.timeline = make_timeline(facts);
  view.title = facts.incident.title;
  const auto lead = std::find_if(ordered.begin(), ordered.end(), [&](const Member* member) {
    return member->membership.alert == facts.incident.lead_alert;
  });
  if (lead != ordered.end()) view.title = incident_title((*lead)->alert, facts.incident);
  view.summary = summarise(ordered, view, facts.incident);
  view.why = why_together(ordered);
  return view;
}

}  // namespace tocsin::triage
