// Health, readiness and figures.

#include "api/context.h"
#include "api/json_writer.h"
#include "api/routes/metrics.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

Result<Response> health(Context& context, const Request&) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("ok", true);
    json.member("status", "ok");
    json.member("timestamp", context.services.clock.now());
    json.member("version", context.services.settings.version);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> ready(Context& context, const Request& request) {
  const auto& not_ready = context.services.settings.not_ready;
  const auto reasons = not_ready ? not_ready() : std::vector<std::string>{};
  if (!reasons.empty()) {
    http::Problem problem{503, "Not ready", reasons.front(), "it is tried again by itself", {}};
    for (const auto& reason : reasons) problem.errors.emplace_back("", reason);
    return http::problem_response(problem, request.trace_id);
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("ready", true);
    json.member("timestamp", context.services.clock.now());
    json.member("reasons", reasons);
  });
  return http::json_response(200, std::move(out));
}

void write_counters(JsonWriter& json, std::string_view name,
                    const std::vector<std::pair<std::string, std::int64_t>>& counters) {
  json.member(name, [&] {
    json.object([&] {
      for (const auto& [key, count] : counters) json.member(key, count);
    });
  });
}

void write_stats(JsonWriter& json, const Context& context, const store::Counts& counts, std::int64_t events) {
  const auto& settings = context.services.settings;
  json.member("alerts", [&] {
    json.object([&] {
      json.member("total", counts.alerts);
      json.member("in_part", counts.in_part);
      write_counters(json, "by_severity", counts.alerts_by_severity);
      write_counters(json, "by_status", counts.alerts_by_status);
      write_counters(json, "by_source", counts.alerts_by_source);
    });
  });
  json.member("incidents", [&] {
    json.object([&] {
      json.member("total", counts.incidents);
      json.member("open", counts.incidents_open);
    });
  });
  json.member("events", events);
  json.member("dead_letters", counts.dead_letters);
  json.member("jobs", [&] {
    json.object([&] {
      json.member("waiting", counts.jobs_waiting);
      json.member("dead", counts.jobs_dead);
    });
  });
  json.member("search_behind", counts.search_behind);
  json.member("correlation_behind", counts.correlation_behind);
  json.member("live_clients", context.live.clients());
  json.member("high_priority_threshold", settings.scoring.high_priority_threshold);
  json.member("version", settings.version);
  json.member("open_mode", settings.open_mode());
  json.member("demo", context.services.demo.state());
  json.member("timestamp", context.services.clock.now());
}

Result<Response> stats(Context& context, const Request&) {
  TOCSIN_TRY(counts, context.store().counts());
  std::int64_t events = 0;
  if (context.services.settings.events != nullptr) {
    TOCSIN_TRY(counted, context.store().events().count());
    events = counted;
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] { write_stats(json, context, counts, events); });
  return http::json_response(200, std::move(out));
}

Result<Response> metrics(Context& context, const Request&) {
  TOCSIN_TRY(text, metrics_text(context));
  Response response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = std::move(text);
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/healthz", health},  {Method::kGet, "/health", health},
    {Method::kGet, "/readyz", ready},    {Method::kGet, "/ready", ready},
    {Method::kGet, "/metrics", metrics}, {Method::kGet, "/api/v1/stats", stats},
};

}  // namespace

void add_operation_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
