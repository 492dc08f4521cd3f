// Alerts: list, read, change.

#include "api/body.h"
#include "api/bulk.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/query_text.h"
#include "api/reasons.h"
#include "model/alert_json.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr BulkRules kBulk{10'000, "alerts"};

void write_item(JsonWriter& json, const model::Alert& alert) {
  json.written_by([&](std::string& out) { append_alert_json(out, alert, false); });
}

Result<Response> list_alerts(Context& context, const Request& request) {
  const auto scope = context.scope();
  TOCSIN_TRY(filter, alert_filter(request, scope));
  store::Page<model::Alert> page;
  if (!filter.matches_nothing) {
    TOCSIN_TRY(found, context.store().alerts().list(filter.query, true));
    page = std::move(found);
  }
  return http::json_response(200, page_json(page, write_item, scope.now));
}

Response alert_response(const model::Alert& alert, std::int64_t version) {
  std::string body;
  append_alert_json(body, alert, true);
  auto response = http::json_response(200, std::move(body));
  set_etag(response, version);
  return response;
}

Result<Response> get_alert(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  auto& alerts = context.store().alerts();
  // The version first: if somebody changes it in between, the ETag is too old and a later change is refused.
  TOCSIN_TRY(version, alerts.version(id));
  TOCSIN_TRY(alert, alerts.find(id));
  if (!alert) return not_found("alert", id);
  ReasonWriter(context.services).add(*alert);
  return alert_response(*alert, version);
}

Result<Response> change_alert(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  TOCSIN_TRY(body, Body::parse(request));
  auto change = read_alert_change(body, actor());
  change.review_from = context.services.settings.scoring.high_priority_threshold;
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_CHECK(check_may_decide(request, change));
  auto& alerts = context.store().alerts();
  const auto wanted = if_match(request);
  const auto changed = alerts.update(id, change, wanted);
  if (!changed) return to_change_problem(changed.error(), wanted.has_value(), request.trace_id);
  context.services.pipeline.rules_changed();
  context.live.alert_changed(*changed);
  TOCSIN_TRY(version, alerts.version(id));
  return alert_response(*changed, version);
}

void write_occurrence(JsonWriter& json, const store::Occurrence& occurrence) {
  json.object([&] {
    json.member("occurred_at", occurrence.occurred_at);
    json.member("received_at", occurrence.received_at);
    json.key("raw");
    json.raw(occurrence.raw.empty() ? "null" : occurrence.raw);
  });
}

Result<Response> list_occurrences(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  TOCSIN_TRY(alert, context.store().alerts().find(id));
  if (!alert) return not_found("alert", id);
  TOCSIN_TRY(occurrences, context.store().alerts().occurrences(alert->id.str()));
  return http::json_response(200,
                             whole_list_json(std::move(occurrences), alert->occurrences, write_occurrence));
}

// ---- bulk
// ---------------------------------------------------------------------------------------------------------

bool changes_anything(const store::AlertChange& change) {
  return change.status || change.verdict || change.assignee || change.close_reason || change.priority ||
         change.tags;
}

Result<std::vector<std::string>> matching_ids(Context& context, const std::string& q) {
  TOCSIN_TRY(filter, alert_filter(q, context.scope()));
  if (filter.matches_nothing) return std::vector<std::string>{};
  return ids_of(std::move(filter.query), kBulk,
                [&](const store::AlertQuery& query) { return context.store().alerts().list(query); });
}

Result<Response> change_alerts(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  BulkRequest<store::AlertChange> bulk;
  const auto read = [](Body& from) { return read_alert_change(from, actor()); };
  if (auto problem = read_bulk(body, bulk, kBulk, read, changes_anything, request.trace_id))
    return *std::move(problem);
  bulk.change.review_from = context.services.settings.scoring.high_priority_threshold;
  if (!bulk.ids) {
    TOCSIN_TRY(found, matching_ids(context, *bulk.q));
    bulk.ids = std::move(found);
  }
  store::AlertStore::BulkResult result;
  if (!bulk.dry_run && !bulk.ids->empty()) {
    TOCSIN_TRY(changed, context.store().alerts().update_many(*bulk.ids, bulk.change));
    result = std::move(changed);
    context.services.pipeline.rules_changed();
    context.live.many_changed();
  }
  return http::json_response(200, bulk_json(bulk.ids->size(), result, bulk.dry_run));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/alerts", list_alerts},
    {Method::kPost, "/api/v1/alerts/bulk", change_alerts},
    {Method::kGet, "/api/v1/alerts/{id}", get_alert},
    {Method::kPatch, "/api/v1/alerts/{id}", change_alert},
    {Method::kGet, "/api/v1/alerts/{id}/occurrences", list_occurrences},
};

}  // namespace

void add_alert_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
