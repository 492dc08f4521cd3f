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
#include "api/desk_report.h"
#include "api/dto/sla_dto.h"
#include "api/errors.h"
#include "api/event_desk.h"
#include "api/live.h"
#include "api/read_back.h"
#include "api/routes.h"
#include "api/scoped_services.h"
#include "api/services.h"
#include "api/threat_metrics.h"
#include "api/webhook_desk.h"
#include "http/http.h"
#include "query/query.h"
#include "store/acting.h"

namespace tocsin::api {

struct Context {
  Context(Services& all, LiveHub& hub, Site site, store::TenantId tenant);
  // Of a caller with a scope. `all` outlives it.
  Context(Context& all, std::unique_ptr<ScopedServices> part, store::TenantId tenant);

  const std::unique_ptr<ScopedServices> scoped;  // null: everything is shown
  Services& services;
  Services& whole;  // for what is told to others: it must not depend on what this caller sees
  LiveHub& live;
  LiveHub::ViewPtr view{};  // of its WebSockets; null: everything
  Site site;
  ThreatMetrics threats;
  DeskMetrics desk{services.store, services.clock};
  WebhookDesk webhooks;
  AnswerKeeper answers{services.store};
  ReadBack read_back{};
  // Saved views are read, changed and written as one list: one for the tenant.
  const std::shared_ptr<std::mutex> views_mutex;

  store::TenantStore& store() const { return services.store; }
  // kForbidden to a caller with a scope.
  Result<EventDesk*> events() const;
  // Who asks, and when.
  query::Scope scope() const { return {services.clock.now(), actor()}; }
  const FirstResponseMinutes& first_response_minutes() const {
    return services.settings.scoring.first_response_minutes;
  }
};

using Route = Result<http::Response> (*)(Context&, const http::Request&);

// Runs the route in the context of the caller and in their name.
Result<http::Response> call(Contexts& contexts, Route route, const http::Request& request);

// An error of the route becomes a problem; a write with an Idempotency-Key is done once.
inline http::Handler handler(const ContextsPtr& contexts, Route route) {
  return [contexts, route](const http::Request& request) {
    auto response = call(*contexts, route, request);
    return response ? *std::move(response) : to_problem(response.error(), request.trace_id);
  };
}

// For answers that come later. Runs on an I/O thread: must not block. What is handed in and one's own account
// come this way, which no scope divides: the context is the whole tenant's.
using AsyncRoute = std::function<void(Context&, http::Request, const http::Responder&)>;

http::AsyncHandler async_handler(const ContextsPtr& contexts, AsyncRoute route);

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
void add_rule_routes(http::Router& router, const ContextsPtr& contexts);
void add_rule_state_routes(http::Router& router, const ContextsPtr& contexts);
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
void add_measure_routes(http::Router& router, const ContextsPtr& contexts);
void add_noise_routes(http::Router& router, const ContextsPtr& contexts);
void add_operation_routes(http::Router& router, const ContextsPtr& contexts);
void add_source_routes(http::Router& router, const ContextsPtr& contexts);
void add_source_trust_routes(http::Router& router, const ContextsPtr& contexts);
void add_dead_letter_routes(http::Router& router, const ContextsPtr& contexts);
void add_job_routes(http::Router& router, const ContextsPtr& contexts);
void add_audit_routes(http::Router& router, const ContextsPtr& contexts);
void add_query_routes(http::Router& router, const ContextsPtr& contexts);
void add_view_routes(http::Router& router, const ContextsPtr& contexts);
// How a live feed shows alerts to those who see what this context sees. Does not hold it.
LiveHub::Rendering rendering_of(const ContextPtr& context);

void add_session_routes(http::Router& router, const ContextsPtr& contexts);
void add_oidc_routes(http::Router& router, const ContextsPtr& contexts);
void add_access_routes(http::Router& router, const ContextsPtr& contexts);
void add_key_routes(http::Router& router, const ContextsPtr& contexts);
void add_page_routes(http::Router& router, const ContextsPtr& contexts);
void add_reference_routes(http::Router& router, const ContextsPtr& contexts);

}  // namespace tocsin::api
