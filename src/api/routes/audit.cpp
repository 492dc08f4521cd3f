// The audit: search, export, signed heads, and a check of the chain.

#include <chrono>
#include <limits>

#include "api/context.h"
#include "api/dto/page_dto.h"
#include "api/query_text.h"
#include "base/sha256.h"
#include "base/suggest.h"
#include "export/text.h"
#include "store/audit_chain.h"
#include "store/audit_json.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using store::AuditRecord;

constexpr std::size_t kRecordsOfAPiece = 500;
constexpr auto kLongestCheck = std::chrono::seconds(10);

Result<std::optional<Timestamp>> time_parameter(const Request& request, std::string_view name) {
  const auto given = request.query_param(name);
  if (!given) return std::optional<Timestamp>();
  const auto time = parse_time(*given);
  if (time) return time;
  return error(ErrorKind::kInvalidInput, "search the audit", "it is no time",
               "For example 2026-01-04T12:00:00Z", std::string(name));
}

std::optional<std::string> text_parameter(const Request& request, std::string_view name) {
  const auto given = request.query_param(name);
  return given && !given->empty() ? std::optional(std::string(*given)) : std::nullopt;
}

Result<void> check_action(const std::optional<std::string>& action) {
  std::vector<std::string_view> names;
  for (const auto& known : store::audit_actions()) names.push_back(known.name);
  if (!action || std::find(names.begin(), names.end(), *action) != names.end()) return {};
  return error(ErrorKind::kInvalidInput, "search the audit", "there is no such action",
               name_hint(*action, names), "action");
}

Result<store::AuditQuery> query_of(const Request& request) {
  store::AuditQuery query;
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 50));
  TOCSIN_TRY(from, time_parameter(request, "from"));
  TOCSIN_TRY(until, time_parameter(request, "until"));
  query.actor = text_parameter(request, "actor");
  query.action = text_parameter(request, "action");
  query.object = text_parameter(request, "object");
  query.text = request.query_param("text").value_or("");
  query.cursor = request.query_param("cursor").value_or("");
  query.limit = limit;
  query.from = from;
  query.until = until;
  TOCSIN_CHECK(check_action(query.action));
  return query;
}

Result<Response> list_audit(Context& context, const Request& request) {
  TOCSIN_TRY(query, query_of(request));
  TOCSIN_TRY(page, context.store().audit().list(query));
  return http::json_response(200, page_json(page, store::write_audit_record));
}

Result<Response> list_actions(Context&, const Request&) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("actions", [&] {
      json.array([&] {
        for (const auto& action : store::audit_actions()) {
          json.object([&] {
            json.member("name", action.name);
            json.member("object_kind", action.object_kind);
          });
        }
      });
    });
    json.member("left_out", [&] {
      json.array([&] {
        for (const auto& write : store::unaudited_writes()) {
          json.object([&] {
            json.member("what", write.what);
            json.member("why", write.why);
          });
        }
      });
    });
  });
  return http::json_response(200, std::move(out));
}

// ---- export

void add_line(std::string& out, const AuditRecord& record) {
  JsonWriter json(out);
  store::write_audit_record(json, record);
  out += '\n';
}

// With the byte-order mark without which spreadsheets read another encoding.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void append_row(std::string& out, std::initializer_list<std::string_view> cells) {
  const char* separator = "";
  for (const auto cell : cells) {
    out += separator;
    exports::append_csv_cell(out, cell);
    separator = ",";
  }
  out += "\r\n";
}

void begin_csv(std::string& out) {
  out += kByteOrderMark;
  append_row(out, {"number", "at", "actor", "actor_kind", "address", "action", "object_kind", "object_id",
                   "before", "after", "reason", "trace_id", "prev_hash", "hash"});
}

void add_row(std::string& out, const AuditRecord& record) {
  append_row(out, {std::to_string(record.number), to_rfc3339(record.at), record.actor,
                   store::to_text(record.actor_kind), record.address, record.action, record.object_kind,
                   record.object_id, record.before, record.after, record.reason, record.trace_id,
                   to_hex(record.prev_hash), to_hex(record.hash)});
}

struct Format {
  std::string_view name;
  std::string_view file;
  std::string_view content_type;
  void (*begin)(std::string&);
  void (*add)(std::string&, const AuditRecord&);
};
constexpr Format kFormats[] = {
    {"ndjson", "audit.ndjson", "application/x-ndjson", [](std::string&) {}, add_line},
    {"csv", "audit.csv", "text/csv; charset=utf-8; header=present", begin_csv, add_row},
};

Result<const Format*> format_of(const Request& request) {
  const auto name = request.query_param("format").value_or("ndjson");
  for (const auto& format : kFormats) {
    if (format.name == name) return &format;
  }
  return error(ErrorKind::kInvalidInput, "export the audit", "there is no such export format",
               "known: ndjson, csv", "format");
}

// Page after page, newest first: what is added meanwhile stands before the first one and is not in it.
class Pieces {
 public:
  Pieces(store::AuditStore& audit, store::AuditQuery query, const Format& format)
      : audit_(audit), query_(std::move(query)), format_(format) {
    query_.limit = kRecordsOfAPiece;
    query_.counted = false;
    format_.begin(ready_);
  }
  // Reads ahead, so that a refusal comes before the first byte.
  Result<void> read_page() {
    TOCSIN_TRY(page, audit_.list(query_));
    for (const auto& record : page.items) format_.add(ready_, record);
    query_.cursor = page.next_cursor;
    ended_ = query_.cursor.empty();
    return {};
  }
  std::optional<http::Piece> next() {
    if (begun_ && !ended_ && !read_page()) return std::nullopt;
    begun_ = true;
    return http::Piece{std::exchange(ready_, {}), ended_};
  }

 private:
  store::AuditStore& audit_;
  store::AuditQuery query_;
  const Format& format_;
  std::string ready_;
  bool begun_ = false;
  bool ended_ = false;
};

// Who takes a copy of the record stands in the record.
Result<Response> export_audit(Context& context, const Request& request) {
  TOCSIN_TRY(format, format_of(request));
  TOCSIN_TRY(query, query_of(request));
  const auto pieces = std::make_shared<Pieces>(context.store().audit(), std::move(query), *format);
  TOCSIN_CHECK(pieces->read_page());
  TOCSIN_CHECK(
      context.store().audit().add({store::AuditAction::kAuditExport, std::string(format->file), {}, {}}));
  Response response;
  response.headers.emplace_back("Content-Type", format->content_type);
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + std::string(format->file) + '"');
  response.next_piece = [pieces] { return pieces->next(); };
  return response;
}

// ---- heads and check

Result<Response> list_heads(Context& context, const Request& request) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 100));
  constexpr auto kAll = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  TOCSIN_TRY(before, number_parameter(request, "before", 1, kAll, kAll));
  TOCSIN_TRY(key, context.services.settings.signing_key());
  TOCSIN_TRY(end, context.store().audit().end());
  TOCSIN_TRY(heads, context.store().audit().newest_heads(static_cast<std::int64_t>(before), limit));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("public_key", key.public_pem());
    json.member("key", key.fingerprint());
    json.member("end", [&] {
      json.object([&] { json.member("number", end.number), json.member("hash", to_hex(end.hash)); });
    });
    json.member("heads", [&] {
      json.array([&] {
        for (const auto& head : heads) json.raw(store::to_json_line(head));
      });
    });
    if (heads.size() == limit) {
      json.member("next_before", heads.back().number);
    } else {
      json.member("next_before", nullptr);
    }
  });
  return http::json_response(200, std::move(out));
}

std::string report_json(const store::ChainReport& report, double seconds) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("sound", report.sound());
    json.member("complete", report.complete);
    json.member("records", report.records);
    json.member("heads", report.heads);
    json.member("seconds", seconds);
    json.member("faults", [&] {
      json.array([&] {
        for (const auto& fault : report.faults) {
          json.object([&] {
            json.member("number", fault.number);
            json.member("through", fault.through);
            json.member("what", fault.what);
            json.member("after", fault.after);
            json.member("before", fault.before);
          });
        }
      });
    });
    json.member("more_faults", report.more_faults);
  });
  return out;
}

Result<Response> verify_audit(Context& context, const Request&) {
  const auto start = std::chrono::steady_clock::now();
  TOCSIN_TRY(key, context.services.settings.signing_key());
  auto parsed = PublicKey::parse(key.public_pem());
  if (!parsed) return error(ErrorKind::kInternal, "verify the audit", "the signing key has no public half");
  TOCSIN_TRY(heads, context.services.settings.audit_heads());
  TOCSIN_TRY(end, context.store().audit().end());
  const auto in_time = [&](std::size_t) { return std::chrono::steady_clock::now() - start < kLongestCheck; };
  TOCSIN_TRY(report, store::check_chain({end.tenant, &context.store().audit()}, std::move(heads),
                                        {*std::move(parsed)}, in_time));
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return http::json_response(200, report_json(report, seconds));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/audit", list_audit},
    {Method::kGet, "/api/v1/audit/actions", list_actions},
    {Method::kGet, "/api/v1/audit/export", export_audit},
    {Method::kGet, "/api/v1/audit/heads", list_heads},
    {Method::kPost, "/api/v1/audit/verify", verify_audit},
};

}  // namespace

void add_audit_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
