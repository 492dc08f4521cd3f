#include <gtest/gtest.h>

#include <algorithm>

#include "http/http.h"

namespace tocsin::http {
namespace {

Router make_router() {
  Router router;
  const Handler nothing = [](const Request&) { return Response{}; };
  for (const auto* path : {"/", "/alerts", "/alerts/{id}", "/alerts/newest", "/alerts/{id}/notes", "/{any}/x",
                           "/alerts/{alert}/raw/{part}", "/assets/{file...}"}) {
    router.add(Method::kGet, path, nothing);
  }
  router.add(Method::kPost, "/alerts", nothing);
  router.add(Method::kPost, "/alerts/newest", nothing);
  router.add_async(Method::kPatch, "/alerts/{id}", [](Request, Responder) {});
  return router;
}

std::string pattern(Method method, std::string_view path) {
  const auto router = make_router();
  return std::string(router.match(method, path).pattern);
}

TEST(Router, TheMostLiteralPatternWins) {
  EXPECT_EQ(pattern(Method::kGet, "/"), "/");
  EXPECT_EQ(pattern(Method::kGet, "/alerts/newest"), "/alerts/newest");
  EXPECT_EQ(pattern(Method::kGet, "/alerts/AL-1"), "/alerts/{id}");
  EXPECT_EQ(pattern(Method::kGet, "/alerts/newest/notes"), "/alerts/{id}/notes");
  EXPECT_EQ(pattern(Method::kGet, "/alerts/x"), "/alerts/{id}");
  EXPECT_EQ(pattern(Method::kGet, "/other/x"), "/{any}/x");
  EXPECT_EQ(pattern(Method::kGet, "/assets/a/b.js"), "/assets/{file...}");
}

TEST(Router, GoesOnToLessLiteralPatternsForTheMethod) {
  EXPECT_EQ(pattern(Method::kPatch, "/alerts/newest"), "/alerts/{id}");
}

TEST(Router, FindsNothingWhereNothingIs) {
  for (const auto* path :
       {"", "alerts", "/alert", "/alerts/", "/alerts//notes", "/alerts/a/b/c", "/assets/", "//"}) {
    const auto router = make_router();
    const auto match = router.match(Method::kGet, path);
    EXPECT_EQ(match.handler, nullptr) << path;
    EXPECT_TRUE(match.allowed.empty()) << path;
  }
}

TEST(Router, SaysWhichMethodsThePathTakes) {
  const auto router = make_router();
  auto allowed = router.match(Method::kDelete, "/alerts/newest").allowed;
  std::sort(allowed.begin(), allowed.end());
  EXPECT_EQ(allowed, (std::vector{Method::kGet, Method::kPost, Method::kPatch}));
}

TEST(Router, ParametersAreDecodedAndMayHoldSlashes) {
  const auto router = make_router();
  const auto match = router.match(Method::kGet, "/alerts/a%2Fb%20c/raw/%C3%A4");
  ASSERT_NE(match.handler, nullptr);
  EXPECT_EQ(match.params,
            (std::vector<std::pair<std::string, std::string>>{{"alert", "a/b c"}, {"part", "ä"}}));
  EXPECT_EQ(router.match(Method::kGet, "/assets/a/b%20.js").params.front().second, "a/b .js");
  EXPECT_EQ(pattern(Method::kGet, "/%61lerts"), "/alerts");
}

TEST(Router, HeadIsGet) {
  EXPECT_EQ(pattern(Method::kHead, "/alerts/AL-1"), "/alerts/{id}");
}

TEST(Router, KindsOfHandlersAreToldApart) {
  const auto router = make_router();
  EXPECT_NE(router.match(Method::kPatch, "/alerts/a").async_handler, nullptr);
  EXPECT_EQ(router.match(Method::kPatch, "/alerts/a").handler, nullptr);
  EXPECT_EQ(router.match(Method::kGet, "/alerts/a").async_handler, nullptr);
  EXPECT_EQ(router.routes().size(), 11U);
}

}  // namespace
}  // namespace tocsin::http
