// Which rules make noise, what it costs, and what could be done about it.

#include "api/context.h"
#include "api/dto/noise_dto.h"
#include "api/noise_input.h"
#include "api/query_text.h"
#include "model/matcher.h"

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

struct Time {
  Timestamp from;
  Timestamp until;
};
Result<Time> time_of(const Context& context, const Request& request) {
  TOCSIN_TRY(days, number_parameter(request, "days", 1, kMostDays, kDays));
  const auto until = context.services.clock.now();
  return Time{until - std::chrono::hours(24 * days), until};
}

void write_looked_at(JsonWriter& json, const Time& time, const NoiseInput& input) {
  json.member("from", time.from);
  json.member("until", time.until);
  json.member("alerts", input.alerts.size());
  json.member("in_part", input.in_part);
}

Result<Response> get_noise(Context& context, const Request& request) {
  TOCSIN_TRY(time, time_of(context, request));
  TOCSIN_TRY(input, load_noise(context.store(), time.from));
  const auto report = triage::look_for_noise(input.alerts);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    write_looked_at(json, time, input);
    write_report(json, report);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> replay_noise(Context& context, const Request& request) {
  TOCSIN_TRY(time, time_of(context, request));
  const auto q = request.query_param("q").value_or("");
  TOCSIN_TRY(condition, query::parse(q, query::Subject::kAlerts));
  const auto canonical = query::print(condition, query::Subject::kAlerts);
  if (canonical.empty())
    return error(ErrorKind::kInvalidInput, "replay noise", "q is missing", "Say which alerts to hide", "q");
  const model::Matcher matcher(query::resolve(condition, query::Subject::kAlerts, context.scope()));
  TOCSIN_TRY(input, load_noise(context.store(), time.from,
                               [&](const model::Alert& alert) { return matcher.matches(alert); }));
  const auto replayed = triage::replay_hiding(input.alerts, input.matched);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    write_looked_at(json, time, input);
    json.member("q", canonical);
    write_noise_replay(json, replayed);
    json.member("real", input.real_matched);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/noise", get_noise},
    {Method::kGet, "/api/v1/noise/replay", replay_noise},
};

}  // namespace

void add_noise_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
