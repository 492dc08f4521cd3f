// What was promised about incidents, how they stand against it, and clocks that stand still for a reason.

#include "api/routes/sla.h"

#include "api/body.h"
#include "api/case_data/case_data.h"
#include "api/changes.h"
#include "api/errors.h"
#include "api/incident_access.h"
#include "api/query_text.h"
#include "api/sla/sla_clocks.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxReason = 500;
constexpr std::size_t kMostListed = 500;

Response policy_response(const SlaPolicy& policy) {
  std::string out;
  append_sla_policy(out, policy);
  auto response = http::json_response(200, std::move(out));
  set_etag(response, policy.version);
  return response;
}

Result<Response> get_policy(Context& context, const Request&) {
  TOCSIN_TRY(policy, read_sla_policy(context.store(), context.first_response_minutes()));
  return policy_response(policy);
}

Result<Response> put_policy(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  auto next = read_sla_body(body, context.first_response_minutes());
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  next.set_by = actor();
  next.set_at = context.services.clock.now();
  const auto wanted = if_match(request);
  const auto done = edit_case_data(context.store(), [&]() -> Result<void> {
    TOCSIN_TRY(stored, read_sla_policy(context.store(), context.first_response_minutes()));
    if (wanted && *wanted != stored.version) {
      return error(ErrorKind::kConflict, "set the SLA policy",
                   "version " + std::to_string(stored.version) + " was set meanwhile, by " + stored.set_by,
                   "read it again and repeat the change");
    }
    next.version = stored.version + 1;
    return save_sla_policy(context.store(), next);
  });
  if (!done) return to_change_problem(done.error(), wanted.has_value(), request.trace_id);
  return policy_response(next);
}

struct Standing {
  SlaPolicy policy;
  IncidentClocks clocks;
};

Result<Standing> standing_of(Context& context, const model::Incident& incident) {
  TOCSIN_TRY(policy, read_sla_policy(context.store(), context.first_response_minutes()));
  TOCSIN_TRY(actions, context.store().incidents().actions(incident.id, kSlaActions));
  auto clocks = read_clocks(policy, incident, actions, context.services.clock.now());
  return Standing{std::move(policy), std::move(clocks)};
}

Response clocks_response(const Standing& standing, const model::Incident& incident) {
  std::string out;
  JsonWriter json(out);
  json.object([&] { write_clocks(json, standing.policy, incident, standing.clocks); });
  return http::json_response(200, std::move(out));
}

Result<Response> get_clocks(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(standing, standing_of(context, incident));
  return clocks_response(standing, incident);
}

Result<Response> set_paused(Context& context, const Request& request, bool is_pause) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  if (is_pause) body.require("reason");
  const auto reason = body.text("reason", kMaxReason, !is_pause).value_or("");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(before, standing_of(context, incident));
  if (incident.status == model::IncidentStatus::kClosed)
    return error(ErrorKind::kConflict, "pause an incident's clocks", "it is closed, its clocks have ended",
                 "reopen it first");
  if (before.clocks.is_paused() == is_pause)
    return error(ErrorKind::kConflict,
                 is_pause ? "pause an incident's clocks" : "resume an incident's clocks",
                 is_pause ? "they stand already" : "they are running");
  model::ActionRecord record;
  record.incident = incident.id;
  record.action = is_pause ? kSlaPaused : kSlaResumed;
  record.detail = reason;
  TOCSIN_TRY(logged, log_action(context, std::move(record)));
  static_cast<void>(logged);
  TOCSIN_TRY(after, standing_of(context, incident));
  return clocks_response(after, incident);
}

Result<Response> pause(Context& context, const Request& request) {
  return set_paused(context, request, true);
}

Result<Response> resume(Context& context, const Request& request) {
  return set_paused(context, request, false);
}

Result<Response> list_at_risk(Context& context, const Request& request) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, kMostListed, 50));
  TOCSIN_TRY(policy, read_sla_policy(context.store(), context.first_response_minutes()));
  TOCSIN_TRY(found, find_at_risk(context.store(), policy, context.services.clock.now()));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& one : std::span(found.incidents).first(std::min(limit, found.incidents.size()))) {
          json.object([&] {
            json.member("id", one.incident.id.str());
            json.member("title", one.incident.title);
            json.member("status", to_text(one.incident.status));
            json.member("assignee", one.incident.assignee);
            json.member("breached", one.clocks.is_breached());
            write_clocks(json, policy, one.incident, one.clocks);
          });
        }
      });
    });
    json.member("total", found.incidents.size());
    json.member("all_looked_at", found.is_all);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/settings/sla", get_policy},
    {Method::kPut, "/api/v1/settings/sla", put_policy},
    {Method::kGet, "/api/v1/incidents/{id}/sla", get_clocks},
    {Method::kPost, "/api/v1/incidents/{id}/sla/pause", pause},
    {Method::kPost, "/api/v1/incidents/{id}/sla/resume", resume},
    {Method::kGet, "/api/v1/sla/at-risk", list_at_risk},
};

}  // namespace

void add_sla_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
