// What sends to this server, and what its silence means.

#include "api/context.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

void write_totals(JsonWriter& json, const observe::SourceTotals& totals) {
  json.member("records", totals.records);
  json.member("bytes", totals.bytes);
  json.member("alerts", totals.alerts);
  json.member("occurrences", totals.occurrences);
  json.member("duplicates", totals.duplicates);
  json.member("events", totals.events);
  json.member("unreadable", totals.unreadable);
  json.member("dead_letters", totals.dead_letters);
  json.member("cut", totals.cut);
  json.member("dropped", totals.dropped);
  json.member("errors", totals.errors);
}

void write_reasons(JsonWriter& json, const observe::SourceReport& report) {
  json.member("unreadable_by_reason", [&] {
    json.array([&] {
      for (const auto& [reason, count] : report.unreadable_by_reason) {
        json.object([&, reason = std::string_view(reason), count = count] {
          json.member("reason", reason);
          json.member("count", count);
        });
      }
    });
  });
}

void write_source(JsonWriter& json, const SourceStatus& source) {
  const auto& report = source.report;
  json.object([&] {
    json.member("name", source.name);
    json.member("kind", source.kind);
    json.member("transport", source.transport);
    json.member("address", source.address);
    json.member("reads_as", source.reads_as);
    json.member("state", to_text(report.speech));
    json.member("silent_since", report.silent_since);
    json.member("last_record_at", report.last_record_at);
    json.member("expected_interval_seconds", source.expected_interval.count());
    json.member("last_minute", report.last_minute);
    json.member("last_hour", report.last_hour);
    write_totals(json, report.totals);
    write_reasons(json, report);
    json.member("last_error", report.last_error);
    json.member("last_error_at", report.last_error_at);
    json.member("connections", report.connections);
    json.member("alerts_stored", source.alerts_stored);
    json.member("events_stored", source.events_stored);
  });
}

Result<Response> list_sources(Context& context, const Request&) {
  const auto& list = context.services.settings.sources;
  std::vector<SourceStatus> sources;
  if (list) {
    TOCSIN_TRY(known, list());
    sources = std::move(known);
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& source : sources) write_source(json, source);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {{Method::kGet, "/api/v1/sources", list_sources}};

}  // namespace

void add_source_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
