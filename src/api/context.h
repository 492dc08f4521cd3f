#pragma once
// What every route file shares: the services, the live feed, and the way from a Result to a Response.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/answer_keeper.h"
#include "api/dto/sla_dto.h"
#include "api/errors.h"
#include "api/event_desk.h"
#include "api/live.h"
#include "api/read_back.h"
#include "api/routes.h"
#include "api/services.h"
#include "api/threat_metrics.h"
#include "http/http.h"
#include "query/query.h"

namespace tocsin::api {

// Who acts: until sign-in exists, whoever reaches the loopback port.
inline constexpr std::string_view kLocalAdmin = "local-admin";

struct Context {
  Services& services;
  LiveHub& live;
  Site site;
  EventDesk events;
  ThreatMetrics threats;
  AnswerKeeper answers{services.store};
  ReadBack read_back{};
  std::mutex views_mutex{};  // saved views are read, changed and written as one list

  store::TenantStore& store() const { return services.store; }
  // Who asks, and when.
  query::Scope scope() const { return {services.clock.now(), std::string(kLocalAdmin)}; }
  const FirstResponseMinutes& first_response_minutes() const {
    return services.settings.scoring.first_response_minutes;
  }
};
using ContextPtr = std::shared_ptr<Context>;

using Route = Result<http::Response> (*)(Context&, const http::Request&);

inline Result<http::Response> call(Context& context, Route route, const http::Request& request) {
  TOCSIN_CHECK(check_tenant(request));
  if (request.method == http::Method::kGet || request.method == http::Method::kHead)
    return route(context, request);
  return context.answers.once(request, [&] { return route(context, request); });
}

// An error of the route becomes a problem; a write with an Idempotency-Key is done once.
inline http::Handler handler(const ContextPtr& context, Route route) {
  return [context, route](const http::Request& request) {
    auto response = call(*context, route, request);
    return response ? *std::move(response) : to_problem(response.error(), request.trace_id);
  };
}

struct RouteRow {
  http::Method method;
  std::string_view pattern;
  Route route;
};
template <std::size_t N>
void add_routes(http::Router& router, const ContextPtr& context, const RouteRow (&rows)[N]) {
  for (const auto& row : rows) router.add(row.method, row.pattern, handler(context, row.route));
}

// One call for each file of routes/.
void add_alert_routes(http::Router& router, const ContextPtr& context);
void add_ingest_routes(http::Router& router, const ContextPtr& context);
void add_mapping_routes(http::Router& router, const ContextPtr& context);
void add_upload_routes(http::Router& router, const ContextPtr& context);
void add_event_routes(http::Router& router, const ContextPtr& context);
void add_incident_routes(http::Router& router, const ContextPtr& context);
void add_incident_bulk_routes(http::Router& router, const ContextPtr& context);
void add_incident_view_routes(http::Router& router, const ContextPtr& context);
void add_incident_story_routes(http::Router& router, const ContextPtr& context);
void add_playbook_routes(http::Router& router, const ContextPtr& context);
void add_incident_query_routes(http::Router& router, const ContextPtr& context);
void add_checklist_routes(http::Router& router, const ContextPtr& context);
void add_note_routes(http::Router& router, const ContextPtr& context);
void add_alert_export_routes(http::Router& router, const ContextPtr& context);
void add_intel_routes(http::Router& router, const ContextPtr& context);
void add_inventory_routes(http::Router& router, const ContextPtr& context);
void add_enrichment_routes(http::Router& router, const ContextPtr& context);
void add_sharing_routes(http::Router& router, const ContextPtr& context);
void add_feedback_routes(http::Router& router, const ContextPtr& context);
void add_operation_routes(http::Router& router, const ContextPtr& context);
void add_source_routes(http::Router& router, const ContextPtr& context);
void add_dead_letter_routes(http::Router& router, const ContextPtr& context);
void add_job_routes(http::Router& router, const ContextPtr& context);
void add_query_routes(http::Router& router, const ContextPtr& context);
void add_view_routes(http::Router& router, const ContextPtr& context);
void add_page_routes(http::Router& router, const ContextPtr& context);
void add_reference_routes(http::Router& router, const ContextPtr& context);

}  // namespace tocsin::api
