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

TEST_F(MeasuresTest, DaysThatAreNoneAreRefused) {
  for (const auto* days : {"0", "367", "x", "1.5", "-1", ""}) {
    const auto reply = get(std::string("/api/v1/measures?days=") + days);
    EXPECT_EQ(reply.status / 100, 4) << days << reply.text;
  }
}

}  // namespace
}  // namespace tocsin::api
