// The checklist of an incident: checks evaluated from what is stored, and steps that a person ticks.

#include "api/body.h"
#include "api/incident_checklist.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxNote = 2000;

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
  TOCSIN_TRY(list, load_checklist(context, loaded));
  const auto& checks = list.checks;
  const auto& ticks = list.ticks;
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
  const Tick tick{*done, actor(), to_rfc3339(context.services.clock.now()), note.value_or("")};
  TOCSIN_CHECK(save_tick(context.store(), incident.id, step->id, tick));
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

void add_checklist_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
