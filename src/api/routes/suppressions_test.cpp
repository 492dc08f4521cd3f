#include "api/suppress/suppression.h"
#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class SuppressionsTest : public test::ApiTest {
 protected:
  std::string add_scan(const std::string& user, const std::string& more = {}) {
    const auto host = "h" + std::to_string(++sent_);
    return add_alert(R"({"source":"ids","type":"scan","title":"Scan","severity":"medium","user":")" + user +
                     R"(","host":")" + host + "\"" + more + "}");
  }
  std::string body(const std::string& q, const std::string& more = {}) {
    return R"({"name":"scanner","reason":"ours","q":")" + q + R"(","expires_at":")" +
           to_rfc3339(clock_.now() + std::chrono::hours(24)) + "\"" + more + "}";
  }
  test::Reply add(const std::string& q, const std::string& more = {}) {
    return post("/api/v1/suppressions", body(q, more));
  }
  std::size_t sent_ = 0;
};

TEST_F(SuppressionsTest, IsSetReadChangedAndLifted) {
  add_scan("bob");
  const auto made = add("user:BOB  type:scan");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.header("ETag"), "\"1\"");
  EXPECT_EQ(made.text_at("/q"), "user:BOB type:scan");
  EXPECT_EQ(made.text_at("/state"), "active");
  EXPECT_EQ(made.at("/known_entities").as_int64(), 2);
  EXPECT_TRUE(made.at("/learning_until").is_null());
  EXPECT_EQ(pipeline_.rule_changes, 1);
  const auto one = "/api/v1/suppressions/" + made.text_at("/id");
  EXPECT_EQ(get(one).text, made.text);
  EXPECT_EQ(patch(one, R"({"reason":"still ours"})", {{"If-Match", "\"2\""}}).status, 412);
  const auto changed = patch(one, R"({"reason":"still ours","watch":["user"]})", {{"If-Match", "\"1\""}});
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/known_entities").as_int64(), 1);
  EXPECT_EQ(changed.at("/version").as_int64(), 2);
  const auto lifted = call(http::Method::kDelete, one);
  EXPECT_EQ(lifted.text_at("/state"), "lifted");
  EXPECT_EQ(call(http::Method::kDelete, one).at("/version").as_int64(), 3);
  EXPECT_EQ(patch(one, R"({"reason":"x"})").status, 409);
  const auto list = get("/api/v1/suppressions");
  EXPECT_EQ(list.at("/total").as_int64(), 1);
  EXPECT_EQ(list.text_at("/items/0/state"), "lifted");
}

TEST_F(SuppressionsTest, ExpiresByTheClock) {
  const auto made = add("user:bob");
  EXPECT_EQ(made.text_at("/learning_until"), to_rfc3339(clock_.now() + std::chrono::hours(24)));
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(get("/api/v1/suppressions/" + made.text_at("/id")).text_at("/state"), "expired");
}

TEST_F(SuppressionsTest, IsRefusedForWhatPeopleCalledRealUnlessTheyAreAccepted) {
  const auto real = add_scan("bob");
  add_scan("bob");
  patch("/api/v1/alerts/" + real, R"({"verdict":"true_positive","status":"closed"})");
  clock_.advance(std::chrono::hours(24 * 60));
  const auto preview = post("/api/v1/suppressions/preview", R"({"q":"user:bob status:new"})");
  ASSERT_EQ(preview.status, 200) << preview.text;
  EXPECT_EQ(preview.at("/missed").as_int64(), 1);  // it was new when it came
  EXPECT_EQ(preview.text_at("/real/0"), real);
  EXPECT_EQ(preview.at("/would_have_hidden/alerts").as_int64(), 0);  // of the last 30 days
  const auto refused = add("user:bob");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.text.find("1 alert that people called real"), refused.text.npos) << refused.text;
  EXPECT_EQ(get("/api/v1/suppressions").at("/total").as_int64(), 0);
  EXPECT_EQ(add("user:bob", R"(,"accept_missed":true)").at("/accepted_missed").as_int64(), 1);
  EXPECT_EQ(add("user:eve").status, 201);
  clock_.advance(std::chrono::hours(24 * 31));
  EXPECT_EQ(add("user:bob").status, 201);
}

TEST_F(SuppressionsTest, APreviewSaysWhatIsHiddenAndWhatNever) {
  for (int i = 0; i < 3; ++i) add_scan("bob");
  post("/api/v1/alerts",
       R"({"source":"ids","type":"scan","title":"Scan","severity":"critical","user":"bob"})");
  add_scan("eve");
  const auto preview = post("/api/v1/suppressions/preview", R"({"q":"user:bob","watch":["host"],"days":1})");
  ASSERT_EQ(preview.status, 200) << preview.text;
  EXPECT_EQ(preview.at("/alerts").as_int64(), 5);
  EXPECT_EQ(preview.at("/would_have_hidden/alerts").as_int64(), 3);
  EXPECT_EQ(preview.at("/never_hidden/critical").as_int64(), 1);
  EXPECT_EQ(preview.at("/entities").as_int64(), 3);
  EXPECT_EQ(get("/api/v1/suppressions").at("/total").as_int64(), 0);
}

TEST_F(SuppressionsTest, AConfirmedOneKnowsWhatCameButNotWhatWasReal) {
  add_scan("bob");
  const auto made = add("type:scan", R"(,"watch":["user"])");
  const auto set = store::test::value_of(read_suppressions(store_)).at(0);
  const auto shown = add_scan("eve");
  const auto real = add_scan("mallory");
  ASSERT_TRUE(save_pause(store_, set, {Pause::Kind::kNewEntity, shown, "The user eve is new", clock_.now()}));
  const auto one = "/api/v1/suppressions/" + made.text_at("/id");
  EXPECT_EQ(get(one).text_at("/state"), "needs_review");
  EXPECT_EQ(get(one).text_at("/review/alert_id"), shown);
  patch("/api/v1/alerts/" + real, R"({"verdict":"true_positive"})");
  EXPECT_EQ(patch(one, R"({"state":"active"})").status, 409);
  const auto again = patch(one, R"({"state":"active","accept_missed":true})");
  EXPECT_EQ(again.text_at("/state"), "active");
  EXPECT_TRUE(again.at("/review").is_null());
  EXPECT_EQ(again.at("/known_entities").as_int64(), 2);
}

TEST_F(SuppressionsTest, WhatIsWrongIsRefusedByName) {
  for (const auto* q : {"", "user:(", "occurred<1h", "assignee:@me", "nosuch:x"}) {
    const auto reply = add(q);
    EXPECT_EQ(reply.status, 422) << q;
    EXPECT_NE(reply.text.find("/q"), reply.text.npos) << reply.text;
  }
  for (const auto* more : {R"(,"watch":["user","user"])", R"(,"watch":["domain"])", R"(,"owner":"eve")"})
    EXPECT_EQ(add("user:bob", more).status, 422) << more;
  EXPECT_EQ(post("/api/v1/suppressions", R"({"name":"n","reason":"r","q":"user:bob"})").status, 422);
  for (const auto* when : {"soon", "2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z"}) {
    const std::string sent =
        R"({"name":"n","reason":"r","q":"user:bob","expires_at":")" + std::string(when) + "\"}";
    EXPECT_EQ(post("/api/v1/suppressions", sent).status, 422) << when;
  }
  EXPECT_EQ(get("/api/v1/suppressions/SU-01JB2ZK8M5X8Q0V1T9T3Y6N4RC").status, 404);
}

}  // namespace
}  // namespace tocsin::api
