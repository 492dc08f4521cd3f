#pragma once
// Every route of the product, on one router. api/openapi.yaml describes the same routes; a test compares the
// two.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/live.h"
#include "api/services.h"
#include "http/http.h"

namespace tocsin::api {

struct Access;  // access.h

// Answers a path of packed files, such as "/index.html" (200 or 304); absent when there is no such file.
using AssetFinder =
    std::function<std::optional<http::Response>(std::string_view path, const http::Request& request)>;

struct Site {
  AssetFinder console;  // empty: built without the console; its pages answer 404 and say so
  AssetFinder docs;     // files of api/docs-viewer/dist
  // Prometheus text of the other parts (server, pipeline, store), appended to /metrics. May be empty.
  std::function<std::string()> more_metrics;
  Access* access = nullptr;  // never null while a route runs; outlives the router
};

// What serves one tenant. Both outlive the router.
struct Desk {
  Services* services = nullptr;
  LiveHub* live = nullptr;
};
// kNotFound when there is no such tenant, or it is suspended. Any thread.
using DeskFinder = std::function<Result<Desk>(store::TenantId tenant)>;

// The WebSockets, each client with the feed of the tenant that it was admitted to.
struct Feeds {
  http::WebSocketHandler all;     // /ws
  http::WebSocketHandler alerts;  // /ws/alerts
};

// Call once, before the server starts.
Feeds register_routes(http::Router& router, DeskFinder find_desk, Site site = {});
// The same for the default tenant alone: callers of another get 404. `services` and `live` outlive the
// router.
Feeds register_routes(http::Router& router, Services& services, LiveHub& live, Site site = {});

// Media types that files may have, beside JSON's.
inline constexpr std::array<std::string_view, 8> kUploadTypes{
    "application/octet-stream", "application/gzip", "application/x-gzip", "application/xml",
    "message/rfc822",           "text/csv",         "text/plain",         "text/xml"};

// The bytes of api/openapi.yaml.
std::string_view openapi_document();

}  // namespace tocsin::api
