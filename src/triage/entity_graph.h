#pragma once
// Who and what the alerts of an incident tie together: entities as nodes, an edge where one alert names both.
// Bounded whatever the incident's size; what was left out is counted.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "triage/incident_view.h"

namespace tocsin::triage {

struct GraphNode {
  model::Entity entity;  // with the role it has most often
  std::size_t alerts = 0;
  model::Severity severity = model::Severity::kInfo;  // the highest of its alerts
  Timestamp first_seen{};
  Timestamp last_seen{};
  std::size_t distance = 0;  // steps from the entity asked for; 0 when none was
};
std::string node_id(const model::Entity& entity);  // "host:web-01"

// From the one that acts to the one acted upon, where the roles say so.
struct GraphEdge {
  std::size_t from = 0;  // of EntityGraph::nodes
  std::size_t to = 0;
  bool directed = false;
  std::size_t alerts = 0;
  std::vector<std::string> alert_ids;  // at most kEdgeIds
};
constexpr std::size_t kEdgeIds = 10;

struct GraphQuery {
  std::string around;       // a node's id: only what lies within `depth` steps of it; empty: all
  std::size_t depth = 2;    // 1..5
  std::size_t nodes = 60;   // at most
  std::size_t edges = 200;  // at most
};

struct EntityGraph {
  std::vector<GraphNode> nodes;  // nearest first, then most alerts
  std::vector<GraphEdge> edges;  // most alerts first
  std::size_t total_nodes = 0;   // before the bounds
  std::size_t total_edges = 0;
};

// kNotFound when no entity of the incident is called `around`.
Result<EntityGraph> make_entity_graph(const std::vector<Member>& members, const GraphQuery& query);

}  // namespace tocsin::triage
