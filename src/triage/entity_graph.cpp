#include "triage/entity_graph.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace tocsin::triage {
namespace {

using model::Entity;
using model::EntityRole;

constexpr std::size_t kEntitiesOfAnAlert = 12;  // pairs grow with the square
constexpr std::size_t kNodesKnown = 5'000;
constexpr auto kFar = std::numeric_limits<std::size_t>::max();

using Pair = std::pair<std::size_t, std::size_t>;

struct Draft {
  struct Node {
    GraphNode shown;
    std::map<EntityRole, std::size_t> roles;
    std::vector<std::size_t> neighbours;
  };
  std::vector<Node> nodes;
  std::map<std::string, std::size_t, std::less<>> by_id;
  std::map<Pair, GraphEdge> edges;
};

bool acts(EntityRole role) {
  return role == EntityRole::kSource || role == EntityRole::kActor;
}

bool is_acted_upon(EntityRole role) {
  return role == EntityRole::kTarget || role == EntityRole::kDestination;
}

std::optional<std::size_t> add_node(Draft& draft, const Entity& entity, const model::Alert& alert) {
  const auto id = node_id(entity);
  auto at = draft.by_id.find(id);
  if (at == draft.by_id.end()) {
    if (draft.nodes.size() >= kNodesKnown) return std::nullopt;
    at = draft.by_id.emplace(id, draft.nodes.size()).first;
    auto& made = draft.nodes.emplace_back().shown;
    made.entity = entity;
    made.first_seen = made.last_seen = alert.occurred_at;
  }
  auto& node = draft.nodes[at->second];
  ++node.roles[entity.role];
  node.shown.severity = std::max(node.shown.severity, alert.severity);
  node.shown.first_seen = std::min(node.shown.first_seen, alert.occurred_at);
  node.shown.last_seen = std::max(node.shown.last_seen, alert.last_seen);
  return at->second;
}

void add_edge(Draft& draft, Pair nodes, bool directed, const model::Alert& alert) {
  if (!directed && nodes.first > nodes.second) std::swap(nodes.first, nodes.second);
  const auto [at, is_new] = draft.edges.try_emplace(nodes);
  auto& edge = at->second;
  if (is_new) {
    draft.nodes[nodes.first].neighbours.push_back(nodes.second);
    draft.nodes[nodes.second].neighbours.push_back(nodes.first);
    edge.from = nodes.first;
    edge.to = nodes.second;
  }
  edge.directed = edge.directed || directed;
  ++edge.alerts;
  if (edge.alert_ids.size() < kEdgeIds) edge.alert_ids.push_back(alert.id.str());
}

void join(Draft& draft, std::pair<std::size_t, EntityRole> a, std::pair<std::size_t, EntityRole> b,
          const model::Alert& alert) {
  if (a.first == b.first) return;
  if (acts(a.second) && is_acted_upon(b.second)) return add_edge(draft, {a.first, b.first}, true, alert);
  if (acts(b.second) && is_acted_upon(a.second)) return add_edge(draft, {b.first, a.first}, true, alert);
  add_edge(draft, {a.first, b.first}, false, alert);
}

void add_alert(Draft& draft, const model::Alert& alert) {
  std::map<std::size_t, EntityRole> named;  // an entity named twice counts once, by its first role
  for (const auto& entity : alert.entities) {
    if (named.size() >= kEntitiesOfAnAlert) break;
    if (const auto node = add_node(draft, entity, alert)) named.emplace(*node, entity.role);
  }
  for (auto a = named.begin(); a != named.end(); ++a) {
    ++draft.nodes[a->first].shown.alerts;
    for (auto b = std::next(a); b != named.end(); ++b) join(draft, *a, *b, alert);
  }
}

EntityRole commonest(const std::map<EntityRole, std::size_t>& roles) {
  return std::max_element(roles.begin(), roles.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// Steps from `start`; kFar beyond `depth`.
std::vector<std::size_t> distances_from(const Draft& draft, std::size_t start, std::size_t depth) {
  std::vector<std::size_t> distance(draft.nodes.size(), kFar);
  std::vector<std::size_t> reached{start};
  distance[start] = 0;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const auto node = reached[i];
    if (distance[node] >= depth) continue;
    for (const auto next : draft.nodes[node].neighbours) {
      if (distance[next] != kFar) continue;
      distance[next] = distance[node] + 1;
      reached.push_back(next);
    }
  }
  return distance;
}

Result<std::vector<std::size_t>> distances(const Draft& draft, const GraphQuery& query) {
  if (query.around.empty()) return std::vector<std::size_t>(draft.nodes.size(), 0);
  const auto start = draft.by_id.find(query.around);
  if (start == draft.by_id.end()) {
    return error(ErrorKind::kNotFound, "draw the graph", "no entity of this incident is called that",
                 "Name one as kind:value, as the graph without `around` shows them", "around");
  }
  return distances_from(draft, start->second, query.depth);
}

}  // namespace

std::string node_id(const Entity& entity) {
  return std::string(to_text(entity.kind)) + ":" + entity.value;
}

Result<EntityGraph> make_entity_graph(const std::vector<Member>& members, const GraphQuery& query) {
  Draft draft;
  for (const auto& member : members) add_alert(draft, member.alert);
  TOCSIN_TRY(distance, distances(draft, query));

  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < draft.nodes.size(); ++i) {
    if (distance[i] != kFar) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (distance[a] != distance[b]) return distance[a] < distance[b];
    return draft.nodes[a].shown.alerts > draft.nodes[b].shown.alerts;
  });

  EntityGraph graph;
  graph.total_nodes = order.size();
  if (order.size() > query.nodes) order.resize(query.nodes);
  std::map<std::size_t, std::size_t> place;
  for (const auto node : order) {
    place[node] = graph.nodes.size();
    auto& shown = graph.nodes.emplace_back(std::move(draft.nodes[node].shown));
    shown.entity.role = commonest(draft.nodes[node].roles);
    shown.distance = distance[node];
  }
  for (auto& [nodes, edge] : draft.edges) {
    if (distance[nodes.first] == kFar || distance[nodes.second] == kFar) continue;
    ++graph.total_edges;
    const auto from = place.find(nodes.first);
    const auto to = place.find(nodes.second);
    if (from == place.end() || to == place.end()) continue;
    edge.from = from->second;
    edge.to = to->second;
    graph.edges.push_back(std::move(edge));
  }
  std::stable_sort(graph.edges.begin(), graph.edges.end(),
                   [](const auto& a, const auto& b) { return a.alerts > b.alerts; });
  if (graph.edges.size() > query.edges) graph.edges.resize(query.edges);
  return graph;
}

}  // namespace tocsin::triage
