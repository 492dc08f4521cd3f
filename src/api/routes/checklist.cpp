// The checklist of an incident: checks evaluated from what is stored, and steps that a person ticks.

#include "respond/checklist.h"

#include <set>

#include "api/body.h"
#include "api/context.h"
#include "api/incident_access.h"
#include "api/json_writer.h"
#include "triage/triage.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kSearchedIocs = 20;  // one query each
constexpr std::size_t kAlertsOfAnIoc = 50;
constexpr std::size_t kMaxNote = 2000;

// ---- what the checks look at
// ------------------------------------------------------------------------------------------

store::AlertQuery query_for(const model::Ioc& ioc) {
  store::AlertQuery query;
  query.limit = kAlertsOfAnIoc;
  if (ioc.kind == model::IocKind::kIp) {
    query.entity = ioc.value;
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

void find_cves(respond::CheckInput& input) {
  std::set<std::string> named;
  for (const auto& entity : input.entities) {
    if (entity.kind == model::EntityKind::kCve) named.insert(entity.value);
  }
  for (const auto& ioc : input.iocs) {
    if (ioc.kind == model::IocKind::kCve) named.insert(ioc.value);
  }
  input.cves.assign(named.begin(), named.end());
  for (const auto& cve : input.cves) {
    if (triage::is_known_exploited(cve)) input.exploited.push_back(cve);
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
  find_cves(input);
  return respond::automatic_checks(input);
}

// ---- what people ticked
// -----------------------------------------------------------------------------------------------

// Kept as a setting of the tenant, one for each incident and step, so that two people who tick different
// steps do not overwrite each other.
std::string key_of(const IncidentId& incident, std::string_view step) {
  return "checklist/" + incident.str() + "/" + std::string(step);
}

struct Tick {
  bool done = false;
  std::string by, at, note;
};

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

// ---- answers
// ------------------------------------------------------------------------------------------------------

void write_check(JsonWriter& json, const respond::Check& check) {
  json.object([&] {
    json.member("id", check.id);
    json.member("title", check.title);
    json.member("state", to_text(check.state));
    json.member("reason", check.reason);
    json.member("evidence", check.alert_ids);
  });
}

void write_manual(JsonWriter& json, const respond::ManualStep& step, const std::optional<Tick>& tick) {
  json.object([&] {
    json.member("id", step.id);
    json.member("title", step.title);
    json.member("hint", step.hint);
    json.member("done", tick && tick->done);
    tick ? json.member("by", tick->by) : json.member("by", nullptr);
    tick ? json.member("at", tick->at) : json.member("at", nullptr);
    tick && !tick->note.empty() ? json.member("note", tick->note) : json.member("note", nullptr);
  });
}

Result<Response> checklist_response(Context& context, const Loaded& loaded) {
  TOCSIN_TRY(checks, evaluate(context, loaded));
  std::vector<std::optional<Tick>> ticks;
  for (const auto& step : respond::manual_steps()) {
    TOCSIN_TRY(tick, read_tick(context.store(), loaded.facts.incident.id, step.id));
    ticks.push_back(std::move(tick));
  }
  const auto passed = std::count_if(checks.begin(), checks.end(), [](const respond::Check& check) {
    return check.state == respond::CheckState::kPassed;
  });
  const auto ticked =
      std::count_if(ticks.begin(), ticks.end(), [](const auto& tick) { return tick && tick->done; });
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", loaded.facts.incident.id.str());
    json.member("automatic", [&] {
      json.array([&] {
        for (const auto& check : checks) write_check(json, check);
      });
    });
    json.member("manual", [&] {
      json.array([&] {
        for (std::size_t i = 0; i < ticks.size(); ++i)
          write_manual(json, respond::manual_steps()[i], ticks[i]);
      });
    });
    json.member("done", passed + ticked);
    json.member("total", checks.size() + ticks.size());
  });
  return http::json_response(200, std::move(out));
}

Result<Response> get_checklist(Context& context, const Request& request) {
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  return checklist_response(context, loaded);
}

Result<Response> tick_step(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  const auto* step = respond::find_manual_step(request.path_param("step"));
  if (step == nullptr) return not_found("checklist step", request.path_param("step"));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("done");
  const auto done = body.boolean("done");
  const auto note = body.text("note", kMaxNote);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  const Tick tick{*done, std::string(kLocalAdmin), to_rfc3339(context.services.clock.now()),
                  note.value_or("")};
  TOCSIN_CHECK(context.store().set_setting(key_of(incident.id, step->id), to_json(tick)));
  model::ActionRecord record;
  record.incident = incident.id;
  record.action = *done ? "checklist_done" : "checklist_undone";
  record.target = step->id;
  record.detail = tick.note;
  TOCSIN_TRY(logged, log_action(context, std::move(record)));
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  return checklist_response(context, loaded);
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/incidents/{id}/checklist", get_checklist},
    {Method::kPut, "/api/v1/incidents/{id}/checklist/{step}", tick_step},
};

}  // namespace

void add_checklist_routes(http::Router& router, const ContextPtr& context) {
  add_routes(router, context, kRoutes);
}

}  // namespace tocsin::api
