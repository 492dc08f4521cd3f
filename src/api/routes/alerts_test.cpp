#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

using test::Method;

constexpr std::string_view kSsh =
    R"({"source":"demo","alert_type":"ssh_bruteforce","message":"Many failed logins","user":"admin","host":"web-01","ip":"1.2.3.4","severity":"high"})";

class AlertsTest : public test::ApiTest {
 protected:
  static std::string numbered(int n, std::string_view severity = "medium") {
    const auto text = std::to_string(n);
    return R"({"id":"c-)" + text + R"(","message":"Alert number )" + text + R"(","type":"t)" + text +
           R"(","host":"h)" + text + R"(","severity":")" + std::string(severity) + "\"}";
  }
};

TEST_F(AlertsTest, OneIsStoredAndAnswered) {
  const auto reply = post("/api/v1/alerts", std::string(kSsh));
  EXPECT_EQ(reply.status, 201) << reply.text;
  EXPECT_TRUE(reply.at("/incident_id").is_null());
  EXPECT_EQ(reply.header("Location"), "/api/v1/alerts/" + reply.text_at("/id"));
  EXPECT_EQ(reply.size_at("/triage/reasons"), 6U);  // five factors and the prior
  const auto shown = get("/api/v1/alerts/" + reply.text_at("/id"));
  EXPECT_EQ(shown.json, reply.json);
  EXPECT_EQ(shown.header("ETag"), reply.header("ETag"));
}

TEST_F(AlertsTest, TheHintIsAboutTheFaultThatIsTold) {
  const auto both = post("/api/v1/alerts/bulk", "{}");
  EXPECT_EQ(both.text_at("/detail"), "exactly one of \"ids\" and \"query\" is needed");
  EXPECT_EQ(both.text_at("/hint"), "");
  EXPECT_EQ(both.size_at("/errors"), 2U);
}

TEST_F(AlertsTest, APriorityThatIsHighNeedsReview) {
  const auto path = "/api/v1/alerts/" + add_alert(R"({"message":"a","severity":"low"})");
  EXPECT_TRUE(patch(path, R"({"priority":80})").at("/requires_review").as_bool());
  EXPECT_EQ(get("/api/v1/alerts?requires_review=true").at("/total").as_int64(), 1);
  EXPECT_FALSE(patch(path, R"({"priority":79})").at("/requires_review").as_bool());
  post("/api/v1/feedback", R"({"alert_id":")" + path.substr(15) + R"(","correct_priority":95})");
  EXPECT_TRUE(get(path).at("/requires_review").as_bool());
  const auto critical = "/api/v1/alerts/" + add_alert(R"({"message":"b","severity":"critical"})");
  EXPECT_TRUE(patch(critical, R"({"priority":1})").at("/requires_review").as_bool());
}

TEST_F(AlertsTest, TheClientsIdIsOnceOnly) {
  const auto first = post("/api/v1/alerts", numbered(1));
  const auto second = post("/api/v1/alerts", numbered(1));
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.text_at("/id"), first.text_at("/id"));
  EXPECT_EQ(second.at("/occurrences").as_int64(), 1);
  EXPECT_EQ(get("/api/v1/alerts/c-1").text_at("/id"), first.text_at("/id"));
}

TEST_F(AlertsTest, ARepeatedFingerprintAddsAnOccurrence) {
  const auto first = post("/api/v1/alerts", std::string(kSsh));
  const auto second = post("/api/v1/alerts", std::string(kSsh));
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.text_at("/id"), first.text_at("/id"));
  EXPECT_EQ(second.at("/occurrences").as_int64(), 2);
  const auto list = get("/api/v1/alerts/" + first.text_at("/id") + "/occurrences");
  EXPECT_EQ(list.at("/total").as_int64(), 2);
  EXPECT_EQ(list.text_at("/items/0/raw/host"), "web-01");
}

TEST_F(AlertsTest, ARepeatIsAnsweredWithItsReasonsToo) {
  post("/api/v1/alerts", numbered(1));
  EXPECT_EQ(post("/api/v1/alerts", numbered(1)).size_at("/triage/reasons"), 6U);
}

TEST_F(AlertsTest, APersonsVerdictStandsBesideTheSuggestion) {
  auto body = std::string(kSsh);
  body.insert(body.size() - 1, R"(,"techniques":["T1110"])");
  const auto sent = post("/api/v1/alerts", body);
  const auto suggested = sent.text_at("/triage/suggested_verdict");
  EXPECT_EQ(sent.text_at("/triage/verdict"), "undecided");
  EXPECT_EQ(suggested, "true_positive");  // high, and evidence that can be checked
  const auto path = "/api/v1/alerts/" + sent.text_at("/id");
  patch(path, R"({"verdict":"false_positive","status":"closed"})");
  EXPECT_EQ(get(path).text_at("/triage/verdict"), "false_positive");
  EXPECT_EQ(get(path).text_at("/triage/suggested_verdict"), suggested);
  EXPECT_EQ(get(path).at("/triage/fp_probability"), sent.at("/triage/fp_probability"));
}

TEST_F(AlertsTest, SeveralEntitiesMustAllBeThere) {
  add_alert(R"({"message":"a","user":"ana","host":"h1","severity":"low"})");
  add_alert(R"({"message":"b","user":"ana","host":"h2","severity":"low"})");
  EXPECT_EQ(get("/api/v1/alerts?q=user:ana").at("/total").as_int64(), 2);
  EXPECT_EQ(get("/api/v1/alerts?q=user:ana%20host:h1").at("/total").as_int64(), 1);
  EXPECT_EQ(get("/api/v1/alerts?entity=ana&entity=h2").at("/total").as_int64(), 1);
  EXPECT_EQ(get("/api/v1/alerts?entity=h1&entity=h2").at("/total").as_int64(), 0);
}

TEST_F(AlertsTest, ACorrectedPriorityMovesTheRulesLaterAlerts) {
  const auto first = post("/api/v1/alerts", R"({"message":"a","type":"scan","host":"h1","severity":"low"})");
  const auto computed = first.at("/priority").as_int64();
  const auto feedback =
      post("/api/v1/feedback", R"({"alert_id":")" + first.text_at("/id") + R"(","correct_priority":100})");
  EXPECT_EQ(feedback.status, 200) << feedback.text;
  EXPECT_EQ(pipeline_.rule_changes, 1);
  const auto points = (100 - computed + 2) / 5;  // of one correction a fifth
  EXPECT_EQ(feedback.text_at("/applied/1"),
            "later alerts of this rule: +" + std::to_string(points) + " points of priority");
  const auto later = post("/api/v1/alerts", R"({"message":"b","type":"scan","host":"h2","severity":"low"})");
  EXPECT_EQ(later.at("/priority").as_int64(), computed + points);
  EXPECT_NE(later.text.find("People corrected the priority of 1 alert of this rule"), std::string::npos);
  const auto other = post("/api/v1/alerts", R"({"message":"c","type":"probe","host":"h3","severity":"low"})");
  EXPECT_EQ(other.at("/priority").as_int64(), computed);
}

TEST_F(AlertsTest, ManyAreCounted) {
  const auto reply =
      post("/api/v1/alerts", "[" + numbered(1) + "," + numbered(1) + ",7," + numbered(2) + "]");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/accepted").as_int64(), 2);
  EXPECT_EQ(reply.at("/duplicates").as_int64(), 1);
  ASSERT_EQ(reply.size_at("/rejected"), 1U);
  EXPECT_EQ(reply.at("/rejected/0/index").as_int64(), 2);
  EXPECT_FALSE(reply.text_at("/rejected/0/reason").empty());
}

TEST_F(AlertsTest, LinesAreTakenToo) {
  const auto reply = post("/api/v1/alerts", numbered(1) + "\n" + numbered(2) + "\n",
                          {{"Content-Type", "application/x-ndjson; charset=utf-8"}});
  EXPECT_EQ(reply.at("/accepted").as_int64(), 2) << reply.text;
}

TEST_F(AlertsTest, AnIdempotencyKeyWithAnotherBodyIsRefused) {
  const std::vector<http::Header> key{{"Idempotency-Key", "k1"}};
  const auto first = post("/api/v1/alerts", numbered(1), key);
  EXPECT_EQ(post("/api/v1/alerts", numbered(1), key).text_at("/id"), first.text_at("/id"));
  EXPECT_EQ(post("/api/v1/alerts", numbered(2), key).status, 422);
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 1);
  EXPECT_EQ(post("/api/v1/alerts", numbered(3), {{"Idempotency-Key", std::string(201, 'k')}}).status, 422);
}

struct BadBody {
  std::string_view body;
  std::string_view type;
  int status;
  std::string_view pointer;  // of the first error; empty: any
};
class BadAlertBodies : public AlertsTest, public testing::WithParamInterface<BadBody> {};

TEST_P(BadAlertBodies, GetTheirStatus) {
  const auto reply =
      post("/api/v1/alerts", std::string(GetParam().body), {{"Content-Type", std::string(GetParam().type)}});
  EXPECT_EQ(reply.status, GetParam().status) << reply.text;
  EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(reply.at("/status").as_int64(), GetParam().status);
  EXPECT_EQ(reply.text_at("/trace_id"), "0af7651916cd43dd8448eb211c80319c");
  if (!GetParam().pointer.empty()) {
    EXPECT_EQ(reply.text_at("/errors/0/pointer").substr(0, GetParam().pointer.size()), GetParam().pointer)
        << reply.text;
  }
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadAlertBodies,
    testing::Values(BadBody{R"({"message":"a)", "application/json", 400, "byte "},
                    BadBody{"", "application/json", 400, ""}, BadBody{"<alert/>", "application/xml", 415, ""},
                    BadBody{"a=b", "application/x-www-form-urlencoded", 415, ""},
                    BadBody{R"({"message":"x","severity":[1]})", "application/json", 422, "/severity"},
                    BadBody{R"({"message":7})", "application/json", 422, "/message"}));

TEST_F(AlertsTest, TooBusyIsSaidWithRetryAfter) {
  pipeline_.busy = true;
  const auto reply = post("/api/v1/alerts", numbered(1));
  EXPECT_EQ(reply.status, 429);
  EXPECT_FALSE(reply.header("Retry-After").empty());
}

TEST_F(AlertsTest, ListsArePagedAndFiltered) {
  for (int i = 0; i < 5; ++i) add_alert(numbered(i, i < 2 ? "critical" : "low"));
  const auto first = get("/api/v1/alerts?limit=2&sort=oldest");
  ASSERT_EQ(first.size_at("/items"), 2U) << first.text;
  EXPECT_EQ(first.at("/total").as_int64(), 5);
  EXPECT_FALSE(first.at("/items/0").as_object().contains("raw"));
  EXPECT_EQ(first.text_at("/items/0/entities/0/value"), "h0");
  const auto second = get("/api/v1/alerts?limit=2&sort=oldest&cursor=" + first.text_at("/next_cursor"));
  EXPECT_EQ(second.text_at("/items/0/source_id"), "c-2");
  const auto critical = get("/api/v1/alerts?q=severity:%3E%3Dhigh");
  EXPECT_EQ(critical.at("/total").as_int64(), 2);
  EXPECT_TRUE(critical.at("/next_cursor").is_null());
  EXPECT_EQ(get("/api/v1/alerts?severity=low&q=severity:high").size_at("/items"), 0U);
}

TEST_F(AlertsTest, AQueryErrorNamesItsColumn) {
  const auto reply = get("/api/v1/alerts?q=sevrity:high");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.text_at("/errors/0/pointer"), "q:1");
  EXPECT_NE(reply.text_at("/hint").find("severity"), std::string::npos);
}

TEST_F(AlertsTest, ABadCursorIsNoServerError) {
  const auto reply = get("/api/v1/alerts?cursor=zzz");
  EXPECT_EQ(reply.status, 422) << reply.text;
}

TEST_F(AlertsTest, ChangesNeedTheCurrentETag) {
  const auto path = "/api/v1/alerts/" + add_alert(numbered(1));
  const auto tag = get(path).header("ETag");
  const auto changed =
      patch(path, R"({"status":"in_progress","assignee":"me","tags":["vip"]})", {{"If-Match", tag}});
  EXPECT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.text_at("/assignee"), "local-admin");
  EXPECT_EQ(changed.text_at("/tags/0"), "vip");
  EXPECT_NE(changed.header("ETag"), tag);
  EXPECT_EQ(get(path).header("ETag"), changed.header("ETag"));
  EXPECT_EQ(patch(path, R"({"status":"closed"})", {{"If-Match", tag}}).status, 412);
  EXPECT_EQ(patch(path, R"({"status":"closed"})", {{"If-Match", "nonsense"}}).status, 412);
  EXPECT_EQ(patch(path, R"({"assignee":null})", {{"If-Match", "*"}}).status, 200);
  const auto now = get(path);
  EXPECT_EQ(now.text_at("/status"), "in_progress");
  EXPECT_TRUE(now.at("/assignee").is_null());
}

TEST_F(AlertsTest, UnknownFieldsAndWrongTypesAreAllNamed) {
  const auto path = "/api/v1/alerts/" + add_alert(numbered(1));
  const auto reply = patch(path, R"({"statuss":"closed","priority":101,"a/b":1})");
  EXPECT_EQ(reply.status, 422);
  ASSERT_EQ(reply.size_at("/errors"), 3U) << reply.text;
  EXPECT_EQ(reply.text_at("/errors/0/pointer"), "/priority");
  EXPECT_EQ(reply.text_at("/errors/1/pointer"), "/statuss");
  EXPECT_EQ(reply.text_at("/errors/2/pointer"), "/a~1b");
  EXPECT_EQ(patch(path, "{}").status, 422);
  EXPECT_EQ(patch(path, "[]").status, 422);
  EXPECT_EQ(patch(path, R"({"status":"done"})").status, 422);
  EXPECT_EQ(patch(path, "{", {}).status, 400);
  EXPECT_EQ(patch(path, "{}", {{"Content-Type", "text/plain"}}).status, 415);
}

TEST_F(AlertsTest, UnknownIdsAre404) {
  EXPECT_EQ(get("/api/v1/alerts/AL-1").status, 404);
  EXPECT_EQ(get("/api/v1/alerts/nothing/occurrences").status, 404);
  EXPECT_EQ(patch("/api/v1/alerts/nothing", R"({"status":"closed"})").status, 404);
}

TEST_F(AlertsTest, BulkByIdsSaysWhatFailed) {
  const auto id = add_alert(numbered(1));
  const auto reply =
      post("/api/v1/alerts/bulk", R"({"ids":[")" + id + R"(","nothing"],"change":{"status":"closed"}})");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/matched").as_int64(), 2);
  EXPECT_EQ(reply.at("/changed").as_int64(), 1);
  EXPECT_EQ(reply.text_at("/failed/0/id"), "nothing");
}

TEST_F(AlertsTest, BulkByQueryCanBeTriedFirst) {
  for (int i = 0; i < 3; ++i) add_alert(numbered(i, i == 0 ? "high" : "low"));
  const std::string body = R"({"q":"severity:low","change":{"status":"closed","verdict":"false_positive"})";
  const auto dry = post("/api/v1/alerts/bulk", body + R"(,"dry_run":true})");
  EXPECT_EQ(dry.at("/matched").as_int64(), 2) << dry.text;
  EXPECT_EQ(dry.at("/changed").as_int64(), 0);
  EXPECT_EQ(get("/api/v1/alerts?status=closed").at("/total").as_int64(), 0);
  EXPECT_EQ(post("/api/v1/alerts/bulk", body + "}").at("/changed").as_int64(), 2);
  EXPECT_EQ(get("/api/v1/alerts?status=closed&verdict=false_positive").at("/total").as_int64(), 2);
}

TEST_F(AlertsTest, BulkBodiesAreStrict) {
  EXPECT_EQ(post("/api/v1/alerts/bulk", R"({"change":{"status":"closed"}})").status, 422);
  EXPECT_EQ(post("/api/v1/alerts/bulk", R"({"ids":["a"],"q":"b","change":{"status":"closed"}})").status, 422);
  const auto nested = post("/api/v1/alerts/bulk", R"({"ids":["a"],"change":{"state":"closed"}})");
  EXPECT_EQ(nested.status, 422);
  EXPECT_EQ(nested.text_at("/errors/0/pointer"), "/change/state");
  EXPECT_EQ(post("/api/v1/alerts/bulk", R"({"q":"nope:1","change":{"status":"closed"}})").status, 422);
}

TEST_F(AlertsTest, HostileTextStaysText) {
  const auto reply =
      post("/api/v1/alerts",
           "{\"title\":\"\\u0000</script>\\u2028\xC3\xA9\\\"\",\"message\":\"m\",\"severity\":\"low\"}");
  EXPECT_EQ(reply.status, 201) << reply.text;
  EXPECT_EQ(reply.text.find('\n'), std::string::npos);
  EXPECT_FALSE(reply.json.is_null()) << reply.text;
  EXPECT_EQ(get("/api/v1/alerts").text_at("/items/0/title"), reply.text_at("/title"));
}

TEST_F(AlertsTest, WebhooksAnswerWithCounts) {
  const auto reply =
      post("/api/v1/webhooks/generic", R"({"title":"Door open","severity":"low","host":"door-1"})");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/accepted").as_int64(), 1);
  EXPECT_EQ(reply.size_at("/ids"), 1U);
  const auto unknown = post("/api/v1/webhooks/nobody", "{}");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.text_at("/hint").find("suricata"), std::string::npos);
  EXPECT_EQ(post("/api/v1/webhooks/generic", "x", {{"Content-Type", "image/png"}}).status, 415);
}

}  // namespace
}  // namespace tocsin::api
