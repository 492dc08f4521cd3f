// Raw events in, findings out.

#include "api/body.h"
#include "api/event_intake.h"
#include "api/query_text.h"
#include "api/routes/reference.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

// All or nothing: one event that cannot be read refuses the delivery, with a pointer to each.
// The whole of it is kept as a dead letter then.
Result<std::vector<EventItem>> items_of(const Request& request) {
  TOCSIN_TRY(items, event_items(request.body, request.content_type()));
  if (has_event_list(request.body)) return items;
  return error(ErrorKind::kInvalidInput, "ingest events",
               "\"events\" must be an array of at most 10,000 events",
               R"(send {"events":[{"source":"aws","event_type":"ConsoleLogin","message":"…"}]})", "/events");
}

Result<Response> ingest(Context& context, const Request& request) {
  TOCSIN_CHECK(check_json_type(request));
  TOCSIN_TRY(desk, context.events());
  auto items = items_of(request);
  if (!items) return keep_unreadable(context, request, std::move(items).error());
  auto batch = read_events(*items, "/events", EventForm::kMessage, context.services.clock.now());
  if (!batch.rejected.empty()) {
    const auto& first = batch.rejected.front();
    (void)keep_unreadable(context, request,
                          error(ErrorKind::kInvalidInput, "read event", first.reason, {}, first.pointer));
    http::Problem problem{422, "Invalid content", batch.rejected.front().reason, "nothing was stored", {}};
    for (const auto& rejected : batch.rejected)
      problem.errors.emplace_back(rejected.pointer, rejected.reason);
    return http::problem_response(problem, request.trace_id);
  }
  TOCSIN_CHECK(desk->admit(batch.events.size()));
  TOCSIN_TRY(stored, desk->store(std::move(batch.events)));
  return http::json_response(200, "{\"ingested\":" + std::to_string(stored.size()) + "}");
}

Result<Response> analyze(Context& context, const Request& request) {
  TOCSIN_TRY(auto_respond, flag_parameter(request, "auto_respond", false));
  TOCSIN_TRY(desk, context.events());
  TOCSIN_TRY(findings, desk->take_findings());
  return http::json_response(200, findings_json(findings, auto_respond));
}

Result<Response> run_demo(Context& context, const Request& request) {
  TOCSIN_TRY(auto_respond, flag_parameter(request, "auto_respond", true));
  TOCSIN_TRY(desk, context.events());
  TOCSIN_TRY(events, context.services.demo.detection_events());
  TOCSIN_TRY(stored, desk->store(std::move(events)));
  TOCSIN_TRY(findings, desk->take_findings());
  return http::json_response(200, findings_json(findings, auto_respond));
}

struct EventFigures {
  std::int64_t total = 0;
  std::vector<std::pair<std::string, std::int64_t>> providers{};
  EventDesk::Totals found{};
};

// None for a caller with a scope: events are not divided.
Result<EventFigures> event_figures(Context& context) {
  if (context.services.settings.events == nullptr) return EventFigures{};
  TOCSIN_TRY(total, context.store().events().count());
  TOCSIN_TRY(providers, context.store().events().count_by_source());
  TOCSIN_TRY(found, context.services.settings.events->totals());
  return EventFigures{total, std::move(providers), std::move(found)};
}

Result<Response> stats(Context& context, const Request&) {
  TOCSIN_TRY(figures, event_figures(context));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("total_events", figures.total);
    json.member("suspicious_events", figures.found.suspicious);
    json.member("providers", [&] {
      json.object([&] {
        for (const auto& [name, count] : figures.providers) json.member(name, count);
      });
    });
    json.member("severities", [&] {
      json.object([&] {
        for (const auto& [name, count] : figures.found.by_severity) json.member(name, count);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kPost, "/ingest", ingest},
    {Method::kPost, "/analyze", analyze},
    {Method::kPost, "/demo/run", run_demo},
    {Method::kGet, "/stats", stats},
};

}  // namespace

void add_s3_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
