#include "api/routes/pages.h"

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

std::optional<http::Response> console_file(std::string_view path, const http::Request&) {
  http::Response response;
  response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  if (path == "/index.html") {
    response.static_body = "<console>";
  } else if (path == "/assets/app.js") {
    response.static_body = "app";
  } else {
    return {};
  }
  return response;
}

class PagesTest : public test::ApiTest {
 protected:
  PagesTest() : ApiTest(Site{console_file, console_file, {}}) {}
};
class BuiltWithoutPages : public test::ApiTest {};

TEST_F(PagesTest, BrowsersGetTheConsoleWhereProgramsGetJson) {
  for (const auto* path : {"/", "/alerts", "/incidents", "/incidents/IN-1"}) {
    EXPECT_EQ(get(path, {{"Accept", std::string(kBrowser)}}).text, "<console>") << path;
    EXPECT_NE(get(path, {{"Accept", "application/json"}}).text, "<console>") << path;
    EXPECT_NE(get(path, {{"Accept", "*/*"}}).text, "<console>") << path;
    EXPECT_NE(get(path).text, "<console>") << path;
  }
}

TEST_F(PagesTest, TheConsolesOwnPathsAndFiles) {
  EXPECT_EQ(get("/dashboard").text, "<console>");
  EXPECT_EQ(get("/queue", {{"Accept", std::string(kBrowser)}}).text, "<console>");
  EXPECT_EQ(get("/incidents/IN-1/summary", {{"Accept", std::string(kBrowser)}}).text, "<console>");
  EXPECT_EQ(get("/assets/app.js").text, "app");
  EXPECT_EQ(get("/assets/none.js").status, 404);
  EXPECT_EQ(get("/api/v1/nothing", {{"Accept", std::string(kBrowser)}}).status, 404);
  EXPECT_EQ(get("/docs").text, "<console>");
  EXPECT_EQ(get("/docs/none.js").status, 404);
}

TEST_F(BuiltWithoutPages, SayThatTheyAreMissing) {
  EXPECT_EQ(get("/dashboard").status, 404);
  EXPECT_EQ(get("/docs").status, 404);
  EXPECT_EQ(get("/", {{"Accept", std::string(kBrowser)}}).text_at("/service"), "Tocsin");
}

TEST(PrefersHtml, ComparesQualities) {
  const auto prefers = [](std::string accept) {
    http::Request request;
    request.headers.emplace_back("Accept", std::move(accept));
    return prefers_html(request);
  };
  EXPECT_TRUE(prefers("text/html"));
  EXPECT_TRUE(prefers("application/json;q=0.5, text/html;q=0.9"));
  EXPECT_FALSE(prefers("application/json, text/html;q=0.9"));
  EXPECT_FALSE(prefers("text/html;q=0"));
  EXPECT_FALSE(prefers("*/*"));
  EXPECT_FALSE(prefers(""));
}

}  // namespace
}  // namespace tocsin::api
