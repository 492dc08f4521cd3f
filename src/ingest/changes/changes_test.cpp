#include "ingest/changes/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::ingest {
namespace {

using ::testing::ElementsAre;

const Timestamp kNow = *parse_time("2026-01-18T12:00:00Z");

model::Change change_of(std::string_view tool, std::string_view body) {
  const auto told = read_change(body, kNow);
  EXPECT_TRUE(told) << body;
  if (!told) return {};
  EXPECT_EQ(told->tool, tool);
  EXPECT_TRUE(told->change.has_value()) << body;
  return told->change.value_or(model::Change{});
}

TEST(ReadChange, GithubDeploymentNamesWhatWasChanged) {
  const auto change = change_of("github", R"({"action":"created","deployment_status":{"state":"failure",
    "updated_at":"2026-01-18T11:00:00Z","environment_url":"https://shop.example.com/x"},"deployment":{"ref":"v2.1",
    "environment":"production","creator":{"login":"ana"}},"repository":{"full_name":"acme/shop"}})");
  EXPECT_EQ(change.kind, "deployment");
  EXPECT_EQ(change.summary, "acme/shop v2.1 to production");
  EXPECT_THAT(change.resources, ElementsAre("acme/shop", "shop", "production", "shop.example.com"));
  EXPECT_EQ(change.made_by, "ana");
  EXPECT_TRUE(change.failed);
  EXPECT_EQ(change.at, parse_time("2026-01-18T11:00:00Z"));
}

TEST(ReadChange, WhatChangesNothingYetIsNoChange) {
  for (const auto* body :
       {R"({"deployment_status":{"state":"in_progress"},"deployment":{},"repository":{"full_name":"a/b"}})",
        R"({"zen":"x","repository":{"full_name":"a/b"}})",
        R"({"object_kind":"pipeline","object_attributes":{"status":"running"}})",
        R"({"name":"x","build":{"phase":"STARTED"}})",
        R"({"workspace_name":"w","run_id":"r","notifications":[{"run_status":"planned"}]})"}) {
    const auto told = read_change(body, kNow);
    ASSERT_TRUE(told) << body;
    EXPECT_FALSE(told->change) << body;
  }
}

TEST(ReadChange, EachToolIsReadByItsOwnShape) {
  EXPECT_THAT(
      change_of("gitlab",
                R"({"object_kind":"deployment","status":"success","environment":"staging","ref":"main",
    "project":{"path_with_namespace":"ops/dns"},"user":{"username":"bo"},"commit_title":"Add zone"})")
          .resources,
      ElementsAre("ops/dns", "dns", "staging"));
  EXPECT_EQ(
      change_of("jenkins", R"({"name":"deploy-web","build":{"number":7,"phase":"FINALIZED","status":"SUCCESS",
    "timestamp":1768734473000,"parameters":{"HOST":"web-01"}}})")
          .resources,
      (std::vector<std::string>{"deploy-web", "web-01"}));
  EXPECT_EQ(
      change_of("argo-cd", R"({"app":{"metadata":{"name":"billing"},"spec":{"destination":{"namespace":"pay",
    "server":"https://k8s.example.com"}},"status":{"operationState":{"phase":"Succeeded","finishedAt":"2026-01-18T10:00:00Z",
    "syncResult":{"revision":"abc"}}}}})")
          .resources,
      (std::vector<std::string>{"billing", "pay", "k8s.example.com"}));
  EXPECT_EQ(
      change_of("azure-devops",
                R"({"eventType":"build.complete","publisherId":"tfs","message":{"text":"Build 9 succeeded"},
    "resource":{"result":"succeeded","finishTime":"2026-01-18T09:00:00Z","definition":{"name":"api"},
    "requestedFor":{"displayName":"Cy"}}})")
          .made_by,
      "Cy");
  EXPECT_EQ(
      change_of("terraform", R"({"workspace_name":"net-prod","run_id":"run-1","organization_name":"acme",
    "run_created_by":"di","notifications":[{"run_status":"applied","run_updated_at":"2026-01-18T09:00:00Z"}]})")
          .summary,
      "acme/net-prod applied");
  EXPECT_EQ(
      change_of("pagerduty", R"({"routing_key":"k","payload":{"summary":"Deployed 3.2","source":"web-02",
    "timestamp":"2026-01-18T09:00:00Z"}})")
          .resources,
      (std::vector<std::string>{"web-02"}));
  EXPECT_EQ(
      change_of(
          "cdevents",
          R"({"context":{"type":"dev.cdevents.service.deployed.0.1.1","timestamp":"2026-01-18T09:00:00Z"},
    "subject":{"id":"cart","content":{"environment":{"id":"eu-1"},"artifactId":"pkg:oci/cart"}}})")
          .kind,
      "deployment");
}

// A time ahead would let one delivery explain alerts for days to come.
TEST(ReadChange, ATimeAheadIsNow) {
  EXPECT_EQ(change_of("pagerduty",
                      R"({"routing_key":"k","payload":{"summary":"x","timestamp":"2027-01-18T09:00:00Z"}})")
                .at,
            kNow);
}

TEST(ReadChange, WhatNoToolWritesIsRefusedWithTheWayOn) {
  const auto told = read_change(R"({"hello":"world"})", kNow);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().kind, ErrorKind::kInvalidInput);
  EXPECT_NE(told.error().hint.find("/api/v1/changes"), std::string::npos);
  EXPECT_EQ(read_change("{", kNow).error().kind, ErrorKind::kInvalidSyntax);
}

TEST(ReadChange, TextsAreBounded) {
  const auto change =
      change_of("pagerduty", R"({"routing_key":"k","payload":{"summary":")" + std::string(5000, 'a') +
                                 R"(","source":")" + std::string(5000, 'b') + R"("}})");
  EXPECT_EQ(change.summary.size(), model::kMaxChangeText);
  EXPECT_EQ(change.resources.at(0).size(), model::kMaxChangeNameBytes);
}

}  // namespace
}  // namespace tocsin::ingest
