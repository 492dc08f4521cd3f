#include "api/case_loader.h"

#include <set>

#include "api/case_data/case_data.h"
#include "api/reasons.h"
#include "base/display_text.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kSimilarAlerts = 20;  // looked at for each shared value
constexpr std::size_t kSimilarIncidents = 10;
constexpr model::Seq kRecentEvents = 500;

store::AlertQuery query_of(std::size_t limit) {
  store::AlertQuery query;
  query.limit = limit;
  return query;
}

std::string_view main_host(const model::Alert& alert) {
  using Role = model::EntityRole;
  return find_entity(alert, model::EntityKind::kHost, {Role::kTarget, Role::kSource, Role::kDestination});
}

std::string_view main_user(const model::Alert& alert) {
  using Role = model::EntityRole;
  return find_entity(alert, model::EntityKind::kUser, {Role::kTarget, Role::kActor, Role::kSource});
}

}  // namespace

Result<triage::Prior> CaseLoader::prior(const model::Alert& alert) {
  const auto key = std::pair(alert.source, alert.type);
  if (const auto known = priors_.find(key); known != priors_.end()) return known->second;
  TOCSIN_TRY(history, services_.store.rule_history(alert.source, alert.type));
  return priors_[key] = prior_of(history);
}

Result<const std::vector<model::Incident>*> CaseLoader::incidents_with(const std::string& shared,
                                                                       const store::AlertQuery& query) {
  const auto [at, is_new] = similar_.try_emplace(shared);
  if (!is_new) return &at->second;
  TOCSIN_TRY(page, services_.store.alerts().list(query));
  std::set<IncidentId> ids;
  for (const auto& alert : page.items) {
    if (alert.incident_id) ids.insert(*alert.incident_id);
  }
  for (const auto& id : ids) {
    TOCSIN_TRY(incident, services_.store.incidents().find(id));
    if (incident) at->second.push_back(*std::move(incident));
  }
  return &at->second;
}

Result<std::vector<triage::SimilarIncident>> CaseLoader::similar(const model::Alert& lead,
                                                                 const std::optional<IncidentId>& own) {
  std::vector<std::pair<std::string, store::AlertQuery>> wanted;
  wanted.emplace_back("type " + display_text(lead.type, 60), query_of(kSimilarAlerts));
  wanted.back().second.type = lead.type;
  const auto add_entity = [&](std::string_view kind, std::string_view value) {
    if (value.empty()) return;
    wanted.emplace_back(std::string(kind) + " " + display_text(value, 60), query_of(kSimilarAlerts));
    wanted.back().second.entities.emplace_back(value);
  };
  add_entity("host", main_host(lead));
  add_entity("user", main_user(lead));

  std::map<IncidentId, triage::SimilarIncident> found;
  for (const auto& [shared, query] : wanted) {
    TOCSIN_TRY(incidents, incidents_with(shared, query));
    for (const auto& incident : *incidents) {
      if (own == incident.id) continue;
      auto& one = found[incident.id];
      one.id = incident.id;
      one.title = incident.title;
      one.verdict = incident.verdict;
      one.last_seen = incident.last_seen;
      one.shared.push_back(shared);
    }
  }
  std::vector<triage::SimilarIncident> result;
  for (auto& [id, one] : found) result.push_back(std::move(one));
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return std::pair(a.shared.size(), a.last_seen) > std::pair(b.shared.size(), b.last_seen);
  });
  if (result.size() > kSimilarIncidents) result.resize(kSimilarIncidents);
  return result;
}

Result<void> CaseLoader::load_case_data() {
  if (has_case_data_) return {};
  TOCSIN_TRY(stored, read_policy(services_.store));
  TOCSIN_TRY(changes, read_changes(services_.store));
  TOCSIN_TRY(advisories, read_advisories(services_.store));
  policy_ = std::move(stored.policy);
  changes_ = std::move(changes);
  for (auto& one : advisories) advisories_.push_back(std::move(one.advisory));
  TOCSIN_CHECK(load_change_events());
  has_case_data_ = true;
  return {};
}

// Logs that tell of a change. Who writes a log may be the attacker: nobody told them, so they weigh little
// (triage/agents/change_agent.cpp), and what a host sent by syslog under a name of its choice is left out.
Result<void> CaseLoader::load_change_events() {
  if (services_.settings.events == nullptr) return {};
  TOCSIN_TRY(count, services_.store.events().count());
  TOCSIN_TRY(events,
             services_.store.events().after(std::max<model::Seq>(0, count - kRecentEvents), kRecentEvents));
  for (const auto& event : events) {
    if (event.source == "syslog" || !triage::is_change_event(event.event_type)) continue;
    model::Change change;
    change.id = "event " + std::to_string(event.seq);
    change.at = event.occurred_at;
    change.kind = event.event_type;
    change.summary = event.message;
    if (event.resource) change.resources.push_back(*event.resource);
    if (event.user) change.made_by = *event.user;
    changes_.push_back(std::move(change));
  }
  return {};
}

Result<triage::CaseInput> CaseLoader::load(std::vector<model::Alert> alerts,
                                           const std::optional<IncidentId>& own) {
  triage::CaseInput input;
  const auto& lead = alerts.front();
  TOCSIN_TRY(prior_of_rule, prior(lead));
  TOCSIN_TRY(similar_ones, similar(lead, own));
  TOCSIN_CHECK(load_case_data());
  input.prior = prior_of_rule;
  input.similar = std::move(similar_ones);
  input.policy = policy_;
  input.changes = changes_;
  input.advisories = advisories_;
  input.change_source_connected = !changes_.empty();
  input.options = services_.settings.scoring;
  input.policy.settings.push_back(
      {"high_priority_threshold", std::to_string(services_.settings.scoring.high_priority_threshold)});
  input.alerts = std::move(alerts);
  return input;
}

namespace {

CaseJudgement judged(triage::CaseInput input, const Services& services) {
  auto analyses = triage::analyse(input, services.clock);
  auto score = triage::false_positive_score(input, analyses);
  auto plan = triage::plan_response(input, triage::threat_type_of(input.alerts.front()), score);
  return {std::move(input), std::move(analyses), std::move(score), std::move(plan)};
}

}  // namespace

Result<CaseJudgement> judge_alert(CaseLoader& loader, const Services& services, const model::Alert& alert) {
  TOCSIN_TRY(input, loader.load({alert}, alert.incident_id));
  return judged(std::move(input), services);
}

Result<CaseJudgement> judge_incident(CaseLoader& loader, const Services& services,
                                     const model::Incident& incident, std::vector<model::Alert> alerts) {
  TOCSIN_TRY(input, loader.load(std::move(alerts), incident.id));
  input.severity = incident.severity;
  input.tactics = incident.tactics;
  return judged(std::move(input), services);
}

}  // namespace tocsin::api
