// What local enrichment knows: its state, its reference files, and what it would say of a value.

#include "api/body.h"
#include "api/context.h"
#include "api/dto/page_dto.h"
#include "enrich/library.h"
#include "model/network.h"

namespace tocsin::api {
namespace {

using enrich::Library;
using enrich::Part;
using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxValue = 2048;
constexpr std::string_view kCatalogueName = "known_exploited_vulnerabilities";

Library& library(const Context& context) {
  return *context.services.settings.enrichment;
}

void write_time(JsonWriter& json, std::string_view name, Timestamp time) {
  time == Timestamp{} ? json.member(name, nullptr) : json.member(name, time);
}

void write_part(JsonWriter& json, const enrich::PartStatus& status) {
  json.object([&] {
    json.member("part", to_text(status.part));
    json.member("entries", status.entries);
    json.member("version", status.version);
    write_time(json, "as_of", status.as_of);
    write_time(json, "loaded_at", status.loaded_at);
    json.member("note", status.note);
    status.origin ? json.member("origin", to_text(*status.origin)) : json.member("origin", nullptr);
  });
}

Result<Response> get_status(Context& context, const Request&) {
  return http::json_response(
      200, whole_list_json(library(context).status(), std::int64_t{enrich::kParts}, write_part));
}

Result<Response> reload(Context& context, const Request& request) {
  TOCSIN_CHECK(library(context).load());
  return get_status(context, request);
}

Result<model::Entity> entity_of(const Request& request) {
  const auto kind = model::parse_entity_kind(request.query_param("kind").value_or(""));
  if (!kind)
    return error(ErrorKind::kInvalidInput, "look up", "kind is no kind of entity",
                 "for example ip, host, user, email, domain, url, hash or cve", "kind");
  const auto value = request.query_param("value").value_or("");
  if (value.empty() || value.size() > kMaxValue)
    return error(ErrorKind::kInvalidInput, "look up", "value must have 1 to 2,048 bytes", "", "value");
  if (*kind == model::EntityKind::kIp && !model::parse_address(value))
    return error(ErrorKind::kInvalidInput, "look up", "value is no IP address",
                 "for example 203.0.113.9 or 2001:db8::1", "value");
  return model::Entity{*kind, std::string(value), model::EntityRole::kRelated};
}

// The value as an indicator too, as far as its kind can be one.
std::optional<model::Ioc> indicator_of(const model::Entity& entity) {
  if (entity.kind != model::EntityKind::kHash) {
    const auto kind = model::parse_ioc_kind(to_text(entity.kind));
    return kind ? std::optional(model::Ioc{*kind, entity.value}) : std::nullopt;
  }
  constexpr std::size_t kMd5 = 32;
  constexpr std::size_t kSha1 = 40;
  const auto size = entity.value.size();
  const auto kind = size == kMd5    ? model::IocKind::kMd5
                    : size == kSha1 ? model::IocKind::kSha1
                                    : model::IocKind::kSha256;
  return model::Ioc{kind, entity.value};
}

void write_fact(JsonWriter& json, const model::Fact& fact) {
  json.object([&] {
    json.member("name", fact.name);
    json.member("value", fact.value);
    json.member("from", fact.from);
    json.member("as_of", fact.as_of);
    json.member("subject", fact.subject);
    json.member("at", fact.at);
  });
}

Result<Response> look_up(Context& context, const Request& request) {
  TOCSIN_TRY(entity, entity_of(request));
  model::Alert asked;
  asked.entities = {entity};
  const auto indicator = indicator_of(entity);
  if (indicator) asked.iocs = {*indicator};
  enrich::apply(*library(context).knowledge(), asked, context.services.clock.now());
  std::string out;
  JsonWriter json(out);
  json.object([&, &of = entity] {
    json.member("kind", to_text(of.kind));
    json.member("value", of.value);
    json.member("may_be_indicator", !asked.iocs.empty());
    json.member("asset_tier", to_text(asked.asset_tier));
    json.member("facts", [&] {
      json.array([&] {
        for (const auto& fact : asked.facts) write_fact(json, fact);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

Result<void> check_type(const Request& request) {
  if (request.content_type() == "application/json") return {};
  return error(ErrorKind::kUnsupported, "import a reference file", "the body must be application/json",
               "send Content-Type: application/json");
}

void write_file(JsonWriter& json, const store::ReferenceFile& file, std::size_t left_out) {
  json.object([&] {
    json.member("id", file.id.str());
    json.member("name", file.name);
    json.member("version", file.version);
    write_time(json, "as_of", file.as_of);
    json.member("imported_at", file.imported_at);
    json.member("imported_by", file.imported_by);
    json.member("entries", file.entries);
    json.member("left_out", left_out);
  });
}

Result<Response> store_file(Context& context, store::ReferenceFile file, std::size_t left_out, Part part) {
  file.imported_by = actor();
  TOCSIN_TRY(stored, context.store().references().put(std::move(file)));
  TOCSIN_CHECK(library(context).reload(part));
  std::string out;
  JsonWriter json(out);
  write_file(json, stored, left_out);
  return http::json_response(201, std::move(out));
}

Result<Response> put_exploited(Context& context, const Request& request) {
  TOCSIN_CHECK(check_type(request));
  TOCSIN_TRY(catalogue, enrich::read_exploited(request.body));
  store::ReferenceFile file;
  file.kind = enrich::kExploitedKind;
  file.name = kCatalogueName;
  file.version = catalogue.version;
  file.as_of = catalogue.as_of;
  file.entries = static_cast<std::int64_t>(catalogue.items.size());
  file.body = request.body;
  return store_file(context, std::move(file), catalogue.left_out, Part::kExploited);
}

Result<Response> delete_exploited(Context& context, const Request&) {
  TOCSIN_TRY(files, context.store().references().list(enrich::kExploitedKind));
  if (files.empty()) return not_found("catalogue", kCatalogueName);
  TOCSIN_CHECK(context.store().references().remove(files.front().id));
  TOCSIN_CHECK(library(context).reload(Part::kExploited));
  Response response;
  response.status = 204;
  return response;
}

void write_list(JsonWriter& json, const enrich::WarningIndex::Info& info, std::string_view id) {
  json.object([&] {
    id.empty() ? json.member("id", nullptr) : json.member("id", id);
    json.member("name", info.list.name);
    json.member("description", info.list.description);
    json.member("version", info.list.version);
    write_time(json, "as_of", info.list.as_of);
    json.member("type", to_text(info.list.type));
    json.member("category", info.list.known ? "known" : "false_positive");
    json.member("origin", info.origin);
    json.member("entries", info.values);
    json.member("left_out", info.list.left_out);
  });
}

Result<Response> get_warning_lists(Context& context, const Request&) {
  TOCSIN_TRY(files, context.store().references().list(enrich::kWarningListKind));
  const auto knowledge = library(context).knowledge();
  const auto id_of = [&files = files](const enrich::WarningIndex::Info& info) {
    for (const auto& file : files) {
      if (info.origin == "uploaded" && file.name == info.list.name) return file.id.str();
    }
    return std::string();
  };
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& info : knowledge->warnings->lists()) write_list(json, info, id_of(info));
      });
    });
    json.member("next_cursor", nullptr);
    json.member("total", knowledge->warnings->lists().size());
  });
  return http::json_response(200, std::move(out));
}

Result<Response> post_warning_list(Context& context, const Request& request) {
  TOCSIN_CHECK(check_type(request));
  TOCSIN_TRY(list, enrich::read_warning_list(request.body));
  store::ReferenceFile file;
  file.kind = enrich::kWarningListKind;
  file.name = list.name;
  file.version = list.version;
  file.as_of = list.as_of;
  file.body = request.body;
  enrich::WarningIndex trial;  // says what the matcher cannot read: a wrong block or expression
  trial.add(std::move(list), "");
  const auto& told = trial.lists().front();
  if (told.values == 0) {
    return error(ErrorKind::kInvalidInput, "store warning list", "no value of it can be used",
                 std::to_string(told.list.left_out) +
                     " are not what its type says; a list of that name stays as it was");
  }
  file.entries = static_cast<std::int64_t>(told.values);
  return store_file(context, std::move(file), told.list.left_out, Part::kWarnings);
}

Result<Response> delete_warning_list(Context& context, const Request& request) {
  const auto id = ReferenceId::parse(request.path_param("id"));
  TOCSIN_TRY(files, context.store().references().list(enrich::kWarningListKind));
  const bool known =
      id && std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.id == *id; });
  if (!known) return not_found("warning list", request.path_param("id"));
  TOCSIN_CHECK(context.store().references().remove(*id));
  TOCSIN_CHECK(library(context).reload(Part::kWarnings));
  Response response;
  response.status = 204;
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/enrichment", get_status},
    {Method::kPost, "/api/v1/enrichment/reload", reload},
    {Method::kGet, "/api/v1/enrichment/lookup", look_up},
    {Method::kPut, "/api/v1/enrichment/known-exploited", put_exploited},
    {Method::kDelete, "/api/v1/enrichment/known-exploited", delete_exploited},
    {Method::kGet, "/api/v1/enrichment/warning-lists", get_warning_lists},
    {Method::kPost, "/api/v1/enrichment/warning-lists", post_warning_list},
    {Method::kDelete, "/api/v1/enrichment/warning-lists/{id}", delete_warning_list},
};

}  // namespace

void add_enrichment_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
