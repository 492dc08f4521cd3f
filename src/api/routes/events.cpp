// Raw events: stored, judged by the rules, answered with the alerts that came of them.

#include "api/body.h"
#include "api/context.h"
#include "api/dto/event_dto.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

// A line that is no JSON becomes null here, which read_events rejects with its index.
Result<boost::json::array> lines_of(std::string_view body) {
  boost::json::array items;
  while (!body.empty()) {
    const auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto item = parse_json(line);
    items.push_back(item ? *std::move(item) : boost::json::value(nullptr));
  }
  return items;
}

Result<boost::json::array> items_of(const Request& request) {
  if (request.content_type() == "application/x-ndjson") return lines_of(request.body);
  TOCSIN_TRY(body, parse_json_body(request));
  if (body.is_array()) return std::move(body.as_array());
  if (!body.is_object()) {
    return error(ErrorKind::kInvalidInput, "read events", "the body must be an event or an array of events");
  }
  if (const auto* events = body.as_object().if_contains("events"); events != nullptr && events->is_array()) {
    return events->get_array();
  }
  return boost::json::array{std::move(body)};
}

std::string reply_json(const EventBatch& batch, const std::vector<std::string>& alerts) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("accepted", batch.indexes.size());
    json.member("alerts", alerts);
    json.member("rejected", [&] {
      json.array([&] {
        for (const auto& rejected : batch.rejected) {
          json.object([&] {
            json.member("index", rejected.index);
            json.member("reason", rejected.reason);
            json.member("pointer", rejected.pointer);
          });
        }
      });
    });
  });
  return out;
}

Result<Response> take_events(Context& context, const Request& request) {
  TOCSIN_TRY(items, items_of(request));
  if (items.size() > kMaxEvents) {
    return error(ErrorKind::kInvalidInput, "read events", "more than 10,000 events in one body",
                 "send them in parts");
  }
  auto batch = read_events(items, "", context.services.clock.now());
  TOCSIN_TRY(seqs, context.events.store(std::move(batch.events)));
  TOCSIN_TRY(alerts, context.events.alerts_of(seqs));
  return http::json_response(200, reply_json(batch, alerts));
}

constexpr RouteRow kRoutes[] = {{Method::kPost, "/api/v1/events", take_events}};

}  // namespace

void add_event_routes(http::Router& router, const ContextPtr& context) {
  add_routes(router, context, kRoutes);
}

}  // namespace tocsin::api
