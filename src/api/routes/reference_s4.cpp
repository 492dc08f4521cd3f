// Alerts as threat analyses.

#include "api/body.h"
#include "api/dto/threat_dto.h"
#include "api/query_text.h"
#include "api/routes/pages.h"
#include "api/routes/reference.h"
#include "base/suggest.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kUsualLimit = 20;
constexpr std::size_t kInitialBatch = 20;
constexpr std::array<std::string_view, 6> kStatuses{"pending",   "analyzing", "completed",
                                                    "escalated", "resolved",  "false_positive"};
constexpr std::array<std::string_view, 5> kSeverities{"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"};

struct Endpoint {
  std::string_view name;
  std::string_view path;
};
constexpr Endpoint kEndpoints[] = {{"console", "/dashboard"},
                                   {"docs", "/docs"},
                                   {"threats", "/api/threats"},
                                   {"analytics", "/api/analytics"},
                                   {"alerts", "/api/v1/alerts"},
                                   {"incidents", "/api/v1/incidents"},
                                   {"trigger", "/api/threats/trigger"},
                                   {"websocket", "/ws"},
                                   {"health", "/health"},
                                   {"metrics", "/metrics"}};

Result<Response> root(Context& context, const Request& request) {
  if (auto page = console_page(context, request)) return *std::move(page);
  TOCSIN_TRY(counts, context.store().counts());
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("service", "Tocsin");
    json.member("version", context.services.settings.version);
    json.member("status", "healthy");
    json.member("timestamp", context.services.clock.now());
    json.member("endpoints", [&] {
      json.object([&] {
        for (const auto& endpoint : kEndpoints) json.member(endpoint.name, endpoint.path);
      });
    });
    json.member("threats_stored", counts.alerts);
    json.member("websocket_clients", context.live.clients());
  });
  auto response = http::json_response(200, std::move(out));
  response.headers.emplace_back("Vary", "Accept");
  return response;
}

// ---- reading
// ------------------------------------------------------------------------------------------------------

Result<void> append_threat(Context& context, CaseLoader& loader, std::string& out, model::Alert alert) {
  TOCSIN_TRY(threat, load_threat(loader, context.services, std::move(alert)));
  context.threats.observe(threat);
  append_threat_json(out, threat);
  return {};
}

Result<std::string> threats_json(Context& context, std::vector<model::Alert> alerts) {
  CaseLoader loader(context.services);
  std::string out = "[";
  for (auto& alert : alerts) {
    if (out.size() > 1) out += ',';
    TOCSIN_CHECK(append_threat(context, loader, out, std::move(alert)));
  }
  out += ']';
  return out;
}

Error unknown_word(std::string_view parameter, std::string_view word,
                   std::span<const std::string_view> known) {
  return error(ErrorKind::kInvalidInput, "list threats", "unknown " + std::string(parameter),
               name_hint(word, known), std::string(parameter));
}

Result<void> apply_status(AlertFilter& filter, std::string_view status) {
  const auto wanted = triage::s4_status_filter(status);
  if (!wanted) return unknown_word("status", status, kStatuses);
  filter.matches_nothing |= wanted->statuses.empty();
  if (filter.query.requires_review && wanted->requires_review) {
    filter.matches_nothing |= *filter.query.requires_review != *wanted->requires_review;
  }
  filter.query.statuses = wanted->statuses;
  filter.query.verdicts = wanted->verdicts;
  if (wanted->requires_review) filter.query.requires_review = wanted->requires_review;
  return {};
}

Result<AlertFilter> threat_filter(const Request& request) {
  AlertFilter filter;
  TOCSIN_TRY(window, window_of(request, kUsualLimit));
  filter.query.limit = window.limit;
  filter.query.offset = window.offset;
  filter.query.text = request.query_param("search").value_or("");
  if (request.query_param("requires_review")) {
    TOCSIN_TRY(wanted, flag_parameter(request, "requires_review", false));
    filter.query.requires_review = wanted;
  }
  if (const auto severity = request.query_param("severity"); severity && !severity->empty()) {
    const auto wanted = triage::parse_s4_severity(*severity);
    if (!wanted) return unknown_word("severity", *severity, kSeverities);
    filter.query.severities = {*wanted};
  }
  if (const auto status = request.query_param("status"); status && !status->empty()) {
    TOCSIN_CHECK(apply_status(filter, *status));
  }
  return filter;
}

Result<Response> list_threats(Context& context, const Request& request) {
  TOCSIN_TRY(filter, threat_filter(request));
  store::Page<model::Alert> page;
  if (!filter.matches_nothing) {
    TOCSIN_TRY(found, context.store().alerts().list(filter.query, true));
    page = std::move(found);
  }
  TOCSIN_TRY(json, threats_json(context, std::move(page.items)));
  return bare_array(std::move(json), page.total);
}

Result<Response> threat_response(Context& context, model::Alert alert) {
  CaseLoader loader(context.services);
  std::string out;
  TOCSIN_CHECK(append_threat(context, loader, out, std::move(alert)));
  return http::json_response(200, std::move(out));
}

Result<Response> get_threat(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  TOCSIN_TRY(alert, context.store().alerts().find(id));
  if (!alert) return not_found("threat", id);
  return threat_response(context, *std::move(alert));
}

// ---- trigger and analytics
// ----------------------------------------------------------------------------------------

Result<Response> trigger(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  auto wanted = body.text("threat_type", 100);
  const auto scenario = body.text("scenario", 100);
  if (body.has("threat_type") == body.has("scenario")) {
    body.fail_whole("exactly one of \"threat_type\" and \"scenario\" is needed");
  }
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  if (scenario) wanted = scenario;
  TOCSIN_TRY(alerts, context.services.demo.trigger(*wanted));
  const auto gravest = std::max_element(alerts.begin(), alerts.end(), [](const auto& a, const auto& b) {
    return std::pair(a.severity, a.priority) < std::pair(b.severity, b.priority);
  });
  if (gravest == alerts.end()) {
    return error(ErrorKind::kInternal, "trigger threat", "the scenario made no alert");
  }
  return threat_response(context, std::move(*gravest));
}

struct Tallies {
  std::map<std::string_view, std::int64_t> by_type;
  std::map<std::string_view, std::int64_t> by_severity;
  std::int64_t total = 0;
};

Tallies tallied(const ThreatMetrics::Counts& counts) {
  Tallies tallies;
  for (const auto& [key, count] : counts) {
    tallies.by_type[to_text(key.first)] += count;
    tallies.by_severity[triage::s4_severity(key.second)] += count;
    tallies.total += count;
  }
  return tallies;
}

void write_counts(JsonWriter& json, std::string_view name,
                  const std::map<std::string_view, std::int64_t>& counts) {
  json.member(name, [&] {
    json.object([&] {
      for (const auto& [key, count] : counts) json.member(key, count);
    });
  });
}

Result<Response> analytics(Context& context, const Request&) {
  TOCSIN_TRY(counts, context.threats.counts());
  store::AlertQuery query;
  query.requires_review = true;
  query.limit = 1;
  TOCSIN_TRY(review, context.store().alerts().list(query));
  const auto tallies = tallied(counts);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("total_threats", tallies.total);
    json.member("customers_affected", tallies.total > 0 ? 1 : 0);
    json.member("average_processing_time_ms", context.threats.mean_processing_ms());
    json.member("threats_requiring_review", review.total);
    write_counts(json, "threats_by_type", tallies.by_type);
    write_counts(json, "threats_by_severity", tallies.by_severity);
  });
  return http::json_response(200, std::move(out));
}

// ---- the live feed's shapes
// ---------------------------------------------------------------------------------------

std::string newest_threats(Context& context) {
  store::AlertQuery query;
  query.limit = kInitialBatch;
  auto page = context.store().alerts().list(query, true);
  if (!page) return "[]";  // the client sees the trouble on its next call; the feed goes on
  auto json = threats_json(context, std::move(page->items));
  return json ? *std::move(json) : "[]";
}

bool append_live_threat(Context& context, std::string& out, const model::Alert& alert) {
  CaseLoader loader(context.services);
  return append_threat(context, loader, out, alert).ok();
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/", root},
    {Method::kGet, "/api/threats", list_threats},
    {Method::kGet, "/api/threats/{id}", get_threat},
    {Method::kPost, "/api/threats/trigger", trigger},
    {Method::kGet, "/api/analytics", analytics},
};

}  // namespace

void add_s4_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

LiveHub::Rendering rendering_of(const ContextPtr& context) {
  // The hub may outlive the router that holds the context.
  const std::weak_ptr<Context> weak = context;
  return {[weak] {
            const auto held = weak.lock();
            return held ? newest_threats(*held) : std::string("[]");
          },
          [weak](std::string& out, const model::Alert& alert) {
            const auto held = weak.lock();
            return held && append_live_threat(*held, out, alert);
          },
          context->first_response_minutes()};
}

}  // namespace tocsin::api
