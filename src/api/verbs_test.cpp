// Every operation of the document names a verb, and the server reads the same one.

#include "api/verbs.h"

#include <yaml-cpp/yaml.h>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

using test::ApiTest;
using test::Method;

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::tolower(c));
  return out;
}

class VerbsTest : public ApiTest {};

TEST_F(VerbsTest, EveryRouteHasTheDocumentsVerb) {
  const auto document = YAML::Load(std::string(openapi_document()));
  std::size_t checked = 0;
  for (const auto& route : router_.routes()) {
    auto path = route.pattern;
    if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
    const auto operation = document["paths"][path][lower(to_text(route.method))];
    ASSERT_TRUE(operation && operation["x-verb"]) << to_text(route.method) << " " << path;
    const auto verb = verb_of(route.method, route.pattern);
    ASSERT_TRUE(verb) << path;
    EXPECT_EQ(to_text(*verb), operation["x-verb"].as<std::string>()) << path;
    ++checked;
  }
  EXPECT_GT(checked, 90U);
  EXPECT_EQ(verb_of(Method::kGet, "/ws"), model::Verb::kAlertsRead);
  EXPECT_EQ(verb_of(Method::kHead, "/api/v1/alerts"), model::Verb::kAlertsRead);
  EXPECT_FALSE(verb_of(Method::kGet, "/nowhere"));
}

}  // namespace
}  // namespace tocsin::api
