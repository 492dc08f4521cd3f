// How long things are kept, tried and set; legal holds.

#include "api/retention_settings.h"
#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class RetentionApiTest : public test::ApiTest {
 protected:
  test::Reply put(std::string_view target, std::string body) {
    return call(http::Method::kPut, target, std::move(body));
  }
  test::Reply remove(std::string_view target) { return call(http::Method::kDelete, target); }
};

TEST_F(RetentionApiTest, BoundsAreSetReadAndTakenBack) {
  EXPECT_TRUE(get("/api/v1/settings/retention").at("/days").is_null());
  const auto set = put("/api/v1/settings/retention", R"({"days":90,"bytes":null})");
  EXPECT_EQ(set.status, 200) << set.text;
  EXPECT_EQ(set.at("/days").as_int64(), 90);
  EXPECT_EQ(get("/api/v1/settings/retention").at("/days").as_int64(), 90);
  EXPECT_TRUE(get("/api/v1/settings/retention").at("/bytes").is_null());
  EXPECT_EQ(get("/api/v1/jobs?state=waiting").text_at("/items/0/kind"), "retention.sweep");
  EXPECT_TRUE(put("/api/v1/settings/retention", "{}").at("/days").is_null());
}

TEST_F(RetentionApiTest, WrongBoundsChangeNothing) {
  put("/api/v1/settings/retention", R"({"days":90})");
  for (const char* body : {R"({"days":0})", R"({"days":-1})", R"({"days":36501})", R"({"days":"90"})",
                           R"({"days":1.5})", R"({"bytes":1000})", R"({"days":90,"months":3})", R"([90])"})
    EXPECT_EQ(put("/api/v1/settings/retention", body).status, 422) << body;
  EXPECT_EQ(get("/api/v1/settings/retention").at("/days").as_int64(), 90);
}

TEST_F(RetentionApiTest, ADryRunCountsAndDeletesNothing) {
  add_alert(R"({"message":"a","severity":"low"})");
  add_alert(R"({"message":"b","severity":"low"})");
  clock_.advance(std::chrono::hours(24 * 30));
  EXPECT_EQ(get("/api/v1/settings/retention/dry-run").at("/alerts").as_int64(), 0);  // nothing is set
  const auto tried = get("/api/v1/settings/retention/dry-run?days=7");
  EXPECT_EQ(tried.at("/alerts").as_int64(), 2) << tried.text;
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 2);
  EXPECT_EQ(get("/api/v1/settings/retention/dry-run?days=60").at("/alerts").as_int64(), 0);
  EXPECT_EQ(get("/api/v1/settings/retention/dry-run?days=0").status, 422);
}

TEST_F(RetentionApiTest, AHeldIncidentSaysSoAndStays) {
  add_alert(R"({"message":"a","severity":"critical","host":"db-1"})");
  const auto id = add_incident();
  EXPECT_TRUE(get("/api/v1/incidents/" + id).at("/hold").is_null());
  const auto held = put("/api/v1/incidents/" + id + "/hold", R"({"reason":"case 12"})");
  EXPECT_EQ(held.text_at("/hold/reason"), "case 12") << held.text;
  EXPECT_EQ(get("/api/v1/incidents/" + id).text_at("/hold/reason"), "case 12");
  clock_.advance(std::chrono::hours(24 * 400));
  ASSERT_TRUE(save_retention(store_, {.days = 30, .bytes = {}}));
  const auto run = run_retention(store_, clock_.now(), [] { return true; });
  ASSERT_TRUE(run);
  EXPECT_EQ(run->alerts, 0);
  EXPECT_EQ(run->held_alerts, 1);
  EXPECT_TRUE(remove("/api/v1/incidents/" + id + "/hold?reason=closed").at("/hold").is_null());
  EXPECT_EQ(remove("/api/v1/incidents/" + id + "/hold").status, 404);
  ASSERT_TRUE(run_retention(store_, clock_.now(), [] { return true; }));
  EXPECT_EQ(get("/api/v1/incidents/" + id).status, 404);
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 0);
}

TEST_F(RetentionApiTest, AHoldNeedsAReasonAndAnIncident) {
  add_alert(R"({"message":"a","severity":"critical"})");
  const auto id = add_incident();
  for (const char* body : {"{}", R"({"reason":""})", R"({"reason":7})", R"({"reason":"x","by":"me"})"})
    EXPECT_EQ(put("/api/v1/incidents/" + id + "/hold", body).status, 422) << body;
  EXPECT_EQ(put("/api/v1/incidents/IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC/hold", R"({"reason":"x"})").status, 404);
}

}  // namespace
}  // namespace tocsin::api
