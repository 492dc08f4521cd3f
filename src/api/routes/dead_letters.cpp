// Input that could not be read.

#include "api/case_data/change_intake.h"
#include "api/context.h"
#include "api/dto/ingest_dto.h"
#include "api/dto/page_dto.h"
#include "api/event_intake.h"
#include "api/query_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

void write_members(JsonWriter& json, const store::DeadLetter& letter) {
  json.member("id", letter.id.str());
  json.member("source", letter.source);
  json.member("content_type", letter.content_type);
  json.member("reason", letter.reason);
  json.member("truncated", letter.truncated);
  json.member("received_at", letter.received_at);
  json.member("attempts", letter.attempts);
  json.member("resolved", letter.resolved);
}

Result<Response> list_dead_letters(Context& context, const Request& request) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 50));
  TOCSIN_TRY(resolved_too, flag_parameter(request, "resolved", false));
  const auto cursor = request.query_param("cursor").value_or("");
  TOCSIN_TRY(page, context.store().dead_letters().list(cursor, limit, !resolved_too));
  return http::json_response(200, page_json(page, [](JsonWriter& json, const store::DeadLetter& letter) {
                               json.object([&] { write_members(json, letter); });
                             }));
}

Result<store::DeadLetter> find_letter(Context& context, std::string_view id) {
  const auto parsed = DeadLetterId::parse(id);
  if (!parsed) return not_found("dead letter", id);
  TOCSIN_TRY(letter, context.store().dead_letters().find(*parsed));
  if (!letter) return not_found("dead letter", id);
  return *std::move(letter);
}

Result<Response> get_dead_letter(Context& context, const Request& request) {
  TOCSIN_TRY(letter, find_letter(context, request.path_param("id")));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    write_members(json, letter);
    json.member("body", letter.body);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> replay(Context& context, const Request& request) {
  TOCSIN_TRY(letter, find_letter(context, request.path_param("id")));
  if (letter.source == kEventsSource) {
    TOCSIN_TRY(stored, replay_events(context, letter));
    Pipeline::Reply events;
    events.events = stored;
    return http::json_response(200, ingest_reply_json(events));
  }
  if (letter.source == kChangesSource) {
    TOCSIN_TRY(taken, replay_change(context, letter));
    return http::json_response(200, ingest_reply_json(taken));
  }
  TOCSIN_TRY(reply, context.services.pipeline.replay(letter.id));
  return http::json_response(200, ingest_reply_json(reply));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/dead-letters", list_dead_letters},
    {Method::kGet, "/api/v1/dead-letters/{id}", get_dead_letter},
    {Method::kPost, "/api/v1/dead-letters/{id}/replay", replay},
};

}  // namespace

void add_dead_letter_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
