// The query language itself: its fields for completion, and what a text means.

#include <charconv>

#include "api/body.h"
#include "api/context.h"
#include "api/dto/condition_dto.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

Result<Response> describe(Context&, const Request&) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.key("alerts");
    json.written_by([](std::string& to) { append_field_table(to, query::Subject::kAlerts); });
    json.key("incidents");
    json.written_by([](std::string& to) { append_field_table(to, query::Subject::kIncidents); });
    json.member("limits", [&] {
      json.object([&] {
        json.member("bytes", query::kMaxBytes);
        json.member("depth", query::kMaxDepth);
        json.member("terms", query::kMaxTerms);
        json.member("list_values", query::kMaxListValues);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

// 8 of "q:8"; 1 for the query as a whole.
std::int64_t column_of(std::string_view where) {
  std::int64_t column = 1;
  const auto digits = where.substr(std::min(where.size(), std::string_view("q:").size()));
  std::from_chars(digits.data(), digits.data() + digits.size(), column);
  return column;
}

std::string meaning_json(const Result<model::Condition>& condition, query::Subject subject) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("valid", condition.ok());
    if (condition) {
      json.member("canonical", query::print(*condition, subject));
      json.key("tree");
      return json.written_by([&](std::string& to) { append_condition(to, *condition, subject); });
    }
    json.member("error", [&] {
      json.object([&] {
        json.member("column", column_of(condition.error().where));
        json.member("detail", condition.error().message);
        json.member("hint", condition.error().hint);
      });
    });
  });
  return out;
}

Result<Response> parse(Context&, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  body.require("q");
  const auto q = body.text("q", std::size_t{16} * query::kMaxBytes);  // too long is an answer, too
  const auto subject = body.choice("subject", query::parse_subject, "alerts, incidents");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  const auto about = subject.value_or(query::Subject::kAlerts);
  return http::json_response(200, meaning_json(query::parse(*q, about), about));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/query-language", describe},
    {Method::kPost, "/api/v1/query-language/parse", parse},
};

}  // namespace

void add_query_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
