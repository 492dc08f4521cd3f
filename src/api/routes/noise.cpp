// Which rules make noise, what it costs, and what could be done about it.

#include "api/context.h"
#include "api/dto/noise_dto.h"
#include "api/noise_input.h"
#include "api/query_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMostDays = 366;
constexpr std::size_t kDays = 30;

void write_report(JsonWriter& json, const triage::NoiseReport& report) {
  json.member("rules_seen", report.rules_seen);
  json.member("rules", [&] {
    json.array([&] {
      for (const auto& rule : report.rules) write_rule_noise(json, rule);
    });
  });
  json.member("needs", [&] { write_noise_needs(json, triage::NoiseNeeds{}); });
  json.member("proposals", [&] {
    json.array([&] {
      for (const auto& proposal : report.proposals) write_noise_proposal(json, proposal);
    });
  });
}

Result<Response> get_noise(Context& context, const Request& request) {
  TOCSIN_TRY(days, number_parameter(request, "days", 1, kMostDays, kDays));
  const auto until = context.services.clock.now();
  const auto from = until - std::chrono::hours(24 * days);
  TOCSIN_TRY(input, load_noise(context.store(), from));
  const auto report = triage::look_for_noise(input.alerts);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("from", from);
    json.member("until", until);
    json.member("alerts", input.alerts.size());
    json.member("in_part", input.in_part);
    write_report(json, report);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {{Method::kGet, "/api/v1/noise", get_noise}};

}  // namespace

void add_noise_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
