#pragma once
// Finding incidents by the id in a path, and the facts that their views are made of.

#include "api/context.h"
#include "respond/match.h"
#include "respond/scene.h"
#include "triage/incident_view.h"

namespace tocsin::api {

// kNotFound for an id that is none and for one that nothing has.
Result<model::Incident> find_incident(store::TenantStore& store, std::string_view id);

// The incident with at most `most` of its alerts (first by arrival), its notes and its newest actions.
Result<triage::IncidentFacts> load_facts(store::TenantStore& store, model::Incident incident,
                                         std::size_t most);
// Its alerts, the lead alert first; at most 200.
std::vector<model::Alert> lead_first(const triage::IncidentFacts& facts);
// Playbooks of the service's library that its alerts call for, best first, with reasons.
std::vector<respond::Match> matches_for(const Context& context, const triage::IncidentFacts& facts);
respond::Scene scene_for(const triage::IncidentFacts& facts, const triage::IncidentView& view);
std::vector<model::Entity> plain_entities(const triage::IncidentView& view);
inline constexpr std::size_t kViewAlerts = 1000;  // what views are made of: about 15 µs to read each

// The incident of the path's {id}, with what is derived from at most `most_alerts` of its alerts.
struct Loaded {
  triage::IncidentFacts facts;
  triage::IncidentView view;
};
Result<Loaded> load_view(Context& context, const http::Request& request, std::size_t most_alerts);

// For changes: kConflict for one that was merged into another, which must be changed instead.
Result<model::Incident> find_standing_incident(store::TenantStore& store, std::string_view id);

// Fills id, actor (when empty) and time, stores and announces it.
Result<model::ActionRecord> log_action(Context& context, model::ActionRecord record);
// Changes it and tells live clients, the new lines of its action log included.
Result<model::Incident> change_incident(Context& context, const IncidentId& id,
                                        const store::IncidentChange& change,
                                        std::optional<std::int64_t> if_version = {});
// Tells live clients how it is now; what cannot be read is not announced.
void announce_incident(Context& context, const IncidentId& id);

}  // namespace tocsin::api
