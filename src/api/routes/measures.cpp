// How the desk does, from what its people did, and whether they find answers useful.

#include <algorithm>
#include <charconv>

#include "api/body.h"
#include "api/context.h"
#include "api/desk_report.h"
#include "api/incident_access.h"
#include "api/json_writer.h"
#include "triage/desk_measures.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMostDecisions = 50'000;
constexpr int kMostDays = 366;
constexpr std::size_t kMostRowsShown = 1000;
constexpr std::size_t kMaxAnswerId = 500;

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

struct Measured {
  Timestamp from{};
  Timestamp until{};
  bool in_part = false;
  triage::DeskMeasures decided;
  std::vector<DeskLine> lines;
};

Result<Measured> measure_desk(Context& context, int days) {
  Measured measured;
  measured.until = context.services.clock.now();
  measured.from = measured.until - std::chrono::hours(24 * days);
  TOCSIN_TRY(rows, context.store().dispositions().decided(measured.from, kMostDecisions));
  TOCSIN_TRY(read, read_desk_work(context.store(), measured.from));
  measured.in_part = read.in_part || rows.size() == kMostDecisions;
  measured.decided = triage::measure(to_decided(std::move(rows)));
  measured.lines = desk_lines(read.work, measured.decided, days);
  return measured;
}

Response csv_response(const Measured& measured) {
  Response response;
  response.headers.emplace_back("Content-Type", "text/csv; charset=utf-8; header=present");
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"measures.csv\"");
  response.body = desk_csv(measured.lines, measured.from, measured.until);
  return response;
}

Result<bool> wants_csv(const Request& request) {
  const auto format = request.query_param("format");
  if (!format) return request.header("Accept").starts_with("text/csv");
  if (*format == "csv" || *format == "json") return *format == "csv";
  return error(ErrorKind::kInvalidInput, "read measures", "there is no such format", "known: json, csv",
               "format");
}

Result<Response> measures(Context& context, const Request& request) {
  TOCSIN_TRY(days, read_days(request));
  TOCSIN_TRY(as_csv, wants_csv(request));
  TOCSIN_TRY(measured, measure_desk(context, days));
  if (as_csv) return csv_response(measured);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("from", measured.from);
    json.member("until", measured.until);
    json.member("in_part", measured.in_part);
    write_measures(json, measured.decided);
    json.member("figures", [&] { write_desk_lines(json, measured.lines); });
  });
  return http::json_response(200, std::move(out));
}

void write_rows(JsonWriter& json, const std::vector<triage::FigureRow>& rows) {
  json.array([&] {
    for (std::size_t i = 0; i < std::min(rows.size(), kMostRowsShown); ++i) {
      json.object([&] {
        json.member("id", rows[i].id);
        json.member("actor", rows[i].actor);
        json.member("at", rows[i].at);
        json.member("value", rows[i].value);
      });
    }
  });
}

// What a figure counts, the largest first: what took longest is what one wants to look at.
Result<Response> measure_rows(Context& context, const Request& request) {
  TOCSIN_TRY(days, read_days(request));
  const auto* kind = triage::find_figure(request.query_param("figure").value_or(""));
  if (kind == nullptr) {
    return error(ErrorKind::kInvalidInput, "read rows of a figure", "there is no such figure",
                 "GET /api/v1/measures names them", "figure");
  }
  TOCSIN_TRY(read,
             read_desk_work(context.store(), context.services.clock.now() - std::chrono::hours(24 * days)));
  auto rows = kind->rows(read.work);
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("figure", kind->name);
    json.member("unit", to_text(kind->unit));
    json.member("in_part", read.in_part || rows.size() > kMostRowsShown);
    json.member("total", static_cast<std::int64_t>(rows.size()));
    json.member("items", [&] { write_rows(json, rows); });
  });
  return http::json_response(200, std::move(out));
}

// The alert or incident is there; of a copilot's answer only the trace id of its response is known.
Result<std::string> rated_answer(Context& context, store::AnswerKind kind, const std::string& answer) {
  if (kind == store::AnswerKind::kIncidentView) {
    TOCSIN_TRY(incident, find_standing_incident(context.store(), answer));
    return incident.id.str();
  }
  if (kind == store::AnswerKind::kCopilot) return answer;
  TOCSIN_TRY(alert, context.store().alerts().find(answer));
  if (!alert) return not_found("alert", answer);
  return alert->id.str();
}

bool is_trace_id(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Result<Response> rate_answer(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  body.require("answer");
  body.require("id");
  body.require("helpful");
  const auto kind = body.choice("answer", store::parse_answer_kind, "explanation, incident_view, copilot");
  const auto id = body.text("id", kMaxAnswerId, false);
  const auto helpful = body.boolean("helpful");
  if (kind == store::AnswerKind::kCopilot && id && !is_trace_id(*id))
    body.fail("id", "is not the X-Trace-Id of an answer: 32 hexadecimal digits");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(answer, rated_answer(context, *kind, *id));
  const store::AnswerRating rating{*kind, std::move(answer), actor(), *helpful, {}};
  TOCSIN_CHECK(context.store().desk().rate(rating));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("answer", store::to_text(rating.kind));
    json.member("id", rating.answer);
    json.member("helpful", rating.helpful);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/measures", measures},
    {Method::kGet, "/api/v1/measures/rows", measure_rows},
    {Method::kPost, "/api/v1/answers/ratings", rate_answer},
};

}  // namespace

void add_measure_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
