#include "api/incident_access.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kActions = 200;
constexpr std::size_t kLinesOfOneChange = 6;  // one for each field that a person may set
constexpr std::size_t kCaseAlerts = 200;

// by_seq leaves out what it does not find; alerts are never deleted, so that is rare, and then each is asked
// for.
Result<std::vector<triage::Member>> read_members(store::TenantStore& store,
                                                 const std::vector<model::Membership>& memberships) {
  std::vector<model::Seq> seqs;
  for (const auto& membership : memberships) seqs.push_back(membership.alert);
  TOCSIN_TRY(alerts, store.alerts().by_seq(seqs));
  std::vector<triage::Member> members;
  if (alerts.size() == seqs.size()) {
    for (std::size_t i = 0; i < seqs.size(); ++i) members.push_back({std::move(alerts[i]), memberships[i]});
    return members;
  }
  for (std::size_t i = 0; i < seqs.size(); ++i) {
    TOCSIN_TRY(one, store.alerts().by_seq(std::span(&seqs[i], 1)));
    if (!one.empty()) members.push_back({std::move(one.front()), memberships[i]});
  }
  return members;
}

respond::AlertRefs alerts_of(const triage::IncidentFacts& facts) {
  respond::AlertRefs refs;
  for (const auto& member : facts.members) refs.push_back(&member.alert);
  return refs;
}

}  // namespace

Result<model::Incident> find_incident(store::TenantStore& store, std::string_view id) {
  const auto parsed = IncidentId::parse(id);
  if (!parsed) return not_found("incident", id);
  TOCSIN_TRY(incident, store.incidents().find(*parsed));
  if (!incident) return not_found("incident", id);
  return *std::move(incident);
}

Result<model::Incident> find_standing_incident(store::TenantStore& store, std::string_view id) {
  TOCSIN_TRY(incident, find_incident(store, id));
  if (!incident.merged_into) return incident;
  const auto into = incident.merged_into->str();
  return error(ErrorKind::kConflict, "change incident", incident.id.str() + " was merged into " + into,
               "change " + into);
}

Result<triage::IncidentFacts> load_facts(store::TenantStore& store, model::Incident incident,
                                         std::size_t most) {
  TOCSIN_TRY(memberships, store.incidents().members(incident.seq, most));
  TOCSIN_TRY(members, read_members(store, memberships));
  TOCSIN_TRY(notes, store.incidents().notes(incident.id));
  TOCSIN_TRY(actions, store.incidents().actions(incident.id, kActions));
  return triage::IncidentFacts{std::move(incident), std::move(members), std::move(notes), std::move(actions)};
}

std::vector<model::Alert> lead_first(const triage::IncidentFacts& facts) {
  const auto is_lead = [&](const triage::Member& m) {
    return m.membership.alert == facts.incident.lead_alert;
  };
  std::vector<model::Alert> alerts;
  const auto lead = std::find_if(facts.members.begin(), facts.members.end(), is_lead);
  if (lead != facts.members.end()) alerts.push_back(lead->alert);
  for (const auto& member : facts.members) {
    if (alerts.size() == kCaseAlerts) break;
    if (!is_lead(member)) alerts.push_back(member.alert);
  }
  return alerts;
}

std::vector<respond::Match> matches_for(const Context& context, const triage::IncidentFacts& facts) {
  return respond::match_playbooks(context.services.settings.playbooks->playbooks, alerts_of(facts));
}

respond::Scene scene_for(const triage::IncidentFacts& facts, const triage::IncidentView& view) {
  return respond::make_scene(alerts_of(facts), plain_entities(view));
}

Result<Loaded> load_view(Context& context, const http::Request& request, std::size_t most_alerts) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(facts, load_facts(context.store(), std::move(incident), most_alerts));
  auto view = triage::make_incident_view(facts);
  return Loaded{std::move(facts), std::move(view)};
}

std::vector<model::Entity> plain_entities(const triage::IncidentView& view) {
  std::vector<model::Entity> entities;
  for (const auto& counted : view.entities) entities.push_back(counted.entity);
  return entities;
}

Result<model::ActionRecord> log_action(Context& context, model::ActionRecord record) {
  const auto now = context.services.clock.now();
  record.id = ActionId::make(now);
  record.created_at = now;
  if (record.actor.empty()) record.actor = actor();
  TOCSIN_CHECK(context.store().incidents().log_action(record));
  context.live.action_logged(record);
  return record;
}

Result<model::Incident> change_incident(Context& context, const IncidentId& id,
                                        const store::IncidentChange& change,
                                        std::optional<std::int64_t> if_version) {
  TOCSIN_TRY(changed, context.store().incidents().update(id, change, if_version));
  if (change.verdict) context.services.pipeline.rules_changed();  // it speaks for its alerts
  if (change.priority) {
    TOCSIN_TRY(described, context.services.correlation.describe(id));
    changed = std::move(described);
  }
  context.scoped ? announce_incident(context, id) : context.live.incident_changed(changed);
  if (!context.live.listening()) return changed;
  const auto lines = context.store().incidents().actions(id, kLinesOfOneChange);
  if (!lines) return changed;  // done all the same; the page reads them when it is opened
  for (auto line = lines->rbegin(); line != lines->rend(); ++line) {
    if (line->created_at == changed.updated_at) context.live.action_logged(*line);
  }
  return changed;
}

void announce_incident(Context& context, const IncidentId& id) {
  if (!context.live.listening()) return;
  const auto incident = context.whole.store.incidents().find(id);
  if (incident && *incident) context.live.incident_changed(**incident);
}

}  // namespace tocsin::api
