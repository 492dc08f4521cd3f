// How the desk does, from what its people decided.

#include <charconv>

#include "api/context.h"
#include "api/json_writer.h"
#include "triage/desk_measures.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMostDecisions = 50'000;
constexpr int kMostDays = 366;

Result<int> read_days(const Request& request) {
  const auto text = request.query_param("days").value_or("30");
  int days = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (failed == std::errc{} && end == text.data() + text.size() && days >= 1 && days <= kMostDays)
    return days;
  return error(ErrorKind::kInvalidInput, "read measures", "days is not a number from 1 to 366",
               "The default is 30", "days");
}

void write_spread(JsonWriter& json, std::string_view name, const triage::Spread& spread) {
  json.member(name, [&] {
    json.object([&] {
      json.member("count", spread.count);
      spread.count > 0 ? json.member("p50", spread.p50) : json.member("p50", nullptr);
      spread.count > 0 ? json.member("p90", spread.p90) : json.member("p90", nullptr);
    });
  });
}

void write_share(JsonWriter& json, std::string_view name, std::int64_t part, std::int64_t whole) {
  whole > 0 ? json.member(name, static_cast<double>(part) / static_cast<double>(whole))
            : json.member(name, nullptr);
}

void write_rule(JsonWriter& json, const triage::DeskMeasures::Rule& rule) {
  json.object([&] {
    json.member("source", rule.source);
    json.member("type", rule.type);
    json.member("decided", rule.decided);
    json.member("true_positive", rule.real);
    json.member("false_positive", rule.false_positive);
    write_share(json, "false_positive_share", rule.false_positive, rule.decided);
    write_spread(json, "minutes_to_decide", rule.minutes);
  });
}

void write_goals(JsonWriter& json) {
  const triage::DeskGoals goals;
  json.member("minutes_to_decide", goals.minutes);
  json.member("minutes_to_decide_false_positive", goals.minutes_false_positive);
  json.member("false_positive_share", goals.false_positive_share);
}

void write_measures(JsonWriter& json, const triage::DeskMeasures& measures) {
  json.member("decided", measures.decided);
  json.member("true_positive", measures.real);
  json.member("benign_positive", measures.benign_positive);
  json.member("false_positive", measures.false_positive);
  write_share(json, "false_positive_share", measures.false_positive, measures.decided);
  write_spread(json, "minutes_to_decide", measures.minutes);
  write_spread(json, "minutes_to_decide_false_positive", measures.minutes_false_positive);
  write_share(json, "agreement", measures.agreed, measures.decided);
  measures.decided > 0 ? json.member("calibration_error", measures.calibration_error)
                       : json.member("calibration_error", nullptr);
  json.member("people", [&] {
    json.array([&] {
      for (const auto& person : measures.people) {
        json.object([&] {
          json.member("actor", person.actor);
          write_spread(json, "minutes_to_decide", person.minutes);
        });
      }
    });
  });
  json.member("rules", [&] {
    json.array([&] {
      for (const auto& rule : measures.rules) write_rule(json, rule);
    });
  });
  json.member("goals", [&] { json.object([&] { write_goals(json); }); });
}

std::vector<triage::DecidedAlert> to_decided(std::vector<store::DecidedAlert> rows) {
  std::vector<triage::DecidedAlert> decided;
  decided.reserve(rows.size());
  for (auto& row : rows) {
    decided.push_back({.source = std::move(row.source),
                       .type = std::move(row.type),
                       .actor = std::move(row.said.actor),
                       .verdict = row.said.verdict,
                       .received_at = row.received_at,
                       .decided_at = row.said.decided_at,
                       .fp_probability = row.fp_probability});
  }
  return decided;
}

Result<Response> measures(Context& context, const Request& request) {
  TOCSIN_TRY(days, read_days(request));
  const auto until = context.services.clock.now();
  const auto from = until - std::chrono::hours(24 * days);
  TOCSIN_TRY(rows, context.store().dispositions().decided(from, kMostDecisions));
  const bool in_part = rows.size() == kMostDecisions;
  const auto measured = triage::measure(to_decided(std::move(rows)));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("from", from);
    json.member("until", until);
    json.member("in_part", in_part);
    write_measures(json, measured);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {{Method::kGet, "/api/v1/measures", measures}};

}  // namespace

void add_measure_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
