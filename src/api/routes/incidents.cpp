// Incidents: list, change, join, divide, and the log of what people did.

#include "api/body.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/incident_dto.h"
#include "api/dto/page_dto.h"
#include "api/incident_access.h"
#include "api/incident_list.h"
#include "api/query_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxMerged = 100;
constexpr std::size_t kMaxMoved = 1000;  // alerts of one split or opening
constexpr std::size_t kMaxIdBytes = 500;
constexpr std::size_t kActionsShown = 200;

Response summary_response(const Context& context, int status, const model::Incident& incident) {
  std::string body;
  append_incident_summary(body, incident, context.first_response_minutes());
  auto response = http::json_response(status, std::move(body));
  set_etag(response, incident.version);
  return response;
}

Result<Response> list_incidents(Context& context, const Request& request) {
  const auto scope = context.scope();
  TOCSIN_TRY(filter, incident_filter(request, scope));
  store::Page<model::Incident> page;
  if (!filter.matches_nothing) {
    TOCSIN_TRY(found, context.store().incidents().list(filter.query));
    page = std::move(found);
  }
  TOCSIN_TRY(listed, with_leads(context.store(), std::move(page)));
  const auto write_item = [&](JsonWriter& json, const ListedIncident& item) {
    write_listed(json, item, context.first_response_minutes());
  };
  return http::json_response(200, page_json(listed, write_item, scope.now));
}

Result<Response> patch_incident(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  const auto change = read_incident_change(body, actor());
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_CHECK(check_may_decide(request, change));
  const auto wanted = if_match(request);
  const auto changed = change_incident(context, incident.id, change, wanted);
  if (!changed) return to_change_problem(changed.error(), wanted.has_value(), request.trace_id);
  return summary_response(context, 200, *changed);
}

// ---- joining and dividing
// -----------------------------------------------------------------------------------------

std::string report_json(const Correlation::Report& report) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("run_id", report.run_id);
    json.member("incidents_created", report.incidents_created);
    json.member("incidents_changed", report.incidents_changed);
    json.member("clusters", report.clusters);
    json.member("alerts_correlated", report.alerts_correlated);
    json.member("kept_decisions", report.kept_decisions);
    json.member("seconds", report.seconds);
    json.member("dry_run", report.dry_run);
    if (!report.dry_run) return;
    json.member("differences", [&] {
      json.array([&] {
        for (const auto& difference : report.differences) {
          json.object([&] {
            json.member("incident", difference.incident);
            json.member("change", difference.change);
          });
        }
      });
    });
  });
  return out;
}

Result<Response> rebuild(Context& context, const Request& request) {
  TOCSIN_TRY(dry_run, flag_parameter(request, "dry_run", false));
  if (!request.body.empty()) {  // none is needed; what would not be heeded is refused
    TOCSIN_TRY(body, Body::parse(request));
    if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  }
  TOCSIN_TRY(report, context.services.correlation.rebuild(dry_run));
  if (!dry_run) context.live.many_changed();
  return http::json_response(200, report_json(report));
}

Response changed_response(Context& context, int status, const model::Incident& incident) {
  context.live.incident_changed(incident);
  context.live.many_changed();  // the alerts that moved, the incidents that ended
  return summary_response(context, status, incident);
}

// {"alert_ids":[…]}, and nothing else.
std::optional<Response> read_alert_ids(Body& body, std::vector<std::string>& ids, std::string_view trace_id) {
  body.require("alert_ids");
  const auto given = body.texts("alert_ids", kMaxMoved, kMaxIdBytes);
  if (given && given->empty()) body.fail("alert_ids", "must name at least one alert");
  if (given) ids = *given;
  return body.problem(trace_id);
}

Result<Response> open_incident(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  std::vector<std::string> ids;
  if (auto problem = read_alert_ids(body, ids, request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(incident, context.services.correlation.open(ids, actor()));
  return changed_response(context, 201, incident);
}

Result<Response> split_incident(Context& context, const Request& request) {
  TOCSIN_TRY(from, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  std::vector<std::string> ids;
  if (auto problem = read_alert_ids(body, ids, request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(incident, context.services.correlation.split(from.id, ids, actor()));
  return changed_response(context, 201, incident);
}

Result<Response> merge_incidents(Context& context, const Request& request) {
  TOCSIN_TRY(into, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("incident_ids");
  std::vector<IncidentId> others;
  for (const auto& text :
       body.texts("incident_ids", kMaxMerged, kMaxIdBytes).value_or(std::vector<std::string>{})) {
    const auto id = IncidentId::parse(text);
    if (id) others.push_back(*id);
    if (!id)
      body.fail("incident_ids", "must hold incident ids", "they look like IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC");
  }
  if (others.empty()) body.fail("incident_ids", "must name at least one incident");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(incident, context.services.correlation.merge(into.id, others, actor()));
  return changed_response(context, 200, incident);
}

// ---- actions
// --------------------------------------------------------------------------------------------

Result<Response> list_actions(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(actions, context.store().incidents().actions(incident.id, kActionsShown));
  const auto total = static_cast<std::int64_t>(actions.size());
  return http::json_response(200, whole_list_json(std::move(actions), total, write_action));
}

Result<Response> record_action(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("action");
  model::ActionRecord record;
  record.action = body.text("action", 200, false).value_or("");
  record.target = body.text("target", 500).value_or("");
  record.detail = body.text("detail", 2000).value_or("");
  record.simulated = body.boolean("simulated").value_or(false);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  record.incident = incident.id;
  TOCSIN_TRY(stored, log_action(context, std::move(record)));
  std::string out;
  JsonWriter json(out);
  write_action(json, stored);
  return http::json_response(201, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/incidents", list_incidents},
    {Method::kPost, "/api/v1/incidents", open_incident},
    {Method::kPost, "/api/v1/incidents/rebuild", rebuild},
    {Method::kPost, "/incidents/rebuild", rebuild},
    {Method::kPatch, "/api/v1/incidents/{id}", patch_incident},
    {Method::kPost, "/api/v1/incidents/{id}/merge", merge_incidents},
    {Method::kPost, "/api/v1/incidents/{id}/split", split_incident},
    {Method::kGet, "/api/v1/incidents/{id}/actions", list_actions},
    {Method::kPost, "/api/v1/incidents/{id}/actions", record_action},
};

}  // namespace

void add_incident_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
