// Notes of an incident: written, edited, and what they said before.

#include "api/body.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/incident_dto.h"
#include "api/dto/page_dto.h"
#include "api/incident_access.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxNote = 20'000;

Response note_response(int status, const model::Note& note) {
  std::string out;
  JsonWriter json(out);
  write_note(json, note);
  auto response = http::json_response(status, std::move(out));
  set_etag(response, note.revision);
  return response;
}

Result<NoteId> note_id(const Request& request) {
  const auto id = NoteId::parse(request.path_param("note"));
  if (!id) return not_found("note", request.path_param("note"));
  return *id;
}

Result<Response> list_notes(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(notes, context.store().incidents().notes(incident.id));
  const auto total = static_cast<std::int64_t>(notes.size());
  return http::json_response(200, whole_list_json(std::move(notes), total, write_note));
}

Result<Response> add_note(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("text");
  const auto text = body.text("text", kMaxNote, false);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(note, context.store().incidents().add_note(incident.id, actor(), *text));
  announce_incident(context, incident.id);
  return note_response(201, note);
}

Result<Response> edit_note(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(id, note_id(request));
  TOCSIN_TRY(body, Body::parse(request));
  body.require("text");
  const auto text = body.text("text", kMaxNote, false);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  const auto wanted = if_match(request);
  const auto edited = context.store().incidents().edit_note(incident.id, id, actor(), *text, wanted);
  if (!edited) return to_change_problem(edited.error(), wanted.has_value(), request.trace_id);
  announce_incident(context, incident.id);
  return note_response(200, *edited);
}

void write_revision(JsonWriter& json, const model::NoteRevision& revision) {
  json.object([&] {
    json.member("revision", revision.revision);
    json.member("author", revision.author);
    json.member("text", revision.text);
    json.member("written_at", revision.written_at);
  });
}

Result<Response> list_revisions(Context& context, const Request& request) {
  TOCSIN_TRY(incident, find_incident(context.store(), request.path_param("id")));
  TOCSIN_TRY(id, note_id(request));
  TOCSIN_TRY(revisions, context.store().incidents().note_revisions(incident.id, id));
  const auto total = static_cast<std::int64_t>(revisions.size());
  return http::json_response(200, whole_list_json(std::move(revisions), total, write_revision));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/incidents/{id}/notes", list_notes},
    {Method::kPost, "/api/v1/incidents/{id}/notes", add_note},
    {Method::kPatch, "/api/v1/incidents/{id}/notes/{note}", edit_note},
    {Method::kGet, "/api/v1/incidents/{id}/notes/{note}/revisions", list_revisions},
};

}  // namespace

void add_note_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
