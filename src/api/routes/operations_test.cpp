#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class OperationsTest : public test::ApiTest {
 protected:
  DeadLetterId add_letter(std::string body) {
    store::DeadLetter letter;
    letter.id = DeadLetterId::make(clock_.now());
    letter.source = "api";
    letter.content_type = "application/json";
    letter.reason = "the JSON ends too early (byte 3)";
    letter.body = std::move(body);
    letter.received_at = clock_.now();
    EXPECT_TRUE(store_.dead_letters().put({letter}));
    return letter.id;
  }
};

TEST_F(OperationsTest, ReadinessGivesReasons) {
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_TRUE(get("/readyz").at("/ready").as_bool());
  not_ready_ = {"database: disk full", "starting"};
  for (const auto* path : {"/readyz", "/ready"}) {
    const auto reply = get(path);
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.text_at("/errors/0/detail"), "database: disk full");
    EXPECT_EQ(reply.text_at("/errors/1/detail"), "starting");
  }
  EXPECT_EQ(get("/healthz").status, 200);
}

TEST_F(OperationsTest, StatsCountWhatIsStored) {
  add_alert(R"({"message":"a","severity":"critical"})");
  add_letter("{");
  const auto reply = get("/api/v1/stats");
  EXPECT_EQ(reply.at("/alerts/total").as_int64(), 1) << reply.text;
  EXPECT_EQ(reply.at("/alerts/by_severity/critical").as_int64(), 1);
  EXPECT_EQ(reply.at("/dead_letters").as_int64(), 1);
  EXPECT_EQ(reply.at("/high_priority_threshold").as_int64(), 80);
  EXPECT_TRUE(reply.at("/open_mode").as_bool());
  EXPECT_EQ(reply.text_at("/demo"), "none");
}

TEST_F(OperationsTest, MetricsAreInPrometheusFormat) {
  add_alert(R"({"message":"a","severity":"critical"})");
  const auto reply = get("/metrics");
  EXPECT_EQ(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(reply.text.find("# TYPE tocsin_alerts gauge\ntocsin_alerts 1\n"), std::string::npos)
      << reply.text;
  EXPECT_NE(reply.text.find("tocsin_alerts_by_severity{severity=\"critical\"} 1\n"), std::string::npos);
  EXPECT_NE(reply.text.find("soc_active_websocket_connections 0\n"), std::string::npos);
  EXPECT_NE(
      reply.text.find("soc_threat_processing_duration_seconds_bucket{phase=\"analysis\",le=\"+Inf\"} 0\n"),
      std::string::npos);
}

TEST_F(OperationsTest, DeadLettersAreListedReadAndReplayed) {
  const auto id = add_letter(R"({"message":"late","severity":"low"})");
  const auto list = get("/api/v1/dead-letters");
  EXPECT_EQ(list.text_at("/items/0/id"), id.str());
  EXPECT_FALSE(list.at("/items/0").as_object().contains("body"));
  EXPECT_EQ(get("/api/v1/dead-letters/" + id.str()).text_at("/body"),
            R"({"message":"late","severity":"low"})");
  const auto replayed = post("/api/v1/dead-letters/" + id.str() + "/replay");
  EXPECT_EQ(replayed.at("/accepted").as_int64(), 1) << replayed.text;
  EXPECT_EQ(get("/api/v1/dead-letters").size_at("/items"), 0U);
  EXPECT_TRUE(get("/api/v1/dead-letters?resolved=true").at("/items/0/resolved").as_bool());
}

TEST_F(OperationsTest, RejectedEventsAreKeptOneByOneAndReplayed) {
  const auto reply = post("/api/v1/events", R"([{"message":"ok"},{"message":7,"user":"ana"}])");
  const auto id = reply.text_at("/rejected/0/dead_letter");
  const auto letter = get("/api/v1/dead-letters/" + id);
  EXPECT_EQ(letter.text_at("/source"), "events");
  EXPECT_EQ(letter.text_at("/body"), R"({"message":7,"user":"ana"})");
  EXPECT_NE(letter.text_at("/reason").find("message must be text"), std::string::npos) << letter.text;
  // It is as wrong as before.
  EXPECT_EQ(post("/api/v1/dead-letters/" + id + "/replay").status, 422);
  EXPECT_EQ(get("/api/v1/dead-letters/" + id).at("/attempts").as_int64(), 2);
  EXPECT_FALSE(get("/api/v1/dead-letters/" + id).at("/resolved").as_bool());
}

TEST_F(OperationsTest, BodiesOfEventsThatCannotBeReadAreKeptWhole) {
  post("/api/v1/events", "{\"message\":");
  post("/ingest", R"({"events":[{"message":"ok"},{"message":7}]})");
  post("/ingest", R"({"records":[]})");
  post("/api/v1/events", "{\"message\":\"a\"}\n{bad\n", {{"Content-Type", "application/x-ndjson"}});
  post("/api/v1/events", "<x/>", {{"Content-Type", "application/xml"}});  // 415: nothing is kept
  const auto list = get("/api/v1/dead-letters");
  ASSERT_EQ(list.size_at("/items"), 4U) << list.text;
  std::set<std::string> bodies;
  for (const auto& item : list.at("/items").as_array()) {
    EXPECT_EQ(item.at("source"), "events");
    EXPECT_FALSE(item.at("reason").as_string().empty());
    bodies.insert(get("/api/v1/dead-letters/" + std::string(item.at("id").as_string())).text_at("/body"));
  }
  EXPECT_EQ(bodies, (std::set<std::string>{"{\"message\":", R"({"events":[{"message":"ok"},{"message":7}]})",
                                           R"({"records":[]})", "{bad"}));
}

TEST_F(OperationsTest, ALetterOfEventsThatCanBeReadNowIsStoredAndJudged) {
  store::DeadLetter letter;
  letter.id = DeadLetterId::make(clock_.now());
  letter.source = "events";
  letter.content_type = "application/json";
  letter.body = R"({"events":[{"message":"ransomware note dropped"},{"message":"quiet"}]})";
  ASSERT_TRUE(store_.dead_letters().put({letter}));
  const auto replayed = post("/api/v1/dead-letters/" + letter.id.str() + "/replay");
  EXPECT_EQ(replayed.status, 200) << replayed.text;
  EXPECT_EQ(replayed.at("/accepted").as_int64(), 2);
  EXPECT_EQ(replayed.at("/events").as_int64(), 2);
  EXPECT_EQ(get("/stats").at("/total_events").as_int64(), 2);
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 1);
  EXPECT_TRUE(get("/api/v1/dead-letters/" + letter.id.str()).at("/resolved").as_bool());
  EXPECT_EQ(post("/api/v1/dead-letters/" + letter.id.str() + "/replay").status, 409);
  EXPECT_EQ(get("/stats").at("/total_events").as_int64(), 2);
}

TEST_F(OperationsTest, BytesThatAreNoTextAreShownAsSuch) {
  const auto id = add_letter(std::string("\xff\x00z", 3));
  const auto reply = get("/api/v1/dead-letters/" + id.str());
  ASSERT_FALSE(reply.json.is_null());
  EXPECT_EQ(reply.text_at("/body").substr(0, 3), "\xEF\xBF\xBD");
}

TEST_F(OperationsTest, UnknownLettersAndJobsAre404) {
  EXPECT_EQ(get("/api/v1/dead-letters/7").status, 404);
  EXPECT_EQ(post("/api/v1/dead-letters/DL-01JB2ZK8M5X8Q0V1T9T3Y6N4RC/replay").status, 404);
  EXPECT_EQ(post("/api/v1/jobs/7/retry").status, 404);
  EXPECT_EQ(post("/api/v1/jobs/JB-01JB2ZK8M5X8Q0V1T9T3Y6N4RC/retry").status, 404);
  EXPECT_EQ(post("/api/v1/jobs/7/discard").status, 404);
}

TEST_F(OperationsTest, JobsAreListedByStateAndRetried) {
  store::Job job;
  job.kind = "enrich";
  job.payload = "{}";
  job.max_attempts = 1;
  job.run_at = clock_.now();
  const auto id = store_.jobs().enqueue(job);
  ASSERT_TRUE(id);
  EXPECT_EQ(get("/api/v1/jobs?state=waiting").text_at("/items/0/id"), id->str());
  const std::vector<std::string> kinds{"enrich"};
  ASSERT_TRUE(store_.jobs().lease(kinds, 1, std::chrono::seconds(60)));
  ASSERT_TRUE(store_.jobs().fail(*id, "no network"));
  const auto dead = get("/api/v1/jobs?state=dead");
  EXPECT_EQ(dead.text_at("/items/0/last_error"), "no network") << dead.text;
  EXPECT_EQ(post("/api/v1/jobs/" + id->str() + "/retry").text_at("/state"), "waiting");
  EXPECT_EQ(get("/api/v1/jobs?state=dead").size_at("/items"), 0U);
  EXPECT_EQ(post("/api/v1/jobs/" + id->str() + "/retry").status, 409);
  EXPECT_NE(get("/api/v1/jobs?state=daed").text_at("/hint").find("dead"), std::string::npos);
}

TEST_F(OperationsTest, JobsThatWaitAreDiscardedAndThoseAtWorkAreNot) {
  store::Job job;
  job.kind = "enrich";
  job.payload = R"({"host":"db-1"})";
  const auto first = store_.jobs().enqueue(job);
  const auto second = store_.jobs().enqueue(job);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(get("/api/v1/jobs").text_at("/items/0/payload"), R"({"host":"db-1"})");
  EXPECT_TRUE(post("/api/v1/jobs/" + first->str() + "/discard").at("/discarded").as_bool());
  EXPECT_EQ(post("/api/v1/jobs/" + first->str() + "/discard").status, 404);
  const std::vector<std::string> kinds{"enrich"};
  ASSERT_TRUE(store_.jobs().lease(kinds, 1, std::chrono::seconds(60)));
  EXPECT_EQ(post("/api/v1/jobs/" + second->str() + "/discard").status, 409);
  EXPECT_EQ(get("/api/v1/jobs").size_at("/items"), 1U);
}

}  // namespace
}  // namespace tocsin::api
