#include "api/saved_views.h"

#include "api/body.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kSetting = "saved_views";

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

SavedView view_of(const boost::json::object& object) {
  SavedView view;
  view.id = text_of(object, "id");
  view.name = text_of(object, "name");
  view.subject = query::parse_subject(text_of(object, "subject")).value_or(query::Subject::kAlerts);
  view.q = text_of(object, "q");
  view.sort = text_of(object, "sort");
  view.created_by = text_of(object, "created_by");
  view.created_at = parse_time(text_of(object, "created_at")).value_or(Timestamp{});
  view.updated_at = parse_time(text_of(object, "updated_at")).value_or(Timestamp{});
  return view;
}

}  // namespace

Result<std::vector<SavedView>> read_views(store::TenantStore& store) {
  TOCSIN_TRY(text, store.setting(kSetting));
  std::vector<SavedView> views;
  if (!text) return views;
  TOCSIN_TRY(json, parse_json(*text));
  if (!json.is_array()) return error(ErrorKind::kInternal, "read the saved views", "they are not a list");
  for (const auto& one : json.get_array()) {
    if (one.is_object()) views.push_back(view_of(one.get_object()));
  }
  return views;
}

Result<void> write_views(store::TenantStore& store, const std::vector<SavedView>& views) {
  std::string text;
  JsonWriter json(text);
  json.array([&] {
    for (const auto& view : views) json.written_by([&](std::string& out) { append_view(out, view); });
  });
  return store.set_setting(kSetting, text);
}

void append_view(std::string& out, const SavedView& view) {
  JsonWriter json(out);
  json.object([&] {
    json.member("id", view.id);
    json.member("name", view.name);
    json.member("subject", to_text(view.subject));
    json.member("q", view.q);
    view.sort.empty() ? json.member("sort", nullptr) : json.member("sort", view.sort);
    json.member("created_by", view.created_by);
    json.member("created_at", view.created_at);
    json.member("updated_at", view.updated_at);
  });
}

}  // namespace tocsin::api
