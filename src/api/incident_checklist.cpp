#include "api/incident_checklist.h"

#include <set>

#include "api/body.h"
#include "api/json_writer.h"
#include "triage/triage.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kSearchedIocs = 20;  // one query each
constexpr std::size_t kAlertsOfAnIoc = 50;

store::AlertQuery query_for(const model::Ioc& ioc) {
  store::AlertQuery query;
  query.limit = kAlertsOfAnIoc;
  if (ioc.kind == model::IocKind::kIp) {
    query.entities = {ioc.value};
  } else {
    query.text = ioc.value;
  }
  return query;
}

// The newest alerts of this server that hold the indicator, but belong to other incidents.
Result<std::vector<std::string>> incidents_with(store::TenantStore& store, const model::Ioc& ioc,
                                                const IncidentId& own) {
  TOCSIN_TRY(page, store.alerts().list(query_for(ioc)));
  std::set<std::string> ids;
  for (const auto& alert : page.items) {
    if (alert.incident_id && *alert.incident_id != own) ids.insert(alert.incident_id->str());
  }
  return std::vector<std::string>(ids.begin(), ids.end());
}

Result<void> search_iocs(store::TenantStore& store, respond::CheckInput& input) {
  for (const auto& ioc : input.iocs) {
    if (input.searched == kSearchedIocs) break;
    TOCSIN_TRY(ids, incidents_with(store, ioc, input.incident.id));
    ++input.searched;
    if (!ids.empty()) input.elsewhere.push_back({ioc.value, std::move(ids)});
  }
  return {};
}

void find_cves(const enrich::ExploitedIndex* listed, respond::CheckInput& input) {
  std::set<std::string> named;
  for (const auto& entity : input.entities) {
    if (entity.kind == model::EntityKind::kCve) named.insert(entity.value);
  }
  for (const auto& ioc : input.iocs) {
    if (ioc.kind == model::IocKind::kCve) named.insert(ioc.value);
  }
  input.cves.assign(named.begin(), named.end());
  for (const auto& cve : input.cves) {
    const bool exploited = listed != nullptr ? listed->find(cve) != nullptr : triage::is_known_exploited(cve);
    if (exploited) input.exploited.push_back(cve);
  }
}

Result<std::vector<respond::Check>> evaluate(Context& context, const Loaded& loaded) {
  respond::CheckInput input{loaded.facts.incident,
                            {},
                            plain_entities(loaded.view),
                            loaded.view.iocs,
                            {},
                            {},
                            0,
                            {},
                            loaded.facts.actions,
                            context.services.settings.playbooks->playbooks};
  for (const auto& member : loaded.facts.members) input.alerts.push_back(&member.alert);
  TOCSIN_CHECK(search_iocs(context.store(), input));
  find_cves(context.services.settings.enrichment->knowledge()->exploited.get(), input);
  return respond::automatic_checks(input);
}

// Kept as a setting of the tenant, one for each incident and step, so that two people who tick different
// steps do not overwrite each other.
std::string key_of(const IncidentId& incident, std::string_view step) {
  return "checklist/" + incident.str() + "/" + std::string(step);
}

std::string to_json(const Tick& tick) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("done", tick.done);
    json.member("by", tick.by);
    json.member("at", tick.at);
    json.member("note", tick.note);
  });
  return out;
}

Result<std::optional<Tick>> read_tick(store::TenantStore& store, const IncidentId& incident,
                                      std::string_view step) {
  TOCSIN_TRY(text, store.setting(key_of(incident, step)));
  if (!text) return std::optional<Tick>{};
  TOCSIN_TRY(value, parse_json(*text));
  Tick tick;
  const auto& object = value.as_object();
  tick.done = object.at("done").as_bool();
  tick.by = object.at("by").as_string();
  tick.at = object.at("at").as_string();
  tick.note = object.at("note").as_string();
  return std::optional(std::move(tick));
}

}  // namespace

Result<Checklist> load_checklist(Context& context, const Loaded& loaded) {
  Checklist list;
  TOCSIN_TRY(checks, evaluate(context, loaded));
  list.checks = std::move(checks);
  for (const auto& step : respond::manual_steps()) {
    TOCSIN_TRY(tick, read_tick(context.store(), loaded.facts.incident.id, step.id));
    list.ticks.push_back(std::move(tick));
  }
  return list;
}

Result<void> save_tick(store::TenantStore& store, const IncidentId& incident, std::string_view step,
                       const Tick& tick) {
  return store.set_setting(key_of(incident, step), to_json(tick));
}

}  // namespace tocsin::api
