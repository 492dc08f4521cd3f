// How long things are kept, and what must not go.

#include "api/body.h"
#include "api/context.h"
#include "api/incident_access.h"
#include "api/query_text.h"
#include "api/retention_settings.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxReason = 2000;

Response settings_response(const RetentionSettings& settings) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("days", settings.days);
    json.member("bytes", settings.bytes);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> get_retention(Context& context, const Request&) {
  TOCSIN_TRY(settings, read_retention(context.store()));
  return settings_response(settings);
}

// Null and absent are the same: no bound.
std::optional<std::int64_t> bound(Body& body, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = body.any(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return body.integer(name, least, most);
}

// Beside the regular one, which may be an hour away.
Result<void> run_soon(store::JobStore& jobs) {
  store::Job job;
  job.kind = kRetentionJob;
  job.payload = R"({"why":"the setting changed"})";
  job.dedupe_key = "setting";
  const auto id = jobs.enqueue(std::move(job));
  return id ? Result<void>() : Result<void>(id.error());
}

Result<Response> put_retention(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  RetentionSettings settings;
  settings.days = bound(body, "days", 1, kMostRetentionDays);
  settings.bytes = bound(body, "bytes", kLeastRetentionBytes, std::numeric_limits<std::int64_t>::max());
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_CHECK(save_retention(context.store(), settings));
  TOCSIN_CHECK(run_soon(context.store().jobs()));
  return settings_response(settings);
}

// With ?days= or ?bytes= as they might be set, else as they are.
Result<Response> dry_run(Context& context, const Request& request) {
  TOCSIN_TRY(settings, read_retention(context.store()));
  if (request.query_param("days") || request.query_param("bytes")) settings = {};
  TOCSIN_TRY(days, number_parameter(request, "days", 1, kMostRetentionDays, 0));
  TOCSIN_TRY(bytes, number_parameter(request, "bytes", kLeastRetentionBytes, std::size_t{1} << 62, 0));
  if (days != 0) settings.days = static_cast<std::int64_t>(days);
  if (bytes != 0) settings.bytes = static_cast<std::int64_t>(bytes);
  TOCSIN_TRY(cut, retention_cut(context.store(), settings, context.services.clock.now()));
  store::Removed removed;
  if (cut) {
    TOCSIN_TRY(would, context.store().retention().would_remove(*cut));
    removed = would;
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("older_than", cut);
    write_removed(json, removed);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> put_hold(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("reason");
  const auto reason = body.text("reason", kMaxReason, false);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_CHECK(context.store().retention().hold(incident.id, *reason));
  announce_incident(context, incident.id);
  TOCSIN_TRY(hold, context.store().retention().held(incident.id));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", incident.id.str());
    json.key("hold");
    write_hold(json, hold);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> delete_hold(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  const auto reason = request.query_param("reason").value_or("");
  TOCSIN_CHECK(context.store().retention().release(incident.id, reason.substr(0, kMaxReason)));
  announce_incident(context, incident.id);
  return http::json_response(200, "{\"incident_id\":\"" + incident.id.str() + "\",\"hold\":null}");
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/settings/retention", get_retention},
    {Method::kPut, "/api/v1/settings/retention", put_retention},
    {Method::kGet, "/api/v1/settings/retention/dry-run", dry_run},
    {Method::kPut, "/api/v1/incidents/{id}/hold", put_hold},
    {Method::kDelete, "/api/v1/incidents/{id}/hold", delete_hold},
};

}  // namespace

void write_hold(JsonWriter& json, const std::optional<store::Hold>& hold) {
  if (!hold) return json.value(nullptr);
  json.object([&] {
    json.member("reason", hold->reason);
    json.member("set_by", hold->set_by);
    json.member("set_at", hold->set_at);
  });
}

void add_retention_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
