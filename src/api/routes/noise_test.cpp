#include "api/testing/fixture.h"
#include "auth/uri.h"

namespace tocsin::api {
namespace {

class NoiseTest : public test::ApiTest {
 protected:
  // Decided one by one, four minutes after it came; the next comes an hour later.
  void decide(const std::string& user, const std::string& verdict, const std::string& type = "odd_login") {
    const auto host = "h" + std::to_string(++sent_);
    const auto id = add_alert(R"({"source":"edr","type":")" + type +
                              R"(","title":"Odd login","severity":"medium","user":")" + user +
                              R"(","host":")" + host + R"(","message":"on )" + host + "\"}");
    clock_.advance(std::chrono::minutes(4));
    EXPECT_EQ(patch("/api/v1/alerts/" + id, R"({"verdict":")" + verdict + "\"}").status, 200);
    clock_.advance(std::chrono::minutes(56));
  }
  std::size_t sent_ = 0;
};

TEST_F(NoiseTest, IsNothingWithoutAlerts) {
  const auto reply = get("/api/v1/noise");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.size_at("/rules"), 0U);
  EXPECT_EQ(reply.size_at("/proposals"), 0U);
  EXPECT_EQ(get("/api/v1/noise?days=0").status / 100, 4);
}

TEST_F(NoiseTest, ProposesAnExceptionWhoseSearchFindsWhatItWouldHaveHidden) {
  for (int i = 0; i < 12; ++i) decide(R"(CORP\\svc \"b*ckup)", "false_positive");
  decide("mallory", "true_positive");
  decide("eve", "benign_positive", "other");
  const auto reply = get("/api/v1/noise?days=2");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/rules/0/type"), "odd_login");
  EXPECT_TRUE(reply.at("/rules/0/rule_id").is_null());
  EXPECT_EQ(reply.at("/rules/0/decided").as_int64(), 13);
  EXPECT_DOUBLE_EQ(reply.at("/rules/0/minutes").to_number<double>(), 13 * 4);
  ASSERT_EQ(reply.size_at("/proposals"), 1U) << reply.text;
  EXPECT_EQ(reply.text_at("/proposals/0/kind"), "exception");
  EXPECT_EQ(reply.at("/proposals/0/would_have_hidden/alerts").as_int64(), 12);
  EXPECT_EQ(reply.at("/proposals/0/would_have_hidden/true_positive").as_int64(), 0);
  const auto found = get("/api/v1/alerts?q=" + auth::percent_encode(reply.text_at("/proposals/0/q")));
  EXPECT_EQ(found.status, 200) << reply.text << found.text;
  EXPECT_EQ(found.at("/total").as_int64(), 12) << reply.text;
}

TEST_F(NoiseTest, ReplaysAnIdeaAndNamesTheRealOnesItWouldHaveHidden) {
  for (int i = 0; i < 3; ++i) decide("svc_backup", "false_positive");
  decide("svc_backup", "true_positive");
  decide("mallory", "true_positive");
  const auto reply = get("/api/v1/noise/replay?q=" + auth::percent_encode("user:SVC_backup type:odd_login"));
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/alerts").as_int64(), 5);
  EXPECT_EQ(reply.at("/would_have_hidden/alerts").as_int64(), 4);
  EXPECT_EQ(reply.at("/would_have_hidden/true_positive").as_int64(), 1);
  EXPECT_EQ(reply.at("/of_real").as_int64(), 2);
  ASSERT_EQ(reply.size_at("/real"), 1U);
  EXPECT_EQ(get("/api/v1/alerts/" + reply.text_at("/real/0")).text_at("/triage/verdict"), "true_positive");
  for (const auto* q : {"", "user:", "nosuchfield:x", "%20"})
    EXPECT_EQ(get(std::string("/api/v1/noise/replay?q=") + q).status / 100, 4) << q;
}

TEST_F(NoiseTest, LooksAtTheTimeAskedFor) {
  for (int i = 0; i < 12; ++i) decide("svc_backup", "false_positive");
  clock_.advance(std::chrono::hours(48));
  EXPECT_EQ(get("/api/v1/noise?days=1").at("/alerts").as_int64(), 0);
  const auto reply = get("/api/v1/noise?days=3");
  EXPECT_EQ(reply.at("/alerts").as_int64(), 12);
  EXPECT_EQ(reply.size_at("/proposals"), 1U);
}

}  // namespace
}  // namespace tocsin::api
