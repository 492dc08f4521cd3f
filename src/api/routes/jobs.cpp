// Background jobs.

#include <array>

#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/query_text.h"
#include "base/suggest.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::array<std::string_view, 4> kStates{"waiting", "leased", "done", "dead"};  // by JobState

Result<std::optional<store::JobState>> state_of(const Request& request) {
  const auto given = request.query_param("state");
  if (!given) return std::optional<store::JobState>{};
  const auto* const at = std::find(kStates.begin(), kStates.end(), *given);
  if (at == kStates.end()) {
    return error(ErrorKind::kInvalidInput, "list jobs", "unknown state", name_hint(*given, kStates), "state");
  }
  return std::optional(static_cast<store::JobState>(at - kStates.begin()));
}

void write_job(JsonWriter& json, const store::Job& job) {
  json.object([&] {
    json.member("id", job.id.str());
    json.member("kind", job.kind);
    json.member("state", kStates[static_cast<std::size_t>(job.state)]);
    json.member("urgency", job.urgency);
    json.member("attempts", job.attempts);
    json.member("max_attempts", job.max_attempts);
    json.member("run_at", job.run_at);
    json.member("payload", job.payload);
    json.member("last_error", job.last_error);
  });
}

Result<Response> list_jobs(Context& context, const Request& request) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 50));
  TOCSIN_TRY(state, state_of(request));
  TOCSIN_TRY(page, context.store().jobs().list(state, request.query_param("cursor").value_or(""), limit));
  return http::json_response(200, page_json(page, write_job));
}

Result<Response> retry_job(Context& context, const Request& request) {
  const auto id = JobId::parse(request.path_param("id"));
  if (!id) return not_found("job", request.path_param("id"));
  TOCSIN_CHECK(context.store().jobs().retry(*id));
  return http::json_response(200, "{\"id\":\"" + id->str() + R"(","state":"waiting"})");
}

Result<Response> discard_job(Context& context, const Request& request) {
  const auto id = JobId::parse(request.path_param("id"));
  if (!id) return not_found("job", request.path_param("id"));
  TOCSIN_CHECK(context.store().jobs().discard(*id));
  return http::json_response(200, "{\"id\":\"" + id->str() + R"(","discarded":true})");
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/jobs", list_jobs},
    {Method::kPost, "/api/v1/jobs/{id}/retry", retry_job},
    {Method::kPost, "/api/v1/jobs/{id}/discard", discard_job},
};

}  // namespace

void add_job_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
