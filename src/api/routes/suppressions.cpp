// Suppressions: list, try, add, read, change, lift, and open again what one closed.

#include "api/routes/suppressions.h"

#include <algorithm>

#include "api/body.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/dto/suppression_dto.h"
#include "api/query_text.h"
#include "api/suppress/changes.h"
#include "api/suppress/reopen.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxReason = 1000;
constexpr std::size_t kMostPreviewDays = 366;
constexpr model::EntityKind kWatchable[] = {model::EntityKind::kUser, model::EntityKind::kHost,
                                            model::EntityKind::kIp};

// What hides alerts hides them from everybody.
Result<void> check_sees_all(const Context& context) {
  if (context.scoped == nullptr) return {};
  return error(ErrorKind::kForbidden, "read suppressions",
               "this concerns the whole tenant, and you work in a part of it",
               "Ask somebody whose role has no scope.");
}

Response suppression_response(int status, const SuppressionStanding& standing, const HitState& hits,
                              Timestamp now) {
  std::string body;
  JsonWriter json(body);
  write_suppression(json, standing, hits, now);
  auto response = http::json_response(status, std::move(body));
  set_etag(response, standing.set.version);
  return response;
}

Result<SuppressionStanding> standing_of(const store::TenantStore& store, Suppression set) {
  TOCSIN_TRY(pause, read_pause(store, set));
  return SuppressionStanding{std::move(set), std::move(pause), std::nullopt};
}

Result<Response> respond(Context& context, int status, Suppression set) {
  const auto& store = context.store();
  TOCSIN_TRY(standing, standing_of(store, std::move(set)));
  TOCSIN_TRY(learned, read_learned(store, standing.set));
  standing.known = learned.entities.size();
  TOCSIN_TRY(hits, read_hits(store));
  return suppression_response(status, standing, hits, context.services.clock.now());
}

Result<Suppression> find_suppression(Context& context, const Request& request) {
  TOCSIN_CHECK(check_sees_all(context));
  const auto id = request.path_param("id");
  TOCSIN_TRY(all, read_suppressions(context.store()));
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  if (found == all.end()) return not_found("suppression", id);
  return std::move(*found);
}

Result<Response> list_suppressions(Context& context, const Request&) {
  TOCSIN_CHECK(check_sees_all(context));
  TOCSIN_TRY(all, read_suppressions(context.store()));
  TOCSIN_TRY(hits, read_hits(context.store()));
  std::vector<SuppressionStanding> standings;
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    TOCSIN_TRY(standing, standing_of(context.store(), std::move(*one)));
    standings.push_back(std::move(standing));
  }
  const auto count = static_cast<std::int64_t>(standings.size());
  const auto now = context.services.clock.now();
  return http::json_response(
      200, whole_list_json(std::move(standings), count, [&](JsonWriter& json, const auto& standing) {
        write_suppression(json, standing, hits, now);
      }));
}

Result<Response> get_suppression(Context& context, const Request& request) {
  TOCSIN_TRY(found, find_suppression(context, request));
  return respond(context, 200, std::move(found));
}

void read_scope(Body& body, SuppressionChange& change, Timestamp now) {
  const auto q = body.text("q", query::kMaxBytes);
  if (!q) return;
  const auto canonical = check_scope(*q, now);
  if (canonical) {
    change.q = *canonical;
  } else {
    const auto& where = canonical.error().where;
    body.fail("q", canonical.error().message + (where == "q" ? "" : " (" + where + ")"),
              canonical.error().hint);
  }
}

void read_watched(Body& body, SuppressionChange& change) {
  const auto words = body.texts("watch", kMostWatchedKinds, 10);
  if (!words) return;
  change.watched.emplace();
  for (const auto kind : kWatchable) {
    if (std::find(words->begin(), words->end(), to_text(kind)) != words->end())
      change.watched->push_back(kind);
  }
  if (change.watched->size() != words->size())
    body.fail("watch", "must hold some of user, host, ip, each once");
}

void read_expiry(Body& body, SuppressionChange& change, Timestamp now) {
  const auto text = body.text("expires_at", 40);
  if (!text) return;
  change.expires_at = parse_time(*text);
  if (!change.expires_at) return body.fail("expires_at", "must be a time, such as 2026-12-31T00:00:00Z");
  if (*change.expires_at <= now || *change.expires_at > now + kLongestSuppression)
    body.fail("expires_at", "must be in the future, and at most 365 days away");
}

SuppressionChange read_change(Body& body, Timestamp now) {
  SuppressionChange change;
  change.name = body.text("name", kMaxName, false);
  change.reason = body.text("reason", kMaxReason, false);
  read_scope(body, change, now);
  read_watched(body, change);
  read_expiry(body, change, now);
  change.accept_missed = body.boolean("accept_missed").value_or(false);
  return change;
}

Result<Response> add(Context& context, const Request& request) {
  TOCSIN_CHECK(check_sees_all(context));
  TOCSIN_TRY(body, Body::parse(request));
  const auto now = context.services.clock.now();
  for (const auto* name : {"name", "reason", "q", "expires_at"}) body.require(name);
  auto change = read_change(body, now);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  if (!change.watched) change.watched.emplace(std::begin(kWatchable), std::end(kWatchable));
  const std::lock_guard lock(*context.views_mutex);
  TOCSIN_TRY(made, add_suppression(context.store(), change, now));
  context.services.pipeline.rules_changed();
  return respond(context, 201, std::move(made));
}

Result<Response> change(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  const auto now = context.services.clock.now();
  auto wish = read_change(body, now);
  if (const auto state = body.text("state", 20)) {
    wish.confirm = *state == "active";
    if (!wish.confirm)
      body.fail("state", "can be set to active, when its review is done", "Delete it to lift it");
  }
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  const std::lock_guard lock(*context.views_mutex);
  TOCSIN_TRY(found, find_suppression(context, request));
  const auto wanted = if_match(request);
  if (wanted && *wanted != found.version) {
    return to_change_problem(error(ErrorKind::kConflict, "change a suppression", "it was changed meanwhile"),
                             true, request.trace_id);
  }
  TOCSIN_TRY(changed, change_suppression(context.store(), std::move(found), wish, now));
  context.services.pipeline.rules_changed();
  return respond(context, 200, std::move(changed));
}

Result<Response> lift(Context& context, const Request& request) {
  const std::lock_guard lock(*context.views_mutex);
  TOCSIN_TRY(found, find_suppression(context, request));
  TOCSIN_TRY(lifted, lift_suppression(context.store(), std::move(found), context.services.clock.now()));
  context.services.pipeline.rules_changed();
  return respond(context, 200, std::move(lifted));
}

Result<Response> preview(Context& context, const Request& request) {
  TOCSIN_CHECK(check_sees_all(context));
  TOCSIN_TRY(body, Body::parse(request));
  const auto now = context.services.clock.now();
  SuppressionChange idea;
  body.require("q");
  read_scope(body, idea, now);
  read_watched(body, idea);
  const auto days = body.integer("days", 1, kMostPreviewDays).value_or(kLearnedDays);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  if (!idea.watched) idea.watched.emplace(std::begin(kWatchable), std::end(kWatchable));
  auto& store = context.store();
  TOCSIN_TRY(scope, scope_condition(*idea.q));
  const auto from = now - std::chrono::hours(24 * days);
  TOCSIN_TRY(found, look_back(store, scope, *idea.watched, from, now));
  TOCSIN_TRY(missed, missed_by(store, scope, now - std::chrono::hours(24 * kMissedDays)));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("q", *idea.q);
    json.member("from", from);
    json.member("until", now);
    write_look_back(json, found, missed);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> reopen(Context& context, const Request& request) {
  TOCSIN_TRY(found, find_suppression(context, request));
  TOCSIN_TRY(reopened, reopen_suppressed(context.store(), found.id, actor()));
  if (reopened.alerts > 0) context.live.many_changed();
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("reopened", reopened.alerts);
    json.member("in_part", reopened.in_part);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/suppressions", list_suppressions},
    {Method::kPost, "/api/v1/suppressions", add},
    {Method::kPost, "/api/v1/suppressions/preview", preview},
    {Method::kGet, "/api/v1/suppressions/{id}", get_suppression},
    {Method::kPatch, "/api/v1/suppressions/{id}", change},
    {Method::kDelete, "/api/v1/suppressions/{id}", lift},
    {Method::kPost, "/api/v1/suppressions/{id}/reopen", reopen},
};

}  // namespace

void add_suppression_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
