#include "api/incident_access.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kActions = 200;

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

}  // namespace

Result<model::Incident> find_incident(store::TenantStore& store, std::string_view id) {
  const auto parsed = IncidentId::parse(id);
  if (!parsed) return not_found("incident", id);
  TOCSIN_TRY(incident, store.incidents().find(*parsed));
  if (!incident) return not_found("incident", id);
  return *std::move(incident);
}

Result<triage::IncidentFacts> load_facts(store::TenantStore& store, model::Incident incident,
                                         std::size_t most) {
  TOCSIN_TRY(memberships, store.incidents().members(incident.seq, most));
  TOCSIN_TRY(members, read_members(store, memberships));
  TOCSIN_TRY(notes, store.incidents().notes(incident.id));
  TOCSIN_TRY(actions, store.incidents().actions(incident.id, kActions));
  return triage::IncidentFacts{std::move(incident), std::move(members), std::move(notes), std::move(actions)};
}

Result<model::ActionRecord> log_action(Context& context, model::ActionRecord record) {
  const auto now = context.services.clock.now();
  record.id = ActionId::make(now);
  record.created_at = now;
  if (record.actor.empty()) record.actor = kLocalAdmin;
  TOCSIN_CHECK(context.store().incidents().log_action(record));
  context.live.action_logged(record);
  return record;
}

void announce_incident(Context& context, const IncidentId& id) {
  if (!context.live.listening()) return;
  const auto incident = context.store().incidents().find(id);
  if (incident && *incident) context.live.incident_changed(**incident);
}

}  // namespace tocsin::api
