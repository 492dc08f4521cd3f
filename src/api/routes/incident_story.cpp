// What an incident's alerts tell together: the timeline with its phases, the graph of its entities, incidents
// like it.

#include <algorithm>
#include <map>
#include <set>

#include "api/context.h"
#include "api/dto/view_dto.h"
#include "api/incident_access.h"
#include "api/query_text.h"
#include "triage/entity_graph.h"
#include "triage/similarity.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

// ---- timeline
// -----------------------------------------------------------------------------------------------

Result<bool> newest_first(const Request& request) {
  const auto order = request.query_param("order").value_or("oldest");
  if (order == "oldest") return false;
  if (order == "newest") return true;
  return error(ErrorKind::kInvalidInput, "read the timeline", "there is no such order", "oldest or newest",
               "order");
}

Result<Response> get_timeline(Context& context, const Request& request) {
  TOCSIN_TRY(newest, newest_first(request));
  TOCSIN_TRY(loaded, load_view(context, request, kTimelineShown));
  std::string out;
  JsonWriter json(out);
  write_timeline(json, loaded.facts, loaded.view, newest);
  return http::json_response(200, std::move(out));
}

// ---- graph
// --------------------------------------------------------------------------------------------------

Result<triage::GraphQuery> graph_query(const Request& request) {
  triage::GraphQuery query;
  query.around = request.query_param("around").value_or("");
  TOCSIN_TRY(depth, number_parameter(request, "depth", 1, 5, query.depth));
  TOCSIN_TRY(nodes, number_parameter(request, "nodes", 1, 500, query.nodes));
  TOCSIN_TRY(edges, number_parameter(request, "edges", 1, 2000, query.edges));
  query.depth = depth;
  query.nodes = nodes;
  query.edges = edges;
  return query;
}

void write_node(JsonWriter& json, const triage::GraphNode& node) {
  json.object([&] {
    json.member("id", triage::node_id(node.entity));
    json.member("kind", to_text(node.entity.kind));
    json.member("value", node.entity.value);
    json.member("role", to_text(node.entity.role));
    json.member("alerts", node.alerts);
    json.member("severity", to_text(node.severity));
    json.member("first_seen", node.first_seen);
    json.member("last_seen", node.last_seen);
    json.member("distance", node.distance);
  });
}

void write_edge(JsonWriter& json, const triage::EntityGraph& graph, const triage::GraphEdge& edge) {
  json.object([&] {
    json.member("from", triage::node_id(graph.nodes[edge.from].entity));
    json.member("to", triage::node_id(graph.nodes[edge.to].entity));
    json.member("directed", edge.directed);
    json.member("alerts", edge.alerts);
    json.member("alert_ids", edge.alert_ids);
  });
}

Result<Response> get_graph(Context& context, const Request& request) {
  TOCSIN_TRY(query, graph_query(request));
  TOCSIN_TRY(loaded, load_view(context, request, kTimelineShown));
  TOCSIN_TRY(graph, triage::make_entity_graph(loaded.facts.members, query));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", loaded.facts.incident.id.str());
    json.member("nodes", [&] {
      json.array([&] {
        for (const auto& node : graph.nodes) write_node(json, node);
      });
    });
    json.member("edges", [&] {
      json.array([&] {
        for (const auto& edge : graph.edges) write_edge(json, graph, edge);
      });
    });
    json.member("total_nodes", graph.total_nodes);
    json.member("total_edges", graph.total_edges);
  });
  return http::json_response(200, std::move(out));
}

// ---- similar incidents
// --------------------------------------------------------------------------------------

constexpr std::size_t kSearches = 8;           // values of this incident that others are looked for by
constexpr std::size_t kAlertsASearch = 50;     // newest ones
constexpr std::size_t kCandidates = 30;        // compared
constexpr std::size_t kAlertsACandidate = 50;  // first ones

struct Similar {
  model::Incident incident;
  triage::Similarity similarity;
};

// The entities that most of its alerts name, and its commonest kinds of alert.
std::vector<store::AlertQuery> searches_for(const Loaded& loaded) {
  std::map<std::string, std::size_t> types;
  for (const auto& member : loaded.facts.members) ++types[member.alert.type];
  std::vector<store::AlertQuery> searches;
  const auto add = [&](auto&& fill) {
    if (searches.size() == kSearches) return;
    fill(searches.emplace_back());
    searches.back().limit = kAlertsASearch;
  };
  for (const auto& counted : loaded.view.entities) {
    if (searches.size() == kSearches / 2) break;
    add([&](store::AlertQuery& query) { query.entities = {counted.entity.value}; });
  }
  std::vector<std::pair<std::size_t, std::string>> commonest;
  for (const auto& [type, alerts] : types) commonest.emplace_back(alerts, type);
  std::stable_sort(commonest.begin(), commonest.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [alerts, type] : commonest) {
    add([&, &name = type](store::AlertQuery& query) { query.type = name; });
  }
  return searches;
}

// Incidents by how many of the searches found them, the most first.
Result<std::vector<IncidentId>> candidates_for(Context& context, const Loaded& loaded) {
  std::map<IncidentId, std::size_t> found;
  for (const auto& search : searches_for(loaded)) {
    TOCSIN_TRY(page, context.store().alerts().list(search));
    std::set<IncidentId> met;
    for (const auto& alert : page.items) {
      if (alert.incident_id && *alert.incident_id != loaded.facts.incident.id) met.insert(*alert.incident_id);
    }
    for (const auto& id : met) ++found[id];
  }
  std::vector<std::pair<std::size_t, IncidentId>> order;
  for (const auto& [id, searches] : found) order.emplace_back(searches, id);
  std::sort(order.rbegin(), order.rend());
  if (order.size() > kCandidates) order.resize(kCandidates);
  std::vector<IncidentId> ids;
  for (const auto& [searches, id] : order) ids.push_back(id);
  return ids;
}

std::vector<model::Alert> alerts_of(const triage::IncidentFacts& facts) {
  std::vector<model::Alert> alerts;
  for (const auto& member : facts.members) alerts.push_back(member.alert);
  return alerts;
}

Result<std::vector<Similar>> similar_to(Context& context, const Loaded& loaded) {
  const auto own = triage::likeness_of(alerts_of(loaded.facts));
  TOCSIN_TRY(ids, candidates_for(context, loaded));
  std::vector<Similar> all;
  for (const auto& id : ids) {
    TOCSIN_TRY(incident, context.store().incidents().find(id));
    if (!incident) continue;
    TOCSIN_TRY(facts, load_facts(context.store(), *std::move(incident), kAlertsACandidate));
    auto similarity = triage::compare(own, triage::likeness_of(alerts_of(facts)));
    if (similarity.score > 0) all.push_back({std::move(facts.incident), std::move(similarity)});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.similarity.score > b.similarity.score; });
  return all;
}

void write_shared(JsonWriter& json, const triage::Likeness& shared) {
  const auto list = [&](std::string_view name, const std::set<std::string>& values) {
    json.member(name, std::vector<std::string>(values.begin(), values.end()));
  };
  json.object([&] {
    list("techniques", shared.techniques);
    list("tactics", shared.tactics);
    list("types", shared.types);
    list("entities", shared.entities);
  });
}

void write_similar(JsonWriter& json, const Similar& similar) {
  const auto& [incident, similarity] = similar;
  json.object([&, &known = incident, &alike = similarity] {
    json.member("id", known.id.str());
    json.member("title", known.title);
    json.member("severity", to_text(known.severity));
    json.member("status", to_text(known.status));
    json.member("verdict", to_text(known.verdict));
    json.member("close_reason", known.close_reason);
    json.member("alert_count", known.alert_count);
    json.member("last_seen", known.last_seen);
    json.member("score", alike.score);
    json.member("reason", triage::similarity_reason(alike));
    json.member("shared", [&] { write_shared(json, alike.shared); });
  });
}

Result<Response> get_similar(Context& context, const Request& request) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, kCandidates, 10));
  TOCSIN_TRY(loaded, load_view(context, request, kViewAlerts));
  TOCSIN_TRY(all, similar_to(context, loaded));
  if (all.size() > limit) all.resize(limit);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("incident_id", loaded.facts.incident.id.str());
    json.member("items", [&] {
      json.array([&] {
        for (const auto& similar : all) write_similar(json, similar);
      });
    });
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/incidents/{id}/timeline", get_timeline},
    {Method::kGet, "/api/v1/incidents/{id}/graph", get_graph},
    {Method::kGet, "/api/v1/incidents/{id}/similar", get_similar},
};

}  // namespace

void add_incident_story_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
