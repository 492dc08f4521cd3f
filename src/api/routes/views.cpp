// Saved views: list, add, read, replace, remove.

#include <algorithm>

#include "api/body.h"
#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/saved_views.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxSort = 20;

Response view_response(int status, const SavedView& view) {
  std::string body;
  append_view(body, view);
  return http::json_response(status, std::move(body));
}

auto find_view(std::vector<SavedView>& views, std::string_view id) {
  return std::find_if(views.begin(), views.end(), [&](const SavedView& view) { return view.id == id; });
}

// Name, subject, query and order; the query must be one of the subject's.
std::optional<Response> read_view(Body& body, SavedView& view, std::string_view trace_id) {
  body.require("name");
  body.require("q");
  view.name = body.text("name", kMaxName, false).value_or("");
  view.q = body.text("q", query::kMaxBytes).value_or("");
  view.sort = body.text("sort", kMaxSort).value_or("");
  view.subject =
      body.choice("subject", query::parse_subject, "alerts, incidents").value_or(query::Subject::kAlerts);
  if (const auto read = query::parse(view.q, view.subject); !read)
    body.fail("q", read.error().message + " (" + read.error().where + ")", read.error().hint);
  return body.problem(trace_id);
}

Result<void> check_name(const std::vector<SavedView>& views, const SavedView& view) {
  const bool taken = std::any_of(views.begin(), views.end(), [&](const SavedView& other) {
    return other.id != view.id && other.subject == view.subject && other.name == view.name;
  });
  if (!taken) return {};
  return error(ErrorKind::kConflict, "save a view", "there is a view named \"" + view.name + "\"",
               "choose another name, or change that one");
}

Result<Response> list_views(Context& context, const Request&) {
  TOCSIN_TRY(views, read_views(context.store()));
  const auto count = static_cast<std::int64_t>(views.size());
  return http::json_response(
      200, whole_list_json(std::move(views), count, [](JsonWriter& json, const SavedView& view) {
        json.written_by([&](std::string& out) { append_view(out, view); });
      }));
}

Result<Response> get_view(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  TOCSIN_TRY(views, read_views(context.store()));
  const auto found = find_view(views, id);
  if (found == views.end()) return not_found("view", id);
  return view_response(200, *found);
}

Result<Response> add_view(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  SavedView view;
  if (auto problem = read_view(body, view, request.trace_id)) return *std::move(problem);
  const std::lock_guard lock(*context.views_mutex);
  TOCSIN_TRY(views, read_views(context.store()));
  TOCSIN_CHECK(check_name(views, view));
  if (views.size() >= kMaxViews) {
    return error(ErrorKind::kInvalidInput, "save a view", "there are " + std::to_string(kMaxViews) + " views",
                 "remove one first");
  }
  view.created_at = view.updated_at = context.services.clock.now();
  view.id = ViewId::make(view.created_at).str();
  view.created_by = actor();
  views.push_back(view);
  TOCSIN_CHECK(write_views(context.store(), views));
  return view_response(201, view);
}

Result<Response> replace_view(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  TOCSIN_TRY(body, Body::parse(request));
  SavedView view;
  if (auto problem = read_view(body, view, request.trace_id)) return *std::move(problem);
  const std::lock_guard lock(*context.views_mutex);
  TOCSIN_TRY(views, read_views(context.store()));
  const auto found = find_view(views, id);
  if (found == views.end()) return not_found("view", id);
  view.id = found->id;
  view.created_by = found->created_by;
  view.created_at = found->created_at;
  view.updated_at = context.services.clock.now();
  TOCSIN_CHECK(check_name(views, view));
  *found = view;
  TOCSIN_CHECK(write_views(context.store(), views));
  return view_response(200, view);
}

Result<Response> remove_view(Context& context, const Request& request) {
  const auto id = request.path_param("id");
  const std::lock_guard lock(*context.views_mutex);
  TOCSIN_TRY(views, read_views(context.store()));
  const auto found = find_view(views, id);
  if (found == views.end()) return not_found("view", id);
  views.erase(found);
  TOCSIN_CHECK(write_views(context.store(), views));
  return Response{.status = 204, .headers = {}, .body = {}, .static_body = {}};
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/views", list_views},          {Method::kPost, "/api/v1/views", add_view},
    {Method::kGet, "/api/v1/views/{id}", get_view},       {Method::kPut, "/api/v1/views/{id}", replace_view},
    {Method::kDelete, "/api/v1/views/{id}", remove_view},
};

}  // namespace

void add_view_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
