#pragma once
// What every route file shares: the services, the live feed, and the way from a Result to a Response.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/answer_keeper.h"
#include "api/caller.h"
#include "api/contexts.h"
#include "api/dto/sla_dto.h"
#include "api/errors.h"
#include "api/event_desk.h"
#include "api/live.h"
#include "api/read_back.h"
#include "api/routes.h"
#include "api/services.h"
#include "api/threat_metrics.h"
#include "api/webhook_desk.h"
#include "http/http.h"
#include "query/query.h"
#include "store/acting.h"

namespace tocsin::api {

struct Context {
  Services& services;
  LiveHub& live;
  Site site;
  EventDesk events;
  ThreatMetrics threats;
  WebhookDesk webhooks;
  AnswerKeeper answers{services.store};
  ReadBack read_back{};
  std::mutex views_mutex{};  // saved views are read, changed and written as one list

  store::TenantStore& store() const { return services.store; }
  // Who asks, and when.
  query::Scope scope() const { return {services.clock.now(), actor()}; }
  const FirstResponseMinutes& first_response_minutes() const {
    return services.settings.scoring.first_response_minutes;
  }
};

using Route = Result<http::Response> (*)(Context&, const http::Request&);

inline Result<http::Response> call(Contexts& contexts, Route route, const http::Request& request) {
  TOCSIN_TRY(found, contexts.of(request));
  auto& context = *found;
  const store::Acting acting(origin_of(request));
  if (request.method == http::Method::kGet || request.method == http::Method::kHead)
    return route(context, request);
  return context.answers.once(request, [&] { return route(context, request); });
}

// An error of the route becomes a problem; a write with an Idempotency-Key is done once.
inline http::Handler handler(const ContextsPtr& contexts, Route route) {
  return [contexts, route](const http::Request& request) {
    auto response = call(*contexts, route, request);
    return response ? *std::move(response) : to_problem(response.error(), request.trace_id);
  };
}

// For answers that come later. Runs on an I/O thread: must not block.
using AsyncRoute = std::function<void(Context&, http::Request, const http::Responder&)>;

inline http::AsyncHandler async_handler(const ContextsPtr& contexts, AsyncRoute route) {
  return [contexts, route = std::move(route)](http::Request request, const http::Responder& respond) {
    const auto context = contexts->of(request);
    if (!context) return respond(to_problem(context.error(), request.trace_id));
    const store::Acting acting(origin_of(request));
    route(**context, std::move(request), respond);
  };
}

struct RouteRow {
  http::Method method;
  std::string_view pattern;
  Route route;
};
template <std::size_t N>
void add_routes(http::Router& router, const ContextsPtr& contexts, const RouteRow (&rows)[N]) {
  for (const auto& row : rows) router.add(row.method, row.pattern, handler(contexts, row.route));
}

// One call for each file of routes/.
void add_alert_routes(http::Router& router, const ContextsPtr& contexts);
void add_ingest_routes(http::Router& router, const ContextsPtr& contexts);
void add_webhook_routes(http::Router& router, const ContextsPtr& contexts);
void add_mapping_routes(http::Router& router, const ContextsPtr& contexts);
void add_upload_routes(http::Router& router, const ContextsPtr& contexts);
void add_event_routes(http::Router& router, const ContextsPtr& contexts);
void add_incident_routes(http::Router& router, const ContextsPtr& contexts);
void add_incident_bulk_routes(http::Router& router, const ContextsPtr& contexts);
void add_incident_view_routes(http::Router& router, const ContextsPtr& contexts);
void add_incident_story_routes(http::Router& router, const ContextsPtr& contexts);
void add_playbook_routes(http::Router& router, const ContextsPtr& contexts);
void add_incident_query_routes(http::Router& router, const ContextsPtr& contexts);
void add_checklist_routes(http::Router& router, const ContextsPtr& contexts);
void add_note_routes(http::Router& router, const ContextsPtr& contexts);
void add_alert_export_routes(http::Router& router, const ContextsPtr& contexts);
void add_intel_routes(http::Router& router, const ContextsPtr& contexts);
void add_inventory_routes(http::Router& router, const ContextsPtr& contexts);
void add_enrichment_routes(http::Router& router, const ContextsPtr& contexts);
void add_retention_routes(http::Router& router, const ContextsPtr& contexts);
void add_sharing_routes(http::Router& router, const ContextsPtr& contexts);
void add_feedback_routes(http::Router& router, const ContextsPtr& contexts);
void add_operation_routes(http::Router& router, const ContextsPtr& contexts);
void add_source_routes(http::Router& router, const ContextsPtr& contexts);
void add_source_trust_routes(http::Router& router, const ContextsPtr& contexts);
void add_dead_letter_routes(http::Router& router, const ContextsPtr& contexts);
void add_job_routes(http::Router& router, const ContextsPtr& contexts);
void add_audit_routes(http::Router& router, const ContextsPtr& contexts);
void add_query_routes(http::Router& router, const ContextsPtr& contexts);
void add_view_routes(http::Router& router, const ContextsPtr& contexts);
// What the hub of this context shows of alerts. Before the hub starts.
void render_live_feed(const std::shared_ptr<Context>& context);

void add_session_routes(http::Router& router, const ContextsPtr& contexts);
void add_oidc_routes(http::Router& router, const ContextsPtr& contexts);
void add_access_routes(http::Router& router, const ContextsPtr& contexts);
void add_page_routes(http::Router& router, const ContextsPtr& contexts);
void add_reference_routes(http::Router& router, const ContextsPtr& contexts);

}  // namespace tocsin::api
