// Playbooks: what there are, what an incident calls for, and what their steps would do to it.

#include "api/body.h"
#include "api/context.h"
#include "api/dto/incident_dto.h"
#include "api/dto/playbook_dto.h"
#include "api/incident_access.h"
#include "respond/simulate.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

Result<Response> list_playbooks(Context& context, const Request&) {
  const auto& library = *context.services.settings.playbooks;
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& playbook : library.playbooks) write_playbook_summary(json, playbook);
      });
    });
    json.member("errors", [&] {
      json.array([&] {
        for (const auto& error : library.errors) write_library_error(json, error);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

Result<Response> get_playbook(Context& context, const Request& request) {
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  const auto matches = matches_for(context, loaded.facts);
  std::string out;
  JsonWriter json(out);
  write_incident_playbook(json, loaded.facts.incident.id, matches, scene_for(loaded.facts, loaded.view));
  return http::json_response(200, std::move(out));
}

// ---- simulation
// ---------------------------------------------------------------------------------------------------

// The step of that name, or every step of the named playbook that changes something.
std::optional<std::vector<respond::Simulation>> simulate_asked(Context& context, const Loaded& loaded,
                                                               Body& body) {
  const auto action = body.text("action", 200, false);
  const auto id = body.text("playbook", 100, false);
  if (body.has("action") == body.has("playbook"))
    body.fail_whole("name either an action or a playbook", "{\"action\":\"Isolate the machine …\"}");
  const auto scene = scene_for(loaded.facts, loaded.view);
  if (action)
    return std::vector{
        respond::simulate(*action, respond::playbooks_of(matches_for(context, loaded.facts)), scene)};
  if (!id) return std::nullopt;
  for (const auto& playbook : context.services.settings.playbooks->playbooks) {
    if (playbook.id == *id) return respond::simulate_playbook(playbook, scene);
  }
  body.fail("playbook", "there is no playbook \"" + *id + "\"", "GET /api/v1/playbooks lists them");
  return std::nullopt;
}

model::ActionRecord record_of(const IncidentId& incident, const respond::Simulation& simulation) {
  model::ActionRecord record;
  record.incident = incident;
  record.action = simulation.action;
  record.detail = respond::sentence_of(simulation);
  record.simulated = true;
  if (!simulation.targets.empty()) record.target = simulation.targets.front().value;
  return record;
}

Result<Response> simulate(Context& context, const Request& request) {
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  TOCSIN_TRY(body, Body::parse(request));
  const auto simulations = simulate_asked(context, loaded, body);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  std::vector<model::ActionRecord> records;
  for (const auto& simulation : *simulations) {
    TOCSIN_TRY(stored, log_action(context, record_of(loaded.facts.incident.id, simulation)));
    records.push_back(std::move(stored));
  }
  announce_incident(context, loaded.facts.incident.id);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", loaded.facts.incident.id.str());
    json.member("simulated", true);
    json.member("items", [&] {
      json.array([&] {
        for (const auto& simulation : *simulations) write_simulation(json, simulation);
      });
    });
    json.member("actions", [&] {
      json.array([&] {
        for (const auto& record : records) write_action(json, record);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/playbooks", list_playbooks},
    {Method::kGet, "/api/v1/incidents/{id}/playbook", get_playbook},
    {Method::kPost, "/api/v1/incidents/{id}/simulate", simulate},
};

}  // namespace

void add_playbook_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
