// Alerts and incidents in the flat shapes of the first tool.

#include "api/body.h"
#include "api/changes.h"
#include "api/dto/incident_dto.h"
#include "api/incident_access.h"
#include "api/routes/ingest.h"
#include "api/routes/pages.h"
#include "api/routes/reference.h"
#include "model/alert_json.h"
#include "respond/simulate.h"
#include "triage/reference_maps.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using model::EntityKind;
using Role = model::EntityRole;

constexpr std::size_t kNestedAlerts = 100;  // of each incident in a list
constexpr std::size_t kUsualLimit = 1000;

void write_entity(JsonWriter& json, std::string_view name, const model::Alert& alert, EntityKind kind,
                  std::initializer_list<Role> roles) {
  const auto value = find_entity(alert, kind, roles);
  value.empty() ? json.member(name, nullptr) : json.member(name, value);
}

// Our alert with the flat names beside it.
void append_flat_alert(std::string& out, const model::Alert& alert) {
  append_alert_json(out, alert, false);
  out.back() = ',';
  std::string flat;
  JsonWriter json(flat);
  json.object([&] {
    json.member("ts", alert.occurred_at);
    json.member("alert_type", alert.type);
    write_entity(json, "user", alert, EntityKind::kUser,
                 {Role::kTarget, Role::kActor, Role::kSource, Role::kRelated});
    write_entity(json, "host", alert, EntityKind::kHost,
                 {Role::kTarget, Role::kSource, Role::kDestination, Role::kRelated});
    write_entity(json, "ip", alert, EntityKind::kIp,
                 {Role::kSource, Role::kActor, Role::kTarget, Role::kDestination, Role::kRelated});
  });
  out.append(flat, 1);
}

void write_flat_alerts(JsonWriter& json, const triage::IncidentFacts& facts) {
  json.array([&] {
    for (const auto& member : facts.members) {
      json.written_by([&](std::string& out) { append_flat_alert(out, member.alert); });
    }
  });
}

void write_mitre(JsonWriter& json, const model::Attack& attack) {
  json.array([&] {
    for (const auto& row : triage::s0_mitre(attack)) {
      json.object([&] {
        json.member("tactic", row.tactic);
        json.member("id", row.id);
        json.member("technique", row.technique);
      });
    }
  });
}

std::string joined_notes(const std::vector<model::Note>& notes) {
  std::string text;
  for (const auto& note : notes) text += (text.empty() ? "" : "\n") + note.text;
  return text;
}

void write_flat_incident(JsonWriter& json, const triage::IncidentFacts& facts,
                         const triage::IncidentView& view, const FirstResponseMinutes& minutes) {
  json.object([&] {
    write_incident_members(json, facts.incident, view.attack.techniques, minutes);
    json.member("summary", triage::joined(view.summary));
    json.member("analyst_verdict", triage::s0_verdict(facts.incident.verdict));
    json.member("analyst_notes", joined_notes(facts.notes));
    json.member("alerts", [&] { write_flat_alerts(json, facts); });
    json.member("mitre", [&] { write_mitre(json, view.attack); });
  });
}

// ---- lists
// --------------------------------------------------------------------------------------------------------

Result<Response> list_alerts(Context& context, const Request& request) {
  if (auto page = console_page(context, request)) return *std::move(page);
  TOCSIN_TRY(window, window_of(request, kUsualLimit));
  store::AlertQuery query;
  query.limit = window.limit;
  query.offset = window.offset;
  TOCSIN_TRY(page, context.store().alerts().list(query, true));
  TOCSIN_TRY(counts, context.store().counts());
  std::string out;
  JsonWriter json(out);
  json.array([&] {
    for (const auto& alert : page.items) {
      json.written_by([&](std::string& text) { append_flat_alert(text, alert); });
    }
  });
  return bare_array(std::move(out), counts.alerts);
}

Result<Response> list_incidents(Context& context, const Request& request) {
  if (auto page = console_page(context, request)) return *std::move(page);
  TOCSIN_TRY(window, window_of(request, kUsualLimit));
  store::IncidentQuery query;
  query.sort = store::IncidentSort::kNewest;
  query.limit = window.limit;
  query.offset = window.offset;
  TOCSIN_TRY(page, context.store().incidents().list(query));
  TOCSIN_TRY(counts, context.store().counts());
  // One at a time: a thousand incidents with their alerts are too much to hold beside their text.
  std::string out = "[";
  for (auto& incident : page.items) {
    TOCSIN_TRY(facts, load_facts(context.store(), std::move(incident), kNestedAlerts));
    if (out.size() > 1) out += ',';
    JsonWriter json(out);
    write_flat_incident(json, facts, triage::make_incident_view(facts), context.first_response_minutes());
  }
  out += ']';
  return bare_array(std::move(out), counts.incidents);
}

// ---- one incident
// -------------------------------------------------------------------------------------------------

Result<triage::IncidentFacts> facts_of(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  return load_facts(context.store(), std::move(incident), kViewAlerts);
}

Result<Response> get_incident(Context& context, const Request& request) {
  if (auto page = console_page(context, request)) return *std::move(page);
  TOCSIN_TRY(facts, facts_of(context, request));
  std::string out;
  JsonWriter json(out);
  write_flat_incident(json, facts, triage::make_incident_view(facts), context.first_response_minutes());
  return http::json_response(200, std::move(out));
}

Result<Response> patch_incident(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  store::IncidentChange change;
  change.actor = actor();
  change.status = body.choice("status", model::parse_incident_status, "open, triaged, in_progress, closed");
  change.verdict = body.choice("analyst_verdict", triage::parse_s0_verdict,
                               "unknown, true_positive, benign_positive, false_positive");
  change.analyst_notes = body.text("analyst_notes", 20'000);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_CHECK(check_may_decide(request, change));
  TOCSIN_TRY(changed, change_incident(context, incident.id, change));
  return http::json_response(200, R"({"updated":true,"incident_id":")" + incident.id.str() + "\"}");
}

Result<Response> get_playbook(Context& context, const Request& request) {
  TOCSIN_TRY(facts, facts_of(context, request));
  const auto steps = respond::short_steps(respond::playbooks_of(matches_for(context, facts)));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", facts.incident.id.str());
    json.member("steps", [&] {
      json.array([&] {
        for (const auto& step : steps) {
          json.object([&] {
            json.member("action", step.action);
            json.member("risk", step.risk);
            json.member("impact", step.impact);
          });
        }
      });
    });
  });
  return http::json_response(200, std::move(out));
}

Result<Response> simulate(Context& context, const Request& request) {
  TOCSIN_TRY(facts, facts_of(context, request));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("action");
  const auto action = body.text("action", 200, false);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  const auto view = triage::make_incident_view(facts);
  const auto simulation =
      respond::simulate(*action, respond::playbooks_of(matches_for(context, facts)), scene_for(facts, view));
  const auto sentence = respond::sentence_of(simulation);
  model::ActionRecord record;
  record.incident = facts.incident.id;
  record.action = *action;
  record.detail = sentence;
  record.simulated = true;
  if (!simulation.targets.empty()) record.target = simulation.targets.front().value;
  TOCSIN_TRY(logged, log_action(context, std::move(record)));
  TOCSIN_TRY(note, context.store().incidents().add_note(facts.incident.id, actor(),
                                                        "[SIMULATED ACTION] " + *action + ". " + sentence));
  if (facts.incident.status == model::IncidentStatus::kOpen) {
    store::IncidentChange change;
    change.status = model::IncidentStatus::kTriaged;
    change.actor = actor();
    TOCSIN_TRY(changed, change_incident(context, facts.incident.id, change));
  }
  announce_incident(context, facts.incident.id);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("ok", true);
    json.member("incident_id", facts.incident.id.str());
    json.member("simulated_action", *action);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> export_incident(Context& context, const Request& request) {
  TOCSIN_TRY(facts, facts_of(context, request));
  const auto view = triage::make_incident_view(facts);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident",
                [&] { write_flat_incident(json, facts, view, context.first_response_minutes()); });
    json.member("mitre", [&] { write_mitre(json, view.attack); });
    json.member("alerts", [&] { write_flat_alerts(json, facts); });
  });
  auto response = http::json_response(200, std::move(out));
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"incident_" + facts.incident.id.str() + ".json\"");
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/alerts", list_alerts},
    {Method::kGet, "/incidents", list_incidents},
    {Method::kGet, "/incidents/{id}", get_incident},
    {Method::kPatch, "/incidents/{id}", patch_incident},
    {Method::kGet, "/incidents/{id}/playbook", get_playbook},
    {Method::kPost, "/incidents/{id}/simulate_remediate", simulate},
    {Method::kGet, "/incidents/{id}/export", export_incident},
};

}  // namespace

void add_s0_routes(http::Router& router, const ContextsPtr& contexts) {
  router.add_async(Method::kPost, "/alerts", alert_ingest_handler(contexts, {append_flat_alert}));
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
