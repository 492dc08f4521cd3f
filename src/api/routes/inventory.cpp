// The tables of assets and users: rows by JSON, whole tables by CSV.

#include "api/body.h"
#include "api/changes.h"
#include "api/context.h"
#include "api/dto/inventory_dto.h"
#include "api/dto/page_dto.h"
#include "api/query_text.h"
#include "enrich/inventory_fields.h"
#include "enrich/library.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using store::Asset;
using store::PutMode;
using store::User;

constexpr std::size_t kMaxJsonRows = 10'000;
constexpr std::size_t kMaxFilter = 200;

template <class Row>
struct Noun;
template <>
struct Noun<Asset> {
  static constexpr std::string_view kName = "asset";
  static constexpr enrich::Part kPart = enrich::Part::kAssets;
  static store::AssetTable& table(const Context& context) { return context.store().assets(); }
  static std::string_view field(std::string_view name) { return enrich::asset_field(name); }
  static Result<enrich::Table<Asset>> read(std::string_view csv) { return enrich::read_assets(csv); }
};
template <>
struct Noun<User> {
  static constexpr std::string_view kName = "user";
  static constexpr enrich::Part kPart = enrich::Part::kUsers;
  static store::UserTable& table(const Context& context) { return context.store().users(); }
  static std::string_view field(std::string_view name) { return enrich::user_field(name); }
  static Result<enrich::Table<User>> read(std::string_view csv) { return enrich::read_users(csv); }
};

// A member as the text that a cell would hold; absent for what is neither text, flag nor list of texts.
std::optional<std::string> text_of(const boost::json::value& value) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return std::string(value.as_bool() ? "true" : "false");
  if (!value.is_array()) return std::nullopt;
  std::string out;
  for (const auto& item : value.as_array()) {
    if (!item.is_string()) return std::nullopt;
    out += std::string(item.as_string()) + '\n';
  }
  return out;
}

struct JsonFault {
  std::string pointer;
  std::string reason;
};

// Empty, or what is wrong with the row.
template <class Row>
std::vector<JsonFault> read_json_row(const boost::json::value& value, Row& row) {
  const auto* object = value.if_object();
  if (object == nullptr) return {{"", "must be an object"}};
  std::vector<JsonFault> faults;
  std::vector<std::string> held;
  std::vector<std::string_view> names;
  for (const auto& [name, member] : *object) {
    auto text = text_of(member);
    if (name.empty() || Noun<Row>::field(name) != std::string_view(name)) {
      faults.push_back({pointer_to(name), "is unknown"});
    } else if (!text) {
      faults.push_back({pointer_to(name), "must be a text, a flag or a list of texts"});
    } else {
      names.emplace_back(name);
      held.push_back(*std::move(text));
    }
  }
  std::vector<enrich::NamedText> texts;
  for (std::size_t i = 0; i < names.size(); ++i) texts.push_back({names[i], held[i]});
  for (auto& fault : enrich::read_row(texts, row)) {
    faults.push_back(
        {fault.index < names.size() ? pointer_to(names[fault.index]) : "", std::move(fault.reason)});
  }
  return faults;
}

Response refused(const std::vector<JsonFault>& faults, std::string_view trace_id) {
  http::Problem problem{422, "Wrong content", "The row cannot be stored.", "", {}};
  for (const auto& fault : faults) problem.errors.emplace_back(fault.pointer, fault.reason);
  return http::problem_response(problem, trace_id);
}

template <class Row>
Response row_response(int status, const Row& row) {
  std::string out;
  JsonWriter json(out);
  write_row(json, row);
  auto response = http::json_response(status, std::move(out));
  set_etag(response, row.meta.version);
  return response;
}

template <class Row>
void sign(Row& row, std::string_view origin) {
  row.meta.origin = origin;
  row.meta.updated_by = actor();
}

Result<PutMode> mode_of(const Request& request) {
  const auto mode = request.query_param("mode").value_or("merge");
  if (mode == "merge") return PutMode::kMerge;
  if (mode == "replace") return PutMode::kReplace;
  if (mode == "add") return PutMode::kAdd;
  return error(ErrorKind::kInvalidInput, "store rows", "mode must be merge, replace or add", "", "mode");
}

// An empty export, or the wrong file: it would delete every row.
Error no_rows() {
  return error(ErrorKind::kInvalidInput, "store rows", "the table has no row below its header",
               "With mode=replace it would delete all; to empty the table, send [] as JSON.");
}

// A row that cannot be read was sent all the same: it must not go as one that was not.
template <class Row>
Error not_the_whole(const enrich::Table<Row>& table) {
  const auto& first = table.faults.front();
  return error(ErrorKind::kInvalidInput, "replace the table",
               std::to_string(table.rejected) + " rows cannot be read, so nothing was changed; the first: " +
                   first.field + ' ' + first.reason,
               "Mend them, or send with mode=merge.", "line " + std::to_string(first.line));
}

template <class Row>
Result<Response> store_many(Context& context, enrich::Table<Row> table, std::string_view origin,
                            PutMode mode) {
  if (mode == PutMode::kReplace && table.rejected > 0) return not_the_whole(table);
  for (auto& row : table.rows) sign(row, origin);
  const auto accepted = table.rows.size();
  TOCSIN_TRY(outcome, Noun<Row>::table(context).put(std::move(table.rows), mode));
  TOCSIN_CHECK(context.services.settings.enrichment->reload(Noun<Row>::kPart));
  std::string out;
  JsonWriter json(out);
  json.object([&, &stored = outcome] {
    json.member("accepted", accepted);
    json.member("created", stored.created);
    json.member("updated", stored.updated);
    json.member("removed", stored.removed);
    json.member("rejected", table.rejected);
    json.member("faults", [&] {
      json.array([&] {
        for (const auto& fault : table.faults) write_fault(json, fault);
      });
    });
    json.member("left_out_columns", table.left_out);
  });
  return http::json_response(200, std::move(out));
}

template <class Row>
Result<Response> store_one(Context& context, const Request& request, const boost::json::value& value,
                           PutMode mode) {
  Row row;
  if (const auto faults = read_json_row(value, row); !faults.empty())
    return refused(faults, request.trace_id);
  sign(row, "api");
  const auto name = row.name;
  auto& table = Noun<Row>::table(context);
  TOCSIN_TRY(outcome, table.put({std::move(row)}, mode));
  TOCSIN_CHECK(context.services.settings.enrichment->reload(Noun<Row>::kPart));
  TOCSIN_TRY(stored, table.find_by_name(name));
  if (!stored) return not_found(Noun<Row>::kName, name);
  return row_response(outcome.created == 1 ? 201 : 200, *stored);
}

template <class Row>
Result<Response> store_json(Context& context, const Request& request, PutMode mode) {
  TOCSIN_TRY(body, parse_json_body(request));
  if (!body.is_array() && mode != PutMode::kReplace) return store_one<Row>(context, request, body, mode);
  if (!body.is_array()) body = boost::json::array{std::move(body)};
  if (body.as_array().size() > kMaxJsonRows)
    return error(ErrorKind::kInvalidInput, "store rows", "more than 10,000 rows", "send them as text/csv");
  enrich::Table<Row> table;
  for (std::size_t i = 0; i < body.as_array().size(); ++i) {
    Row row;
    const auto faults = read_json_row(body.as_array()[i], row);
    if (faults.empty()) {
      table.rows.push_back(std::move(row));
      continue;
    }
    ++table.rejected;
    if (table.faults.size() < enrich::kMaxFaults)
      table.faults.push_back({i + 1, 0, faults.front().pointer, faults.front().reason});
  }
  return store_many<Row>(context, std::move(table), "api", mode);
}

template <class Row>
Result<Response> post_rows(Context& context, const Request& request) {
  TOCSIN_TRY(mode, mode_of(request));
  if (request.content_type() != "text/csv") return store_json<Row>(context, request, mode);
  TOCSIN_TRY(table, Noun<Row>::read(request.body));
  if (mode == PutMode::kReplace && table.rows.empty() && table.rejected == 0) return no_rows();
  return store_many<Row>(context, std::move(table), "csv", mode);
}

template <class Row>
Result<store::Page<Row>> page_of(const store::InventoryTable<Row>& table, const Request& request) {
  store::Page<Row> page;
  if (const auto name = request.query_param("name")) {
    TOCSIN_TRY(row, table.find_by_name(*name));
    if (row) page.items.push_back(*std::move(row));
    page.total = std::ssize(page.items);
    return page;
  }
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 50));
  const auto text = request.query_param("q").value_or("").substr(0, kMaxFilter);
  TOCSIN_TRY(rows, table.list(text, request.query_param("cursor").value_or(""), limit));
  TOCSIN_TRY(total, table.count(text));
  page.items = std::move(rows);
  page.total = total;
  if (page.items.size() == limit) page.next_cursor = page.items.back().name;
  return page;
}

template <class Row>
Result<Response> get_rows(Context& context, const Request& request) {
  TOCSIN_TRY(page, page_of(Noun<Row>::table(context), request));
  return http::json_response(200,
                             page_json(page, [](JsonWriter& json, const Row& row) { write_row(json, row); }));
}

template <class Row>
Result<Response> get_row(Context& context, const Request& request) {
  TOCSIN_TRY(row, Noun<Row>::table(context).find(request.path_param("id")));
  if (!row) return not_found(Noun<Row>::kName, request.path_param("id"));
  return row_response(200, *row);
}

template <class Row>
Result<Response> put_row(Context& context, const Request& request) {
  TOCSIN_TRY(body, parse_json_body(request));
  Row row;
  if (const auto faults = read_json_row(body, row); !faults.empty()) return refused(faults, request.trace_id);
  sign(row, "api");
  const auto wanted = if_match(request);
  const auto stored = Noun<Row>::table(context).replace(request.path_param("id"), std::move(row), wanted);
  if (!stored) return to_change_problem(stored.error(), wanted.has_value(), request.trace_id);
  TOCSIN_CHECK(context.services.settings.enrichment->reload(Noun<Row>::kPart));
  return row_response(200, *stored);
}

template <class Row>
Result<Response> delete_row(Context& context, const Request& request) {
  const auto wanted = if_match(request);
  const auto removed = Noun<Row>::table(context).remove(request.path_param("id"), wanted);
  if (!removed) return to_change_problem(removed.error(), wanted.has_value(), request.trace_id);
  TOCSIN_CHECK(context.services.settings.enrichment->reload(Noun<Row>::kPart));
  Response response;
  response.status = 204;
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/assets", get_rows<Asset>},
    {Method::kPost, "/api/v1/assets", post_rows<Asset>},
    {Method::kGet, "/api/v1/assets/{id}", get_row<Asset>},
    {Method::kPut, "/api/v1/assets/{id}", put_row<Asset>},
    {Method::kDelete, "/api/v1/assets/{id}", delete_row<Asset>},
    {Method::kGet, "/api/v1/users", get_rows<User>},
    {Method::kPost, "/api/v1/users", post_rows<User>},
    {Method::kGet, "/api/v1/users/{id}", get_row<User>},
    {Method::kPut, "/api/v1/users/{id}", put_row<User>},
    {Method::kDelete, "/api/v1/users/{id}", delete_row<User>},
};

}  // namespace

void add_inventory_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
