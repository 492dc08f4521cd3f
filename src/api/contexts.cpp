#include "api/contexts.h"

#include "api/caller.h"
#include "api/context.h"

namespace tocsin::api {

Contexts::Contexts(DeskFinder find_desk, Site site)
    : find_desk_(std::move(find_desk)), site_(std::move(site)) {}

Contexts::~Contexts() = default;

Result<Context*> Contexts::of(const http::Request& request) {
  const auto& caller = caller_of(request);
  const auto wanted = request.header("X-Tocsin-Tenant");
  if (!wanted.empty() && wanted != caller.tenant_name) return not_found("tenant", wanted);
  return of_tenant({caller.tenant});
}

Result<Context*> Contexts::of_tenant(store::TenantId tenant) {
  const std::lock_guard lock(mutex_);
  if (const auto known = contexts_.find(tenant); known != contexts_.end()) return known->second.get();
  TOCSIN_TRY(desk, find_desk_(tenant));
  auto made = std::shared_ptr<Context>(
      new Context{*desk.services, *desk.live, site_, EventDesk(*desk.services),
                  ThreatMetrics(desk.services->store), WebhookDesk(*desk.services, site_.access, tenant)});
  render_live_feed(made);
  return contexts_.emplace(tenant, std::move(made)).first->second.get();
}

}  // namespace tocsin::api
