#include "api/contexts.h"

#include <algorithm>

#include "api/caller.h"
#include "api/context.h"
#include "api/scoped_services.h"

namespace tocsin::api {
namespace {

Result<void> check_tenant(const http::Request& request) {
  const auto wanted = request.header("X-Tocsin-Tenant");
  if (wanted.empty() || wanted == caller_of(request).tenant_name) return {};
  return not_found("tenant", wanted);
}

// Clients read their lists when they come: what is there by now is no news.
model::Seq last_seq_of(Context& whole) {
  const auto last = whole.services.store.alerts().last_seq();
  return last ? *last : 0;
}

}  // namespace

Contexts::Contexts(DeskFinder find_desk, Site site)
    : find_desk_(std::move(find_desk)), site_(std::move(site)) {}

Contexts::~Contexts() = default;

Result<ContextPtr> Contexts::of(const http::Request& request) {
  TOCSIN_CHECK(check_tenant(request));
  const auto& caller = caller_of(request);
  TOCSIN_TRY(whole, find({caller.tenant}));
  if (caller.scope.is_everything()) return whole;
  const std::lock_guard lock(mutex_);
  return scoped(*whole, {{caller.tenant}, caller.scope});
}

Result<Context*> Contexts::whole_of(const http::Request& request) {
  TOCSIN_CHECK(check_tenant(request));
  return of_tenant({caller_of(request).tenant});
}

Result<Context*> Contexts::of_tenant(store::TenantId tenant) {
  TOCSIN_TRY(found, find(tenant));
  return found.get();
}

bool Contexts::is_open(const http::Request& request) const {
  const std::lock_guard lock(mutex_);
  return contexts_.contains({caller_of(request).tenant});
}

// A desk is opened with reads of the store, which others do not wait for.
Result<ContextPtr> Contexts::find(store::TenantId tenant) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = contexts_.find(tenant); known != contexts_.end()) return known->second;
  }
  TOCSIN_TRY(desk, find_desk_(tenant));
  auto made = std::make_shared<Context>(*desk.services, *desk.live, site_, tenant);
  const std::lock_guard lock(mutex_);
  const auto [at, is_new] = contexts_.emplace(tenant, std::move(made));
  if (is_new) desk.live->render_with(rendering_of(at->second));
  return at->second;
}

// One that was not asked for the longest time makes room; who still works in it holds it.
ContextPtr Contexts::scoped(Context& whole, const Part& part) {
  if (const auto known = scoped_.find(part); known != scoped_.end()) {
    known->second.used = ++uses_;
    return known->second.context;
  }
  if (scoped_.size() >= kMaxScoped) {
    scoped_.erase(std::min_element(scoped_.begin(), scoped_.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  auto made = std::make_shared<Context>(whole, std::make_unique<ScopedServices>(whole.services, part.second),
                                        part.first);
  made->view = std::make_shared<LiveHub::View>(
      LiveHub::View{made->scoped->store(), rendering_of(made), last_seq_of(whole)});
  scoped_.emplace(part, Scoped{made, ++uses_});
  return made;
}

}  // namespace tocsin::api
