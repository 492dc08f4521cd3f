// One change to many incidents.

#include "api/bulk.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/incident_access.h"
#include "api/query_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using BulkResult = store::AlertStore::BulkResult;

// Fewer than of alerts: each is a transaction of its own, with its lines in the action log.
constexpr BulkRules kBulk{1000, "incidents"};

bool changes_anything(const store::IncidentChange& change) {
  return change.status || change.verdict || change.assignee || change.close_reason || change.analyst_notes ||
         change.priority || change.tlp;
}

Result<std::vector<std::string>> matching_ids(Context& context, const std::string& q) {
  TOCSIN_TRY(filter, incident_filter(q, context.scope()));
  if (filter.matches_nothing) return std::vector<std::string>{};
  filter.query.sort = store::IncidentSort::kNewest;  // an order in which no query is too costly
  return ids_of(std::move(filter.query), kBulk,
                [&](const store::IncidentQuery& query) { return context.store().incidents().list(query); });
}

Result<void> change_one(Context& context, const std::string& id, const store::IncidentChange& change) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), id));
  TOCSIN_CHECK(change_incident(context, incident.id, change));
  return {};
}

BulkResult change_each(Context& context, const std::vector<std::string>& ids,
                       const store::IncidentChange& change) {
  BulkResult result;
  for (const auto& id : ids) {
    const auto changed = change_one(context, id, change);
    if (changed) ++result.changed;
    if (!changed) result.failed.emplace_back(id, changed.error().message);
  }
  return result;
}

Result<Response> change_incidents(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  BulkRequest<store::IncidentChange> bulk;
  const auto read = [](Body& from) { return read_incident_change(from, actor()); };
  if (auto problem = read_bulk(body, bulk, kBulk, read, changes_anything, request.trace_id))
    return *std::move(problem);
  if (!bulk.ids) {
    TOCSIN_TRY(found, matching_ids(context, *bulk.q));
    bulk.ids = std::move(found);
  }
  BulkResult result;
  if (!bulk.dry_run) result = change_each(context, *bulk.ids, bulk.change);
  return http::json_response(200, bulk_json(bulk.ids->size(), result, bulk.dry_run));
}

constexpr RouteRow kRoutes[] = {{Method::kPost, "/api/v1/incidents/bulk", change_incidents}};

}  // namespace

void add_incident_bulk_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
