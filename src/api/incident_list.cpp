#include "api/incident_list.h"

#include <unordered_map>

#include "api/dto/incident_dto.h"

namespace tocsin::api {
namespace {

using model::EntityKind;
using model::EntityRole;

constexpr std::array kMainKinds{EntityKind::kUser, EntityKind::kHost, EntityKind::kIp,
                                EntityKind::kCloudResource};
constexpr std::array kVictimFirst{EntityRole::kTarget, EntityRole::kActor, EntityRole::kSource,
                                  EntityRole::kDestination, EntityRole::kRelated};
constexpr std::array kOriginFirst{EntityRole::kSource, EntityRole::kActor, EntityRole::kTarget,
                                  EntityRole::kDestination, EntityRole::kRelated};

const model::Entity* first_entity(const model::Alert& alert, EntityKind kind) {
  for (const auto role : kind == EntityKind::kIp ? kOriginFirst : kVictimFirst) {
    for (const auto& entity : alert.entities) {
      if (entity.kind == kind && entity.role == role) return &entity;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<model::Entity> main_entities(const model::Alert& alert) {
  std::vector<model::Entity> found;
  for (const auto kind : kMainKinds) {
    if (const auto* entity = first_entity(alert, kind)) found.push_back(*entity);
  }
  return found;
}

Result<store::Page<ListedIncident>> with_leads(store::TenantStore& store, store::Page<model::Incident> page) {
  std::vector<model::Seq> seqs;
  for (const auto& incident : page.items) seqs.push_back(incident.lead_alert);
  TOCSIN_TRY(alerts, store.alerts().by_seq(seqs));
  std::unordered_map<model::Seq, const model::Alert*> leads;
  for (const auto& alert : alerts) leads.emplace(alert.seq, &alert);
  store::Page<ListedIncident> listed{{}, std::move(page.next_cursor), page.total, page.total_capped};
  for (auto& incident : page.items) {
    auto& item = listed.items.emplace_back();
    item.incident = std::move(incident);
    const auto lead = leads.find(item.incident.lead_alert);
    if (lead == leads.end()) continue;
    item.main_entities = main_entities(*lead->second);
    item.suggestion = triage::suggest(item.incident, *lead->second);
  }
  return listed;
}

void write_listed(JsonWriter& json, const ListedIncident& listed, const FirstResponseMinutes& minutes) {
  json.object([&] {
    write_incident_members(json, listed.incident, {}, minutes);
    json.member("suggested_verdict", to_text(listed.suggestion.verdict));
    json.member("main_entities", [&] {
      json.array([&] {
        for (const auto& entity : listed.main_entities) write_entity(json, entity);
      });
    });
  });
}

}  // namespace tocsin::api
