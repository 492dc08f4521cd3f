// The document and the router describe the same routes.

#include <yaml-cpp/yaml.h>

#include <set>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

using test::ApiTest;

std::set<std::string> documented(bool websockets) {
  std::set<std::string> routes;
  const auto document = YAML::Load(std::string(openapi_document()));
  for (const auto& path : document["paths"]) {
    for (const auto& operation : path.second) {
      const auto method = operation.first.as<std::string>();
      if (method == "parameters") continue;
      const bool is_websocket = operation.second["x-websocket"] && operation.second["x-websocket"].as<bool>();
      if (is_websocket == websockets) routes.insert(method + " " + path.first.as<std::string>());
    }
  }
  return routes;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::tolower(c));
  return out;
}

class OpenApiTest : public ApiTest {
 protected:
  std::set<std::string> registered() const {
    std::set<std::string> routes;
    for (const auto& route : router_.routes()) {
      auto pattern = route.pattern;
      if (const auto dots = pattern.find("...}"); dots != std::string::npos) pattern.erase(dots, 3);
      routes.insert(lower(to_text(route.method)) + " " + pattern);
    }
    return routes;
  }
};

TEST_F(OpenApiTest, RoutesAreTheDocumentsBothWays) {
  EXPECT_EQ(registered(), documented(false));
}

TEST_F(OpenApiTest, WebSocketsAreDocumented) {
  EXPECT_EQ(documented(true), (std::set<std::string>{"get /ws", "get /ws/alerts"}));
}

// Every "$ref" of the document, followed.
void follow(const YAML::Node& root, const YAML::Node& node, std::set<std::string>& refs) {
  if (node.IsSequence()) {
    for (const auto& item : node) follow(root, item, refs);
  }
  if (!node.IsMap()) return;
  for (const auto& member : node) {
    if (member.first.as<std::string>() == "$ref") refs.insert(member.second.as<std::string>());
    follow(root, member.second, refs);
  }
}

TEST_F(OpenApiTest, ReferencesLeadSomewhere) {
  const auto document = YAML::Load(std::string(openapi_document()));
  std::set<std::string> refs;
  follow(document, document, refs);
  ASSERT_GT(refs.size(), 30U);
  for (const auto& ref : refs) {
    const auto cut = ref.rfind('/');
    const auto section =
        ref.substr(std::string("#/components/").size(), cut - std::string("#/components/").size());
    EXPECT_TRUE(document["components"][section][ref.substr(cut + 1)]) << ref;
  }
}

TEST_F(OpenApiTest, OperationsHaveNamesAndDocumentedStatuses) {
  const auto document = YAML::Load(std::string(openapi_document()));
  std::set<std::string> names;
  for (const auto& path : document["paths"]) {
    for (const auto& operation : path.second) {
      if (operation.first.as<std::string>() == "parameters") continue;
      EXPECT_TRUE(names.insert(operation.second["operationId"].as<std::string>()).second) << path.first;
      EXPECT_GE(operation.second["responses"].size(), 1U) << path.first;
    }
  }
}

TEST_F(OpenApiTest, EveryWriteTakesAnIdempotencyKey) {
  const auto document = YAML::Load(std::string(openapi_document()));
  const std::string wanted = "#/components/parameters/IdempotencyKey";
  for (const auto& path : document["paths"]) {
    for (const auto* method : {"post", "patch", "put", "delete"}) {
      const auto operation = path.second[method];
      // A file is known by its bytes: the same one again adds nothing, whatever its key. What one does with
      // the own account takes or shows a secret, which is never kept.
      const std::set<std::string> without{"uploadFile",        "signIn",
                                          "signOut",           "changeOwnPassword",
                                          "beginSecondFactor", "confirmSecondFactor",
                                          "removeSecondFactor"};
      if (!operation || without.contains(operation["operationId"].as<std::string>())) continue;
      bool found = false;
      for (const auto& parameter : operation["parameters"])
        found |= parameter["$ref"] && parameter["$ref"].as<std::string>() == wanted;
      EXPECT_TRUE(found) << method << " " << path.first;
    }
  }
}

TEST_F(OpenApiTest, IsServed) {
  const auto reply = get("/api/openapi.yaml");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), "application/yaml");
  EXPECT_EQ(reply.text, openapi_document());
}

}  // namespace
}  // namespace tocsin::api
