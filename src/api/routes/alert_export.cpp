// All alerts of a search as one file, in pieces: memory does not grow with their number.

#include "api/context.h"
#include "api/query_text.h"
#include "export/alerts_csv.h"
#include "model/alert_json.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kAlertsOfAPiece = 200;

struct Format {
  std::string_view name;
  std::string_view file;
  std::string_view content_type;
  void (*begin)(std::string&);
  void (*add)(std::string&, const model::Alert&);
};

void add_line(std::string& out, const model::Alert& alert) {
  append_alert_json(out, alert, true);
  out += '\n';
}

constexpr Format kFormats[] = {
    {"csv", "alerts.csv", "text/csv; charset=utf-8; header=present", exports::append_csv_header,
     exports::append_csv_row},
    {"ndjson", "alerts.ndjson", "application/x-ndjson", [](std::string&) {}, add_line},
};

Result<const Format*> format_of(const Request& request) {
  const auto name = request.query_param("format").value_or("csv");
  for (const auto& format : kFormats) {
    if (format.name == name) return &format;
  }
  return error(ErrorKind::kInvalidInput, "export alerts", "there is no such export format",
               "known: csv, ndjson", "format");
}

// Page after page of the list. An alert that changes meanwhile may move to a page that was already sent; the
// newest-first order, which is the usual one, has no such moves.
class Pieces {
 public:
  Pieces(store::TenantStore& store, AlertFilter filter, const Format& format)
      : store_(store), query_(std::move(filter.query)), format_(format), ended_(filter.matches_nothing) {
    query_.limit = kAlertsOfAPiece;
    format_.begin(ready_);
  }

  // Reads ahead, so that a search which the store refuses is refused before the first byte goes out.
  Result<void> read_page() {
    if (ended_) return {};
    TOCSIN_TRY(page, store_.alerts().list(query_, true));
    for (const auto& alert : page.items) format_.add(ready_, alert);
    query_.cursor = page.next_cursor;
    ended_ = query_.cursor.empty();
    return {};
  }

  // A page of a costly search may hold nothing and go on all the same.
  std::optional<http::Piece> next() {
    if (begun_ && !read_page()) return std::nullopt;
    begun_ = true;
    return http::Piece{std::exchange(ready_, {}), ended_};
  }

 private:
  store::TenantStore& store_;
  store::AlertQuery query_;
  const Format& format_;
  std::string ready_;
  bool begun_ = false;
  bool ended_;
};

Result<Response> export_alerts(Context& context, const Request& request) {
  TOCSIN_TRY(format, format_of(request));
  auto asked = request;
  std::erase_if(asked.query, [](const auto& parameter) { return parameter.first == "format"; });
  TOCSIN_TRY(filter, alert_filter(asked, context.scope()));
  const auto pieces = std::make_shared<Pieces>(context.store(), std::move(filter), *format);
  TOCSIN_CHECK(pieces->read_page());
  Response response;
  response.headers.emplace_back("Content-Type", format->content_type);
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + std::string(format->file) + '"');
  response.next_piece = [pieces] { return pieces->next(); };
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/alerts/export", export_alerts},
};

}  // namespace

void add_alert_export_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
