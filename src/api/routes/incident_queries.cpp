// Ready-to-run hunting queries of an incident, with links that open them where the configuration says.

#include "api/context.h"
#include "api/hunt_case.h"
#include "api/json_writer.h"
#include "hunt/links.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

void write_query(JsonWriter& json, const hunt::Query& query, const hunt::Links& links) {
  const auto link = hunt::link_to(query, links);
  json.object([&] {
    json.member("id", query.id);
    json.member("language", to_text(query.language));
    json.member("platform", to_text(query.platform));
    json.member("platform_title", title_of(query.platform));
    json.member("title", query.title);
    json.member("purpose", query.purpose);
    json.member("query", query.text);
    json.member("techniques", query.techniques);
    json.member("from", query.from);
    json.member("until", query.until);
    link.empty() ? json.member("link", nullptr) : json.member("link", link);
    json.member("notes", query.notes);
  });
}

Result<Response> get_queries(Context& context, const Request& request) {
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  const auto wanted = request.query_param("platform");
  const auto queries = hunt::incident_queries(hunt_case(loaded));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", loaded.facts.incident.id.str());
    json.member("items", [&] {
      json.array([&] {
        for (const auto& query : queries) {
          if (!wanted || to_text(query.platform) == *wanted)
            write_query(json, query, context.services.settings.siem_links);
        }
      });
    });
    json.member("notes", [&] {
      json.array([&] {
        if (queries.empty()) json.value("The incident names nothing that can be searched for.");
      });
    });
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/incidents/{id}/queries", get_queries},
};

}  // namespace

void add_incident_query_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
