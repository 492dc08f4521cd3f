#include <set>
#include <sstream>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class AlertExportTest : public test::ApiTest {
 protected:
  void add_alerts(int count, int first = 0) {
    std::string body = "[";
    for (int n = first; n < first + count; ++n) {
      if (n != first) body += ',';
      body += R"({"source":"demo","alert_type":"scan","message":"=cmd","severity":")" +
              std::string(n % 2 == 0 ? "high" : "low") + R"(","host":"h)" + std::to_string(n) + "\"}";
    }
    post("/api/v1/alerts", body + "]");
  }
  static std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

TEST_F(AlertExportTest, HoldsEveryAlertOnceHoweverManyPiecesItTakes) {
  add_alerts(450);
  const auto reply = get("/api/v1/alerts/export?format=ndjson");
  EXPECT_EQ(reply.header("Content-Disposition"), "attachment; filename=\"alerts.ndjson\"");
  std::istringstream text(reply.text);
  std::set<std::string> ids;
  for (std::string line; std::getline(text, line);) {
    const auto alert = boost::json::parse(line);
    EXPECT_EQ(alert.at("raw").at("source").as_string(), "demo");
    EXPECT_TRUE(ids.insert(std::string(alert.at("id").as_string())).second);
  }
  EXPECT_EQ(ids.size(), 450U);
}

TEST_F(AlertExportTest, TakesTheFiltersOfTheList) {
  add_alerts(30);
  const auto reply = get("/api/v1/alerts/export?q=severity:high");
  EXPECT_EQ(reply.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(lines(reply.text), 16U);
  EXPECT_NE(reply.text.find("\"'=cmd\""), std::string::npos);
  EXPECT_EQ(lines(get("/api/v1/alerts/export?severity=critical").text), 1U);  // the header alone
}

TEST_F(AlertExportTest, WhatIsUnknownIsRefused) {
  EXPECT_EQ(get("/api/v1/alerts/export?format=xlsx").status, 422);
  EXPECT_EQ(get("/api/v1/alerts/export?q=nosuchfield:1").status, 422);
}

}  // namespace
}  // namespace tocsin::api
