#include "api/context.h"

namespace tocsin::api {

Context::Context(Services& all, LiveHub& hub, Site its_site, store::TenantId tenant)
    : services(all),
      whole(all),
      live(hub),
      site(std::move(its_site)),
      threats(all.store),
      webhooks(all, site.access, tenant),
      views_mutex(std::make_shared<std::mutex>()) {}

Context::Context(Context& all, std::unique_ptr<ScopedServices> part, store::TenantId tenant)
    : scoped(std::move(part)),
      services(scoped->services()),
      whole(all.services),
      live(all.live),
      site(all.site),
      threats(services.store, {.is_kept = false}),
      webhooks(services, site.access, tenant),
      views_mutex(all.views_mutex) {}

Result<EventDesk*> Context::events() const {
  if (services.settings.events != nullptr) return services.settings.events;
  return error(ErrorKind::kForbidden, "use raw events",
               "this concerns the whole tenant, and you work in a part of it",
               "Ask somebody whose role has no scope.");
}

Result<http::Response> call(Contexts& contexts, Route route, const http::Request& request) {
  TOCSIN_TRY(found, contexts.of(request));
  auto& context = *found;
  const store::Acting acting(origin_of(request));
  if (request.method == http::Method::kGet || request.method == http::Method::kHead) {
    TOCSIN_TRY(response, route(context, request));
    if (response.next_piece)  // the pieces to come are read from its store
      response.next_piece = [found, next = std::move(response.next_piece)] { return next(); };
    return response;
  }
  return context.answers.once(request, [&] { return route(context, request); });
}

namespace {

void run(Contexts& contexts, const AsyncRoute& route, http::Request request, const http::Responder& respond) {
  const auto context = contexts.whole_of(request);
  if (!context) return respond(to_problem(context.error(), request.trace_id));
  const store::Acting acting(origin_of(request));
  route(**context, std::move(request), respond);
}

}  // namespace

http::AsyncHandler async_handler(const ContextsPtr& contexts, AsyncRoute asked) {
  const auto route = std::make_shared<const AsyncRoute>(std::move(asked));
  return [contexts, route](http::Request request, const http::Responder& respond) {
    if (contexts->is_open(request)) return run(*contexts, *route, std::move(request), respond);
    const auto held = std::make_shared<http::Request>(std::move(request));
    const auto later = [contexts = contexts.get(), route, held, respond] {
      run(*contexts, *route, std::move(*held), respond);
    };
    if (contexts->try_run_soon(later)) return;
    respond(
        to_problem(error(ErrorKind::kBusy, "open the tenant", "many tenants are being opened", "Try again"),
                   held->trace_id));
  };
}

}  // namespace tocsin::api
