// API keys and ingest tokens of the tenant: shown once, kept as hashes.

#include "api/access.h"
#include "api/context.h"
#include "api/dto/access_dto.h"
#include "api/dto/page_dto.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using model::Role;

constexpr std::size_t kMaxKeyName = 100;
constexpr std::size_t kMaxVerbs = 64;
constexpr std::size_t kMaxSource = 64;
constexpr std::int64_t kMaxKeyDays = 3650;

Result<Response> list_keys(Context& context, const Request& request) {
  auto keys = context.site.access->directory.keys(caller_of(request).tenant);
  const auto count = static_cast<std::int64_t>(keys.size());
  return http::json_response(200, whole_list_json(std::move(keys), count, write_key));
}

model::VerbSet read_verbs(Body& body, Role role) {
  const auto all = model::verbs_of(role);
  const auto names = body.texts("verbs", kMaxVerbs, kMaxKeyName);
  if (!names) return all;
  model::VerbSet verbs;
  for (const auto& name : *names) {
    const auto verb = model::parse_verb(name);
    const bool is_had = verb && all.test(static_cast<std::size_t>(*verb));
    if (!is_had)
      body.fail("verbs", "the role " + std::string(to_text(role)) + " has no verb \"" + name + "\"");
    if (is_had) verbs.set(static_cast<std::size_t>(*verb));
  }
  return verbs;
}

// A key can do no more than who makes it.
Result<void> check_not_more(const store::ApiKey& key, const model::Principal& caller) {
  if (is_provider(caller)) return {};
  if (key.role != Role::kAdmin && (key.verbs & ~caller.verbs & ~model::verbs_of(Role::kIngest)).none())
    return {};
  return error(ErrorKind::kForbidden, "make a key", "it would be allowed more than you are");
}

Result<Response> add_key(Context& context, const Request& request) {
  auto& access = *context.site.access;
  TOCSIN_TRY(body, Body::parse(request));
  body.require("name");
  body.require("role");
  store::ApiKey key;
  key.tenant = caller_of(request).tenant;
  key.name = body.text("name", kMaxKeyName, false).value_or("");
  const auto role = body.choice("role", model::parse_role, "viewer, responder, analyst, senior, …, ingest");
  key.role = role.value_or(Role::kViewer);
  key.verbs = read_verbs(body, key.role);
  key.scope = read_scope(body, role);
  key.source = body.text("source", kMaxSource).value_or("");
  if (!key.source.empty() && key.role != Role::kIngest) body.fail("source", "goes with the role ingest only");
  if (const auto days = body.integer("expires_in_days", 1, kMaxKeyDays))
    key.expires_at = access.clock.now() + std::chrono::hours(24 * *days);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_CHECK(check_not_more(key, caller_of(request)));
  key.created_by = actor();
  TOCSIN_TRY(made, access.directory.add_key(std::move(key)));
  std::string out;
  JsonWriter json(out);
  write_key(json, made.key);
  out.pop_back();
  out += ",\"token\":\"" + made.token + "\"}";
  auto response = http::json_response(201, std::move(out));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> revoke_key(Context& context, const Request& request) {
  auto& directory = context.site.access->directory;
  const auto wanted = request.path_param("id");
  for (const auto& key : directory.keys(caller_of(request).tenant)) {
    if (key.id.str() != wanted) continue;
    TOCSIN_CHECK(directory.revoke_key(key.id));
    return Response{.status = 204, .headers = {}, .body = {}, .static_body = {}};
  }
  return not_found("key", wanted);
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/keys", list_keys},
    {Method::kPost, "/api/v1/keys", add_key},
    {Method::kDelete, "/api/v1/keys/{id}", revoke_key},
};

}  // namespace

void add_key_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
