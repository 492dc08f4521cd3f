// The calls of the five earlier tools, as their documents print them.

#include <set>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

using test::Method;

class ReferenceTest : public test::ApiTest {
 protected:
  test::Reply post_s0_alert() {
    return post(
        "/alerts",
        R"({"ts":"2026-01-04T12:00:00Z","source":"demo","alert_type":"ssh_bruteforce","message":"Realtime test alert","user":"admin","host":"web-01","ip":"1.2.3.4","severity":"high"})");
  }
  std::string s0_incident() {
    post_s0_alert();
    post("/incidents/rebuild");
    return get("/incidents").text_at("/0/id");
  }
};

std::set<std::string> keys(const boost::json::value& object) {
  std::set<std::string> names;
  for (const auto& member : object.as_object()) names.emplace(member.key());
  return names;
}

void expect_keys(const boost::json::value& object, const std::vector<std::string>& names) {
  const auto present = keys(object);
  for (const auto& name : names) EXPECT_TRUE(present.contains(name)) << name;
}

// ---- S0
// -----------------------------------------------------------------------------------------------------------

TEST_F(ReferenceTest, S0AlertThenRebuildWithoutABody) {
  const auto alert = post_s0_alert();
  EXPECT_EQ(alert.status, 201) << alert.text;
  EXPECT_FALSE(alert.text_at("/id").empty());
  EXPECT_TRUE(alert.at("/incident_id").is_null());
  EXPECT_EQ(alert.text_at("/user"), "admin");
  EXPECT_EQ(alert.text_at("/host"), "web-01");
  EXPECT_EQ(alert.text_at("/ip"), "1.2.3.4");
  EXPECT_EQ(alert.text_at("/alert_type"), "ssh_bruteforce");
  EXPECT_EQ(alert.text_at("/ts"), "2026-01-04T12:00:00.000Z");
  const auto rebuilt = post("/incidents/rebuild");
  EXPECT_EQ(rebuilt.at("/incidents_created").as_int64(), 1);
  EXPECT_EQ(rebuilt.at("/clusters").as_int64(), 1);
}

TEST_F(ReferenceTest, S0RebuildToleratesAFormTypeWithoutABody) {
  EXPECT_EQ(post("/incidents/rebuild", "", {{"Content-Type", "application/x-www-form-urlencoded"}}).status,
            200);
}

TEST_F(ReferenceTest, S0ListsAreBareArraysNewestFirst) {
  for (int i = 0; i < 3; ++i) {
    clock_.advance(std::chrono::seconds(1));
    add_alert(R"({"message":"m","type":"t)" + std::to_string(i) + R"(","severity":"low"})");
  }
  const auto all = get("/alerts");
  ASSERT_EQ(all.json.as_array().size(), 3U) << all.text;
  EXPECT_EQ(all.text_at("/0/alert_type"), "t2");
  EXPECT_EQ(all.header("X-Total-Count"), "3");
  EXPECT_FALSE(all.at("/0").as_object().contains("raw"));
  const auto some = get("/alerts?limit=1&offset=1");
  ASSERT_EQ(some.json.as_array().size(), 1U);
  EXPECT_EQ(some.text_at("/0/alert_type"), "t1");
  EXPECT_EQ(get("/alerts?limit=1001").status, 422);
}

TEST_F(ReferenceTest, S0IncidentsHoldAlertsAndMitre) {
  const auto id = s0_incident();
  const auto list = get("/incidents");
  EXPECT_EQ(list.text_at("/0/alerts/0/user"), "admin");
  EXPECT_EQ(list.text_at("/0/analyst_verdict"), "unknown");
  EXPECT_EQ(list.header("X-Total-Count"), "1");
  const auto one = get("/incidents/" + id);
  EXPECT_EQ(one.json, list.at("/0"));
  expect_keys(one.json, {"id", "created_at", "title", "summary", "severity", "confidence", "risk_score",
                         "status", "analyst_verdict", "analyst_notes", "alerts", "mitre"});
  EXPECT_EQ(get("/incidents/7").status, 404);
}

TEST_F(ReferenceTest, S0PatchAnswersUpdated) {
  const auto id = s0_incident();
  const auto reply =
      patch("/incidents/" + id,
            R"({"status":"closed","analyst_verdict":"true_positive","analyst_notes":"contained"})");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_TRUE(reply.at("/updated").as_bool());
  EXPECT_EQ(reply.text_at("/incident_id"), id);
  const auto now = get("/incidents/" + id);
  EXPECT_EQ(now.text_at("/status"), "closed");
  EXPECT_EQ(now.text_at("/analyst_verdict"), "true_positive");
  EXPECT_EQ(now.text_at("/analyst_notes"), "contained");
  EXPECT_EQ(patch("/incidents/" + id, R"({"verdict":"true_positive"})").status, 422);
}

TEST_F(ReferenceTest, S0PlaybookSimulationAndExport) {
  const auto id = s0_incident();
  const auto playbook = get("/incidents/" + id + "/playbook");
  EXPECT_EQ(playbook.text_at("/incident_id"), id);
  ASSERT_GE(playbook.size_at("/steps"), 1U) << playbook.text;
  EXPECT_EQ(keys(playbook.at("/steps/0")), (std::set<std::string>{"action", "risk", "impact"}));
  const auto simulated = post("/incidents/" + id + "/simulate_remediate", R"({"action":"block_ip"})");
  EXPECT_EQ(simulated.status, 200) << simulated.text;
  EXPECT_TRUE(simulated.at("/ok").as_bool());
  EXPECT_EQ(simulated.text_at("/simulated_action"), "block_ip");
  EXPECT_EQ(post("/incidents/" + id + "/simulate_remediate", "{}").status, 422);
  const auto now = get("/incidents/" + id);
  EXPECT_EQ(now.text_at("/status"), "triaged");
  EXPECT_NE(now.text_at("/analyst_notes").find("[SIMULATED ACTION] block_ip"), std::string::npos);
  EXPECT_TRUE(get("/api/v1/incidents/" + id + "/actions").at("/items/0/simulated").as_bool() ||
              get("/api/v1/incidents/" + id + "/actions").at("/items/1/simulated").as_bool());
  const auto exported = get("/incidents/" + id + "/export");
  expect_keys(exported.json, {"incident", "mitre", "alerts"});
}

TEST_F(ReferenceTest, S0Health) {
  const auto reply = get("/health");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.at("/ok").as_bool());
  EXPECT_EQ(reply.text_at("/status"), "ok");
  EXPECT_EQ(reply.text_at("/timestamp"), "2026-01-04T12:00:00.000Z");
}

// ---- S1
// -----------------------------------------------------------------------------------------------------------

constexpr std::string_view kS1Alert =
    R"({"alert":{"alert_id":"SENT-1","source":"sentinel","timestamp":"2026-01-04T11:59:00Z","severity":"high","title":"Suspicious PowerShell","description":"powershell -enc on WS-01","mitre_techniques":["T1059.001"],"entities":{"users":["jsmith"],"hosts":["WS-01"],"ips":["203.0.113.7"],"files":[{"name":"a.exe","hash":"44d88612fea8a8f36de82e1278abb02f"}]}},"include_queries":true,"max_investigation_steps":3})";

TEST_F(ReferenceTest, S1TriageJudgesWhatIsSent) {
  const auto reply = post("/api/v1/triage", std::string(kS1Alert));
  ASSERT_EQ(reply.status, 200) << reply.text;
  expect_keys(reply.json, {"alert_id", "summary", "risk_score", "risk_reasoning", "key_findings",
                           "investigation_steps", "suggested_queries", "mitre_context", "suggested_actions",
                           "escalation_recommended", "escalation_reason", "processing_time_ms"});
  EXPECT_EQ(reply.text_at("/alert_id"), "SENT-1");
  EXPECT_GE(reply.at("/risk_score").as_int64(), 1);
  EXPECT_LE(reply.at("/risk_score").as_int64(), 10);
  EXPECT_LE(reply.size_at("/investigation_steps"), 3U);
  EXPECT_NE(reply.text_at("/suggested_queries/kql").find("jsmith"), std::string::npos);
  EXPECT_NE(reply.text_at("/mitre_context").find("T1059.001"), std::string::npos);
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 0);
}

TEST_F(ReferenceTest, S1TriageHeedsWhatTheSenderLookedUp) {
  const auto plain = post("/api/v1/triage", std::string(kS1Alert));
  auto body = std::string(kS1Alert);
  body.insert(
      body.find("\"entities\""),
      R"("enrichment":{"asset_context":{"criticality":"Critical"},"threat_intel":{"ip_reputation":"malicious","threat_actor":"FIN7","ioc_matches":["203.0.113.7"]}},)");
  const auto enriched = post("/api/v1/triage", body);
  ASSERT_EQ(enriched.status, 200) << enriched.text;
  EXPECT_GT(enriched.at("/risk_score").as_int64(), plain.at("/risk_score").as_int64());
  EXPECT_GE(enriched.at("/risk_score").as_int64(), 8);
  EXPECT_NE(enriched.text_at("/risk_reasoning").find("Threat actor: FIN7"), std::string::npos);
  EXPECT_TRUE(enriched.at("/escalation_recommended").as_bool());
}

TEST_F(ReferenceTest, S1TriageKnowsTheAssetTable) {
  const auto before = post("/api/v1/triage", std::string(kS1Alert));
  ASSERT_LT(post("/api/v1/assets", R"({"name":"WS-01","tier":"crown-jewel"})").status, 300);
  const auto after = post("/api/v1/triage", std::string(kS1Alert));
  EXPECT_GT(after.at("/risk_score").as_int64(), before.at("/risk_score").as_int64()) << after.text;
}

TEST_F(ReferenceTest, S1TriageReadsWhatVendorsSend) {
  const auto reply = post("/api/v1/triage", R"({"alert":{"properties":{"incidentNumber":17,
      "title":"Mass download","severity":"High","status":"New","createdTimeUtc":"2026-01-04T11:59:00Z",
      "additionalData":{"tactics":["Exfiltration"]}},"name":"n-17",
      "type":"Microsoft.SecurityInsights/Incidents"}})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_NE(reply.text_at("/summary").find("Mass download"), std::string::npos);
  EXPECT_NE(reply.text_at("/summary").find("microsoft-sentinel"), std::string::npos) << reply.text;
}

TEST_F(ReferenceTest, S1TriageNamesTheTechniqueOfAKnownFamily) {
  const auto reply = post("/api/v1/triage", R"({"alert":{"alert_type":"ssh_bruteforce","host":"web-01"}})");
  EXPECT_NE(reply.text_at("/mitre_context").find("T1110.001"), std::string::npos) << reply.text;
}

TEST_F(ReferenceTest, S1TriageReadsAStoredAlert) {
  post(
      "/alerts",
      R"({"id":"a-1","source":"demo","alert_type":"malware","message":"x","host":"h1","severity":"critical"})");
  EXPECT_EQ(post("/api/v1/triage", R"({"alert":{"alert_id":"a-1"}})").text_at("/alert_id"), "a-1");
  EXPECT_EQ(post("/api/v1/triage", R"({"alert":{"alert_id":"nothing"}})").status, 404);
  const auto without = post("/api/v1/triage", R"({"alert":{"alert_id":"a-1"},"include_queries":false})");
  EXPECT_TRUE(without.at("/suggested_queries").as_object().empty());
}

TEST_F(ReferenceTest, S1TriageBodiesAreStrict) {
  EXPECT_EQ(post("/api/v1/triage", R"({"alert":[]})").status, 422);
  EXPECT_EQ(post("/api/v1/triage", "{}").status, 422);
  EXPECT_EQ(post("/api/v1/triage", R"({"alert":{"title":"x"},"max_investigation_steps":0})").status, 422);
  EXPECT_EQ(post("/api/v1/triage", R"({"alert":{"title":7}})").text_at("/errors/0/pointer"), "/alert/title");
}

TEST_F(ReferenceTest, S1QueryAnswersOrSaysWhatItDidNotUnderstand) {
  const auto reply = post("/api/v1/query", R"({"question":"failed logins for alice in the last 24 hours"})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_NE(reply.text_at("/kql_query").find("alice"), std::string::npos);
  EXPECT_NE(reply.text_at("/spl_query").find("alice"), std::string::npos);
  const auto kql = post("/api/v1/query", R"({"question":"failed logins for alice","target_platform":"kql"})");
  EXPECT_TRUE(kql.at("/spl_query").is_null());
  EXPECT_EQ(post("/api/v1/query", R"({"question":"what is the meaning of life"})").status, 422);
  EXPECT_EQ(post("/api/v1/query", R"({"question":"x","target_platform":"sql"})").status, 422);
}

TEST_F(ReferenceTest, S1FeedbackIsStored) {
  post("/alerts", R"({"id":"a-1","message":"x","severity":"low"})");
  const auto reply = post(
      "/api/v1/feedback",
      R"({"alert_id":"a-1","triage_helpful":true,"rating":5,"comments":"good","actual_disposition":"false_positive"})");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/status"), "acknowledged");
  EXPECT_EQ(reply.text_at("/alert_id"), "a-1");
  EXPECT_EQ(get("/api/v1/alerts/a-1").text_at("/triage/verdict"), "false_positive");
  const auto spoken =
      post("/api/v1/feedback",
           R"({"alert_id":"a-1","triage_helpful":true,"rating":2,"actual_disposition":"True Positive"})");
  EXPECT_EQ(spoken.text_at("/applied/0"), "verdict set to true_positive") << spoken.text;
}

// ---- S2
// -----------------------------------------------------------------------------------------------------------

TEST_F(ReferenceTest, S2ThreeCalls) {
  const std::string alert =
      R"({"id":"alert_001","severity":"high","description":"Malicious PowerShell execution detected","source_ip":"192.168.1.100","target_user":"admin","timestamp":"2024-01-15T10:30:00Z"})";
  EXPECT_EQ(post("/api/v1/alerts", alert).status, 201);
  EXPECT_EQ(post("/api/v1/alerts", alert).status, 200);
  EXPECT_EQ(get("/api/v1/alerts").at("/total").as_int64(), 1);
  post("/api/v1/incidents/rebuild");
  EXPECT_EQ(get("/api/v1/incidents").at("/total").as_int64(), 1);
  const auto feedback = post(
      "/api/v1/feedback",
      R"({"alert_id":"alert_001","correct_priority":95,"analyst_notes":"Confirmed true positive - ransomware behavior"})");
  EXPECT_EQ(feedback.status, 200) << feedback.text;
  EXPECT_EQ(feedback.text_at("/alert_id"), "alert_001");
  EXPECT_EQ(get("/api/v1/alerts/alert_001").at("/priority").as_int64(), 95);
}

// ---- S3
// -----------------------------------------------------------------------------------------------------------

constexpr std::string_view kS3Events =
    R"({"events":[{"source":"aws","event_type":"ConsoleLogin","message":"failed login from unusual location","user":"alice","ip":"45.10.22.1"}]})";

TEST_F(ReferenceTest, S3IngestThenAnalyzeOnce) {
  const auto ingested = post("/ingest", std::string(kS3Events));
  EXPECT_EQ(ingested.text, R"({"ingested":1})");
  const auto first = post("/analyze?auto_respond=true");
  ASSERT_EQ(first.size_at("/findings"), 1U) << first.text;
  EXPECT_EQ(first.text_at("/findings/0/severity"), "medium");
  EXPECT_FALSE(first.at("/findings/0/auto_response_performed").as_bool());
  EXPECT_FALSE(first.text_at("/findings/0/auto_response_blocked_by").empty());
  EXPECT_EQ(first.text_at("/findings/0/event/user"), "alice");
  EXPECT_EQ(first.size_at("/findings/0/suggested_actions"), 3U);
  EXPECT_EQ(get("/api/v1/alerts/" + first.text_at("/findings/0/alert_id")).status, 200);
  EXPECT_EQ(post("/analyze?auto_respond=true").size_at("/findings"), 0U);
  const auto stats = get("/stats");
  EXPECT_EQ(stats.at("/total_events").as_int64(), 1);
  EXPECT_EQ(stats.at("/suspicious_events").as_int64(), 1);
  EXPECT_EQ(stats.at("/providers/aws").as_int64(), 1);
  EXPECT_EQ(stats.at("/severities/medium").as_int64(), 1);
}

TEST_F(ReferenceTest, S3OneWrongEventRefusesAll) {
  const auto reply = post("/ingest", R"({"events":[{"message":"ok"},{"message":7},{}]})");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.text_at("/errors/0/pointer"), "/events/1/message");
  EXPECT_EQ(reply.text_at("/errors/1/pointer"), "/events/2");
  EXPECT_EQ(get("/stats").at("/total_events").as_int64(), 0);
  EXPECT_EQ(post("/ingest", "[]").status, 422);
}

TEST_F(ReferenceTest, S3DemoFindsSomething) {
  const auto reply = post("/demo/run");
  EXPECT_EQ(reply.status, 200);
  ASSERT_EQ(reply.size_at("/findings"), 1U) << reply.text;
  EXPECT_EQ(reply.text_at("/findings/0/severity"), "critical");
}

TEST_F(ReferenceTest, EventsAnswerWithTheirAlerts) {
  const auto reply = post(
      "/api/v1/events",
      R"([{"source":"aws","event_type":"x","message":"ransomware note dropped","extra":1},{"message":"all quiet"},[],{}])");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/accepted").as_int64(), 2);
  ASSERT_EQ(reply.size_at("/alerts"), 1U);
  ASSERT_EQ(reply.size_at("/rejected"), 2U);
  EXPECT_EQ(reply.at("/rejected/0/index").as_int64(), 2);
  EXPECT_EQ(get("/api/v1/alerts/" + reply.text_at("/alerts/0")).text_at("/severity"), "critical");
  const auto lines =
      post("/api/v1/events", "{\"message\":\"a\"}\n{bad\n", {{"Content-Type", "application/x-ndjson"}});
  EXPECT_EQ(lines.at("/accepted").as_int64(), 1);
  EXPECT_EQ(lines.size_at("/rejected"), 1U);
  EXPECT_EQ(post("/api/v1/events", "{").status, 400);
  EXPECT_EQ(post("/api/v1/events", "7").status, 422);
}

// ---- S4
// -----------------------------------------------------------------------------------------------------------

TEST_F(ReferenceTest, S4CriticalThreatIsCriticalAndUnderReview) {
  const auto threat = post("/api/threats/trigger", R"({"scenario":"critical_threat"})");
  ASSERT_EQ(threat.status, 200) << threat.text;
  EXPECT_EQ(threat.text_at("/severity"), "CRITICAL");
  EXPECT_EQ(threat.text_at("/status"), "escalated");
  EXPECT_TRUE(threat.at("/requires_human_review").as_bool());
  EXPECT_FALSE(threat.text_at("/review_reason").empty());
  EXPECT_EQ(threat.text_at("/mitre_techniques/0/id"), "T1486");
  expect_keys(threat.at("/agent_analyses"), {"historical", "config", "devops", "context", "priority"});
  expect_keys(threat.at("/false_positive_score"),
              {"score", "confidence", "indicators", "historical_fp_rate", "similar_resolved_as_fp",
               "similar_resolved_as_real", "recommendation", "explanation"});
  expect_keys(threat.at("/response_plan"), {"primary_action", "secondary_actions", "escalation_path",
                                            "sla_minutes", "auto_escalate_after_minutes", "notes"});
  expect_keys(threat.at("/investigation_timeline"), {"events", "start_time", "end_time", "duration_ms"});
  const auto again = get("/api/threats/" + threat.text_at("/id"));
  EXPECT_EQ(again.text_at("/signal/id"), threat.text_at("/signal/id"));
  EXPECT_EQ(get("/api/threats/nothing").status, 404);
}

TEST_F(ReferenceTest, S4TriggerAsPrinted) {
  const auto reply = post("/api/threats/trigger", R"({"threat_type": "bot_traffic"})");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/signal/threat_type"), "bot_traffic");
  EXPECT_EQ(post("/api/threats/trigger", R"({"threat_type":"weather"})").status, 422);
  EXPECT_EQ(post("/api/threats/trigger", R"({})").status, 422);
}

TEST_F(ReferenceTest, S4ListFiltersAndCounts) {
  post("/api/threats/trigger", R"({"scenario":"critical_threat"})");
  post("/api/threats/trigger", R"({"threat_type":"bot_traffic"})");
  const auto all = get("/api/threats");
  ASSERT_EQ(all.json.as_array().size(), 2U);
  EXPECT_EQ(all.header("X-Total-Count"), "2");
  EXPECT_EQ(get("/api/threats?severity=CRITICAL").json.as_array().size(), 1U);
  EXPECT_EQ(get("/api/threats?severity=critical&limit=1&offset=1").json.as_array().size(), 0U);
  EXPECT_EQ(get("/api/threats?requires_review=true").json.as_array().size(), 1U);
  EXPECT_EQ(get("/api/threats?status=escalated").json.as_array().size(), 1U);
  EXPECT_EQ(get("/api/threats?status=pending").json.as_array().size(), 1U);
  EXPECT_EQ(get("/api/threats?status=pending&requires_review=true").json.as_array().size(), 0U);
  EXPECT_EQ(get("/api/threats?status=completed").json.as_array().size(), 0U);
  const auto wrong = get("/api/threats?status=penidng");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_NE(wrong.text_at("/hint").find("pending"), std::string::npos);
}

TEST_F(ReferenceTest, S4AnalyticsCountEverything) {
  post("/api/threats/trigger", R"({"scenario":"critical_threat"})");
  post("/api/threats/trigger", R"({"threat_type":"bot_traffic"})");
  const auto reply = get("/api/analytics");
  EXPECT_EQ(reply.at("/total_threats").as_int64(), 2) << reply.text;
  EXPECT_EQ(reply.at("/threats_by_severity/CRITICAL").as_int64(), 1);
  EXPECT_EQ(reply.at("/threats_by_type/bot_traffic").as_int64(), 1);
  EXPECT_EQ(reply.at("/threats_requiring_review").as_int64(), 1);
  EXPECT_EQ(reply.at("/average_processing_time_ms").to_number<double>(), 0);  // by a clock that stands still
  const auto metrics = get("/metrics");
  EXPECT_NE(metrics.text.find("soc_threats_processed_total{severity=\"CRITICAL\",threat_type="),
            std::string::npos)
      << metrics.text;
  EXPECT_NE(metrics.text.find("soc_fp_score_count 2\n"), std::string::npos);
}

TEST_F(ReferenceTest, S4RootDescribesTheService) {
  const auto reply = get("/", {{"Accept", "*/*"}});
  EXPECT_EQ(reply.status, 200);
  expect_keys(reply.json, {"service", "version", "status", "timestamp", "endpoints", "threats_stored"});
}

}  // namespace
}  // namespace tocsin::api
