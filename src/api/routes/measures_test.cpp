#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class MeasuresTest : public test::ApiTest {};

TEST_F(MeasuresTest, AreNothingBeforeAnybodyDecided) {
  add_alert(R"({"message":"a","severity":"high"})");
  const auto reply = get("/api/v1/measures");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/decided").as_int64(), 0);
  EXPECT_TRUE(reply.at("/agreement").is_null());
  EXPECT_TRUE(reply.at("/minutes_to_decide/p50").is_null());
  EXPECT_FALSE(reply.at("/in_part").as_bool());
}

TEST_F(MeasuresTest, CountWhatPeopleDecidedInTheTimeAskedFor) {
  add_alert(R"({"id":"m-1","message":"a","severity":"low","type":"scan"})");
  add_alert(R"({"id":"m-2","message":"b","severity":"critical","type":"beacon"})");
  clock_.advance(std::chrono::minutes(6));
  patch("/api/v1/alerts/m-1", R"({"verdict":"false_positive"})");
  patch("/api/v1/alerts/m-2", R"({"verdict":"true_positive"})");
  const auto reply = get("/api/v1/measures?days=1");
  EXPECT_EQ(reply.at("/decided").as_int64(), 2) << reply.text;
  EXPECT_EQ(reply.at("/false_positive").as_int64(), 1);
  EXPECT_DOUBLE_EQ(reply.at("/false_positive_share").as_double(), 0.5);
  EXPECT_DOUBLE_EQ(reply.at("/minutes_to_decide_false_positive/p90").to_number<double>(), 6);
  EXPECT_DOUBLE_EQ(reply.at("/agreement").to_number<double>(), 1);
  EXPECT_EQ(reply.text_at("/rules/0/type"), "scan");
  EXPECT_EQ(reply.at("/people/0/minutes_to_decide/count").as_int64(), 2);
  clock_.advance(std::chrono::hours(30));
  EXPECT_EQ(get("/api/v1/measures?days=1").at("/decided").as_int64(), 0);
  EXPECT_EQ(get("/api/v1/measures").at("/decided").as_int64(), 2);
  patch("/api/v1/alerts/m-1", R"({"verdict":"undecided"})");
  EXPECT_EQ(get("/api/v1/measures").at("/decided").as_int64(), 1);
}

boost::json::value figure(const test::Reply& reply, std::string_view name) {
  for (const auto& one : reply.at("/figures").as_array()) {
    if (one.at("name").as_string() == name) return one;
  }
  ADD_FAILURE() << "no figure " << name << " in " << reply.text;
  return nullptr;
}

TEST_F(MeasuresTest, FiguresComeFromChangesOfStateAndShowTheirRows) {
  add_alert(R"({"id":"m-1","message":"a","severity":"low","type":"scan"})");
  clock_.advance(std::chrono::minutes(2));
  patch("/api/v1/alerts/m-1", R"({"status":"in_progress"})");
  clock_.advance(std::chrono::minutes(4));
  patch("/api/v1/alerts/m-1", R"({"status":"closed","verdict":"false_positive"})");
  const auto reply = get("/api/v1/measures?days=1");
  EXPECT_DOUBLE_EQ(figure(reply, "alert_minutes_to_acknowledge").at("p50").to_number<double>(), 2);
  const auto closing = figure(reply, "false_positive_minutes_to_close");
  EXPECT_DOUBLE_EQ(closing.at("p90").to_number<double>(), 6);
  EXPECT_DOUBLE_EQ(closing.at("goal").to_number<double>(), 5);
  EXPECT_DOUBLE_EQ(closing.at("before").to_number<double>(), 25);
  EXPECT_EQ(closing.at("count").as_int64(), 1);
  EXPECT_DOUBLE_EQ(figure(reply, "alert_reopened").at("share").to_number<double>(), 0);
  EXPECT_DOUBLE_EQ(figure(reply, "alerts_per_shift").at("p50").to_number<double>(), 1);
  EXPECT_TRUE(figure(reply, "incident_minutes_to_resolve").at("p50").is_null());
  const auto rows = get(std::string(closing.at("rows").as_string()));
  EXPECT_EQ(rows.status, 200) << rows.text;
  EXPECT_EQ(rows.at("/total").as_int64(), 1);
  EXPECT_TRUE(rows.text_at("/items/0/id").starts_with("AL-"));
  EXPECT_DOUBLE_EQ(rows.at("/items/0/value").to_number<double>(), 6);
  EXPECT_EQ(get("/api/v1/measures/rows?figure=x").status, 422);
  EXPECT_EQ(get("/api/v1/measures/rows").status, 422);
}

TEST_F(MeasuresTest, AreExportedAsCsvAndToPrometheus) {
  add_alert(R"({"id":"m-1","message":"a","severity":"low"})");
  clock_.advance(std::chrono::minutes(3));
  patch("/api/v1/alerts/m-1", R"({"verdict":"false_positive"})");
  const auto csv = get("/api/v1/measures?format=csv");
  EXPECT_EQ(csv.status, 200);
  EXPECT_NE(csv.text.find("\"alert_minutes_to_triage\",\"minutes\""), std::string::npos) << csv.text;
  EXPECT_NE(csv.text.find("\"1\",\"3\",\"3\",\"\",\"15\",\"4\""), std::string::npos) << csv.text;
  EXPECT_EQ(get("/api/v1/measures?format=xml").status, 422);
  const auto metrics = get("/metrics").text;
  EXPECT_NE(metrics.find("tocsin_desk_minutes{figure=\"alert_minutes_to_triage\",quantile=\"0.9\"} 3\n"),
            std::string::npos)
      << metrics;
  EXPECT_NE(metrics.find("tocsin_desk_goal{figure=\"alert_minutes_to_triage\"} 4\n"), std::string::npos);
}

TEST_F(MeasuresTest, ThumbsCountOncePerPersonAndAnswer) {
  add_alert(R"({"id":"m-1","message":"a","severity":"low"})");
  const auto rate = [&](const std::string& body) { return post("/api/v1/answers/ratings", body); };
  EXPECT_EQ(rate(R"({"answer":"explanation","id":"m-1","helpful":false})").status, 200);
  const auto kept = rate(R"({"answer":"explanation","id":"m-1","helpful":true})");
  EXPECT_TRUE(kept.text_at("/id").starts_with("AL-")) << kept.text;
  EXPECT_EQ(rate(R"({"answer":"copilot","id":"0af7651916cd43dd8448eb211c80319c","helpful":false})").status,
            200);
  const auto reply = get("/api/v1/measures");
  EXPECT_EQ(figure(reply, "satisfaction_explanation").at("count").as_int64(), 1);
  EXPECT_DOUBLE_EQ(figure(reply, "satisfaction_explanation").at("share").to_number<double>(), 1);
  EXPECT_DOUBLE_EQ(figure(reply, "satisfaction_copilot").at("share").to_number<double>(), 0);
  EXPECT_EQ(rate(R"({"answer":"explanation","id":"nothing","helpful":true})").status, 404);
  EXPECT_EQ(rate(R"({"answer":"copilot","id":"=1+1","helpful":true})").status, 422);
  EXPECT_EQ(rate(R"({"answer":"other","id":"m-1","helpful":true})").status, 422);
  EXPECT_EQ(rate(R"({"answer":"explanation","id":"m-1","helpful":true,"actor":"eve"})").status, 422);
}

TEST_F(MeasuresTest, DaysThatAreNoneAreRefused) {
  for (const auto* days : {"0", "367", "x", "1.5", "-1", ""}) {
    const auto reply = get(std::string("/api/v1/measures?days=") + days);
    EXPECT_EQ(reply.status / 100, 4) << days << reply.text;
  }
}

}  // namespace
}  // namespace tocsin::api
