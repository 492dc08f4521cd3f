// Lists of indicators that others gave us: imported, listed, deleted.

#include <charconv>

#include "api/body.h"
#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/json_writer.h"
#include "api/query_text.h"
#include "ingest/intel_file.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxSource = 200;

void write_members(JsonWriter& json, const store::IntelList& list, Timestamp now) {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - list.produced_at);
  json.member("id", list.id.str());
  json.member("name", list.name);
  json.member("format", list.format);
  json.member("source", list.source);
  json.member("tlp", to_text(list.tlp));
  json.member("produced_at", list.produced_at);
  json.member("age_seconds", std::max<std::int64_t>(0, age.count()));
  json.member("imported_at", list.imported_at);
  json.member("imported_by", list.imported_by);
  json.member("entries", list.entries);
}

void write_entry(JsonWriter& json, const store::IntelEntry& entry) {
  json.object([&] {
    json.member("kind", to_text(entry.ioc.kind));
    json.member("value", entry.ioc.value);
    json.member("label", entry.label);
    json.member("reference", entry.reference);
    entry.confidence < 0 ? json.member("confidence", nullptr) : json.member("confidence", entry.confidence);
    json.member("tlp", to_text(entry.tlp));
    json.member("seen_at", entry.seen_at);
    json.member("valid_until", entry.valid_until);
  });
}

Result<std::string> text_parameter(const Request& request, std::string_view name, std::size_t most,
                                   std::string_view absent) {
  const auto text = request.query_param(name).value_or(absent);
  if (!text.empty() && text.size() <= most) return std::string(text);
  return error(ErrorKind::kInvalidInput, "import intelligence",
               std::string(name) + " must have 1 to " + std::to_string(most) + " bytes",
               "name the list, for example ?name=ACME%20CERT", std::string(name));
}

Result<model::Tlp> tlp_parameter(const Request& request) {
  const auto tlp = model::parse_tlp(request.query_param("tlp").value_or("AMBER"));
  if (tlp) return *tlp;
  return error(ErrorKind::kInvalidInput, "import intelligence", "tlp is no mark",
               "known: CLEAR, GREEN, AMBER, AMBER+STRICT, RED", "tlp");
}

Result<store::IntelList> list_of(const Request& request) {
  store::IntelList list;
  TOCSIN_TRY(name, text_parameter(request, "name", kMaxName, ""));
  TOCSIN_TRY(source, text_parameter(request, "source", kMaxSource, name));
  TOCSIN_TRY(tlp, tlp_parameter(request));
  list.name = std::move(name);
  list.source = std::move(source);
  list.tlp = tlp;
  list.format = request.query_param("format").value_or("stix");
  list.imported_by = actor();
  return list;
}

// A list of that name would be emptied: what a torn or a wrong file must not do.
Error nothing_taken(std::size_t left_out, std::size_t unreadable) {
  return error(ErrorKind::kInvalidInput, "import intelligence", "no indicator of it can be taken",
               std::to_string(left_out) + " left out, " + std::to_string(unreadable) +
                   " unreadable; the list stays as it was; to empty it, delete it");
}

Result<Response> import_list(Context& context, const Request& request) {
  if (request.content_type() != "application/json") {
    return error(ErrorKind::kUnsupported, "import intelligence", "the body must be application/json",
                 "send Content-Type: application/json");
  }
  const auto now = context.services.clock.now();
  TOCSIN_TRY(list, list_of(request));
  TOCSIN_TRY(file, ingest::read_intel(list.format, request.body, list.tlp, now));
  if (file.entries.empty()) return nothing_taken(file.left_out, file.unreadable);
  list.produced_at = file.produced_at;
  TOCSIN_TRY(stored, context.store().intel().put(std::move(list), std::move(file.entries)));
  TOCSIN_CHECK(context.services.settings.enrichment->reload(enrich::Part::kIntel));
  std::string out;
  JsonWriter json(out);
  json.object([&, &kept = stored, &read = file] {
    write_members(json, kept, now);
    json.member("left_out", read.left_out);
    json.member("unreadable", read.unreadable);
  });
  return http::json_response(201, std::move(out));
}

Result<Response> get_lists(Context& context, const Request&) {
  TOCSIN_TRY(lists, context.store().intel().lists());
  const auto total = static_cast<std::int64_t>(lists.size());
  const auto now = context.services.clock.now();
  return http::json_response(
      200, whole_list_json(std::move(lists), total, [&](JsonWriter& json, const store::IntelList& list) {
        json.object([&] { write_members(json, list, now); });
      }));
}

Result<store::IntelList> find_list(Context& context, const Request& request) {
  const auto id = IntelListId::parse(request.path_param("id"));
  if (!id) return not_found("intelligence list", request.path_param("id"));
  TOCSIN_TRY(list, context.store().intel().find_list(*id));
  if (!list) return not_found("intelligence list", request.path_param("id"));
  return *std::move(list);
}

Result<std::int64_t> cursor_of(const Request& request) {
  const auto text = request.query_param("cursor").value_or("0");
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc{} && end == text.data() + text.size() && number >= 0) return number;
  return error(ErrorKind::kInvalidInput, "list indicators", "this cursor is none of this list",
               "start without a cursor", "cursor");
}

Result<Response> get_entries(Context& context, const Request& request) {
  TOCSIN_TRY(list, find_list(context, request));
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 50));
  TOCSIN_TRY(after, cursor_of(request));
  TOCSIN_TRY(entries, context.store().intel().entries(list.id, after, limit));
  const bool more = entries.size() == limit;
  std::string out;
  JsonWriter json(out);
  json.object([&, &all = entries, &of = list] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& numbered : all) write_entry(json, numbered.second);
      });
    });
    more ? json.member("next_cursor", std::to_string(all.back().first)) : json.member("next_cursor", nullptr);
    json.member("total", of.entries);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> delete_list(Context& context, const Request& request) {
  TOCSIN_TRY(list, find_list(context, request));
  TOCSIN_CHECK(context.store().intel().remove(list.id));
  TOCSIN_CHECK(context.services.settings.enrichment->reload(enrich::Part::kIntel));
  Response response;
  response.status = 204;
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/intel/lists", get_lists},
    {Method::kPost, "/api/v1/intel/lists", import_list},
    {Method::kGet, "/api/v1/intel/lists/{id}/entries", get_entries},
    {Method::kDelete, "/api/v1/intel/lists/{id}", delete_list},
};

}  // namespace

void add_intel_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
