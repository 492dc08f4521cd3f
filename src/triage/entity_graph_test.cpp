#include "triage/entity_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;
using model::EntityKind;
using model::EntityRole;
using ::testing::SizeIs;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);

Member alert_with(std::vector<model::Entity> entities, int minute = 0) {
  Member member;
  member.alert.id = AlertId::make(kStart);
  member.alert.occurred_at = member.alert.last_seen = kStart + minute * 1min;
  member.alert.entities = std::move(entities);
  return member;
}

model::Entity host(std::string value) {
  return {EntityKind::kHost, std::move(value), EntityRole::kTarget};
}
model::Entity user(std::string value) {
  return {EntityKind::kUser, std::move(value), EntityRole::kTarget};
}
model::Entity attacker(std::string value) {
  return {EntityKind::kIp, std::move(value), EntityRole::kSource};
}

// attacker -> web-01 <-> alice <-> ws-7 <-> bob
std::vector<Member> chain() {
  return {alert_with({attacker("203.0.113.9"), host("web-01")}),
          alert_with({host("web-01"), user("alice")}, 1), alert_with({host("web-01"), user("alice")}, 2),
          alert_with({host("ws-7"), user("alice")}, 3), alert_with({host("ws-7"), user("bob")}, 4)};
}

EntityGraph graph_of(const std::vector<Member>& members, const GraphQuery& query = {}) {
  auto graph = make_entity_graph(members, query);
  EXPECT_TRUE(graph);
  return graph ? std::move(*graph) : EntityGraph{};
}

std::vector<std::string> ids(const EntityGraph& graph) {
  std::vector<std::string> all;
  for (const auto& node : graph.nodes) all.push_back(node_id(node.entity));
  return all;
}

TEST(EntityGraph, AnEdgeStandsForTheAlertsThatNameBoth) {
  const auto graph = graph_of(chain());
  EXPECT_THAT(graph.nodes, SizeIs(5));
  ASSERT_THAT(graph.edges, SizeIs(4));
  EXPECT_EQ(graph.edges[0].alerts, 2U);
  EXPECT_THAT(graph.edges[0].alert_ids, SizeIs(2));
  EXPECT_FALSE(graph.edges[0].directed);
}

TEST(EntityGraph, AnAttackPointsAtItsTarget) {
  const auto graph = graph_of({alert_with({host("web-01"), attacker("203.0.113.9")})});
  ASSERT_THAT(graph.edges, SizeIs(1));
  EXPECT_TRUE(graph.edges[0].directed);
  EXPECT_EQ(graph.nodes[graph.edges[0].from].entity.value, "203.0.113.9");
  EXPECT_EQ(graph.nodes[graph.edges[0].to].entity.value, "web-01");
}

TEST(EntityGraph, ANeighbourhoodEndsAfterItsSteps) {
  GraphQuery query;
  query.around = "host:web-01";
  query.depth = 1;
  EXPECT_THAT(ids(graph_of(chain(), query)),
              ::testing::UnorderedElementsAre("host:web-01", "ip:203.0.113.9", "user:alice"));
  query.depth = 2;
  const auto wider = graph_of(chain(), query);
  EXPECT_THAT(ids(wider), ::testing::Contains("host:ws-7"));
  EXPECT_EQ(ids(wider).front(), "host:web-01");
  EXPECT_EQ(wider.nodes.back().distance, 2U);
}

TEST(EntityGraph, AnUnknownCentreIsAnError) {
  GraphQuery query;
  query.around = "host:nowhere";
  const auto graph = make_entity_graph(chain(), query);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().kind, ErrorKind::kNotFound);
}

TEST(EntityGraph, LargeIncidentsStayBoundedAndSayWhatIsMissing) {
  std::vector<Member> members;
  for (int i = 0; i < 500; ++i) {
    members.push_back(
        alert_with({attacker("198.51.100." + std::to_string(i % 250)), host("h" + std::to_string(i))}));
  }
  const auto graph = graph_of(members);
  EXPECT_THAT(graph.nodes, SizeIs(60));
  EXPECT_EQ(graph.total_nodes, 750U);
  EXPECT_LE(graph.edges.size(), 200U);
  EXPECT_EQ(graph.total_edges, 500U);
  for (const auto& edge : graph.edges) {
    EXPECT_LT(edge.from, graph.nodes.size());
    EXPECT_LT(edge.to, graph.nodes.size());
  }
}

TEST(EntityGraph, AnAlertWithCountlessEntitiesDoesNotGrowTheSquareOfThem) {
  std::vector<model::Entity> many;
  for (int i = 0; i < 1000; ++i) many.push_back(host("h" + std::to_string(i)));
  const auto graph = graph_of({alert_with(std::move(many))});
  EXPECT_EQ(graph.total_nodes, 12U);
  EXPECT_EQ(graph.total_edges, 66U);
}

}  // namespace
}  // namespace tocsin::triage
