// Raw events: stored, judged by the rules, answered with the alerts that came of them.

#include "api/body.h"
#include "api/event_intake.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

std::string reply_json(const EventBatch& batch, const std::vector<std::string>& alerts) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("accepted", batch.indexes.size());
    json.member("alerts", alerts);
    json.member("rejected", [&] {
      json.array([&] {
        for (const auto& rejected : batch.rejected) {
          json.object([&] {
            json.member("index", rejected.index);
            json.member("reason", rejected.reason);
            json.member("pointer", rejected.pointer);
            json.member("dead_letter", rejected.dead_letter);
          });
        }
      });
    });
  });
  return out;
}

Result<Response> take_events(Context& context, const Request& request) {
  const auto type = request.content_type();
  if (type != "application/x-ndjson") TOCSIN_CHECK(check_json_type(request));
  auto items = event_items(request.body, type);
  if (!items) return keep_unreadable(context, request, std::move(items).error());
  auto batch = read_events(*items, "", context.services.clock.now());
  TOCSIN_CHECK(keep_rejected(context, *items, batch));
  TOCSIN_TRY(seqs, context.events.store(std::move(batch.events)));
  TOCSIN_TRY(alerts, context.events.alerts_of(seqs));
  return http::json_response(200, reply_json(batch, alerts));
}

constexpr RouteRow kRoutes[] = {{Method::kPost, "/api/v1/events", take_events}};

}  // namespace

void add_event_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
