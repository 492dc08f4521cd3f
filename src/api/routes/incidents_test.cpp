#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kSsh =
    R"({"source":"demo","alert_type":"ssh_bruteforce","message":"Many failed logins","user":"admin","host":"web-01","ip":"1.2.3.4","severity":"high","techniques":["T1110"]})";
constexpr std::string_view kShell =
    R"({"source":"demo","alert_type":"suspicious_powershell","message":"powershell -enc","user":"admin","host":"web-01","severity":"critical"})";

class IncidentsTest : public test::ApiTest {
 protected:
  std::string incident_of_two() {
    alert_ids_ = {add_alert(std::string(kSsh)), add_alert(std::string(kShell))};
    return add_incident();
  }
  std::vector<std::string> alert_ids_;
};

TEST_F(IncidentsTest, RebuildNeedsNoBodyAndCanBeTried) {
  add_alert(std::string(kSsh));
  const auto dry = post("/api/v1/incidents/rebuild?dry_run=true");
  EXPECT_EQ(dry.status, 200) << dry.text;
  EXPECT_TRUE(dry.at("/dry_run").as_bool());
  EXPECT_EQ(dry.text_at("/differences/0/incident"), "new");
  EXPECT_EQ(get("/api/v1/incidents").at("/total").as_int64(), 0);
  const auto real = post("/api/v1/incidents/rebuild");
  EXPECT_EQ(real.at("/incidents_created").as_int64(), 1);
  EXPECT_EQ(real.at("/clusters").as_int64(), 1);
  EXPECT_FALSE(real.json.as_object().contains("differences"));
  EXPECT_EQ(post("/api/v1/incidents/rebuild?dry_run=maybe").status, 422);
}

TEST_F(IncidentsTest, AnIncidentTellsItsStory) {
  const auto id = incident_of_two();
  const auto reply = get("/api/v1/incidents/" + id);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/id"), id);
  EXPECT_EQ(reply.size_at("/alerts"), 2U);
  EXPECT_FALSE(reply.text_at("/summary").empty());
  EXPECT_GE(reply.size_at("/why"), 1U);
  EXPECT_GE(reply.size_at("/entities"), 2U);
  EXPECT_EQ(reply.text_at("/analyses/historical/agent_name"), "historical");
  EXPECT_GT(reply.at("/response_plan/sla_minutes").as_int64(), 0);
  EXPECT_EQ(reply.header("ETag").front(), '"');
}

TEST_F(IncidentsTest, ListsHoldSummaries) {
  const auto id = incident_of_two();
  const auto reply = get("/api/v1/incidents?q=status:open");
  EXPECT_EQ(reply.text_at("/items/0/id"), id);
  EXPECT_EQ(reply.at("/items/0/alert_count").as_int64(), 2);
  EXPECT_FALSE(reply.at("/items/0").as_object().contains("alerts"));
  EXPECT_EQ(get("/api/v1/incidents?status=closed").at("/total").as_int64(), 0);
  EXPECT_EQ(get("/api/v1/incidents?q=host:web-01").status, 422);
}

TEST_F(IncidentsTest, ListsShowWhatAQueueNeeds) {
  const auto id = incident_of_two();
  auto item = get("/api/v1/incidents").at("/items/0").as_object();
  EXPECT_EQ(item["main_entities"].at(0).at("value"), "admin");
  EXPECT_EQ(item["main_entities"].at(1).at("value"), "web-01");
  EXPECT_EQ(item["main_entities"].at(2).at("value"), "1.2.3.4");
  EXPECT_EQ(item["verdict"], "undecided");
  EXPECT_EQ(item["suggested_verdict"], "true_positive");
  EXPECT_EQ(item["sla"].at("first_response_minutes"), 30);
  EXPECT_EQ(item["sla"].at("first_response_due_at"), "2026-01-04T12:30:00.000Z");
  EXPECT_TRUE(item["sla"].at("first_response_at").is_null());
  EXPECT_TRUE(item["sla"].at("met").is_null());
  clock_.advance(std::chrono::minutes(31));
  patch("/api/v1/incidents/" + id, R"({"verdict":"false_positive"})");
  item = get("/api/v1/incidents").at("/items/0").as_object();
  EXPECT_EQ(item["sla"].at("first_response_at"), "2026-01-04T12:31:00.000Z");
  EXPECT_FALSE(item["sla"].at("met").as_bool());
  EXPECT_EQ(item["verdict"], "false_positive");
  EXPECT_EQ(item["suggested_verdict"], "true_positive");
  EXPECT_EQ(get("/api/v1/incidents/" + id).text_at("/suggested_verdict"), "true_positive");
}

TEST_F(IncidentsTest, ADecisionIsInTheRecord) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  patch(path, R"({"status":"closed","verdict":"true_positive"})");
  const auto lines = get(path).at("/actions").as_array();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].at("action"), "status_changed");
  EXPECT_EQ(lines[1].at("detail"), "status: open → closed");
  EXPECT_EQ(lines[1].at("actor"), "local-admin");
  EXPECT_EQ(lines[0].at("detail"), "verdict: undecided → true_positive");
  EXPECT_EQ(get(path + "/actions").at("/items").as_array(), lines);
  post("/api/v1/alerts/bulk",
       R"({"ids":[")" + alert_ids_[0] + "\",\"" + alert_ids_[1] + R"("],"change":{"status":"closed"}})");
  EXPECT_EQ(get(path).text_at("/actions/0/detail"), "2 alerts: status: new → closed");
}

TEST_F(IncidentsTest, ManyAreChangedByQueryOrById) {
  const auto id = incident_of_two();
  const auto path = "/api/v1/incidents/" + id;
  auto reply =
      post("/api/v1/incidents/bulk", R"({"query":"alert_count:2","status":"closed","dry_run":true})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/matched").as_int64(), 1);
  EXPECT_EQ(reply.at("/changed").as_int64(), 0);
  EXPECT_EQ(get(path).text_at("/status"), "open");
  reply = post("/api/v1/incidents/bulk",
               R"({"query":"alert_count:2","change":{"status":"closed","verdict":"benign_positive"}})");
  EXPECT_EQ(reply.at("/changed").as_int64(), 1);
  EXPECT_EQ(get(path).text_at("/status"), "closed");
  EXPECT_EQ(get(path).text_at("/verdict"), "benign_positive");
  EXPECT_EQ(get(path).size_at("/actions"), 2U);
  reply = post("/api/v1/incidents/bulk",
               R"({"ids":[")" + id + R"(","IN-00000000000000000000000000"],"assignee":"me"})");
  EXPECT_EQ(reply.at("/matched").as_int64(), 2);
  EXPECT_EQ(reply.at("/changed").as_int64(), 1);
  EXPECT_EQ(reply.text_at("/failed/0/id"), "IN-00000000000000000000000000");
  EXPECT_EQ(get(path).text_at("/assignee"), "local-admin");
}

TEST_F(IncidentsTest, ABulkChangeThatSaysTooLittleIsRefused) {
  for (const auto* body :
       {R"({"query":"status:open"})", R"({"status":"closed"})", R"({"ids":[],"q":"a","status":"closed"})",
        R"({"query":"host:web-01","status":"closed"})", R"({"query":"a","status":"new"})",
        R"({"query":"a","change":{}})", R"({"query":"a","change":{"tags":["x"]}})"})
    EXPECT_EQ(post("/api/v1/incidents/bulk", body).status, 422) << body;
}

TEST_F(IncidentsTest, AListSaysAsOfWhenItIsSoThatABulkChangeLeavesLaterOnesAlone) {
  const auto earlier = incident_of_two();
  const auto as_of = get("/api/v1/incidents").text_at("/as_of");
  EXPECT_EQ(as_of, get("/api/v1/alerts").text_at("/as_of"));
  clock_.advance(std::chrono::milliseconds(1));
  add_alert(R"({"source":"demo","title":"Another","host":"db-09","severity":"critical"})");
  const auto later = add_incident();
  ASSERT_NE(later, earlier);
  EXPECT_EQ(post("/api/v1/incidents/bulk", R"({"q":"created<=)" + as_of + R"(","status":"closed"})")
                .at("/changed")
                .as_int64(),
            1);
  EXPECT_EQ(get("/api/v1/incidents/" + later).text_at("/status"), "open");
  EXPECT_EQ(get("/api/v1/alerts?q=received%3C%3D" + as_of).at("/total").as_int64(), 2);
}

TEST_F(IncidentsTest, AKeyDoesAThingOnce) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const std::vector<http::Header> key{{"Idempotency-Key", "n-1"}};
  const auto first = post(path + "/notes", R"({"text":"Called"})", key);
  const auto second = post(path + "/notes", R"({"text":"Called"})", key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.text, first.text);
  EXPECT_EQ(get(path + "/notes").size_at("/items"), 1U);
  const auto other = post(path + "/notes", R"({"text":"Called again"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.text_at("/errors/0/pointer"), "Idempotency-Key");
  EXPECT_EQ(post(path + "/actions", R"({"text":"Called"})", key).status, 422);  // another call, same key
  EXPECT_EQ(post(path + "/notes", "{}", {{"Idempotency-Key", std::string(201, 'k')}}).status, 422);
  EXPECT_EQ(get(path + "/notes").size_at("/items"), 1U);
}

TEST_F(IncidentsTest, ARefusedCallMayUseItsKeyAgain) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const std::vector<http::Header> key{{"Idempotency-Key", "n-1"}};
  EXPECT_EQ(post(path + "/notes", R"({"text":""})", key).status, 422);
  EXPECT_EQ(post(path + "/notes", R"({"text":"now"})", key).status, 201);
}

TEST_F(IncidentsTest, AChangeRepeatedUnderItsKeyIsNotStale) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const std::vector<http::Header> headers{{"Idempotency-Key", "p-1"}, {"If-Match", get(path).header("ETag")}};
  const auto first = patch(path, R"({"status":"closed"})", headers);
  const auto second = patch(path, R"({"status":"closed"})", headers);
  EXPECT_EQ(second.status, 200) << second.text;
  EXPECT_EQ(second.header("ETag"), first.header("ETag"));
  EXPECT_EQ(get(path).size_at("/actions"), 1U);
}

struct KeyedCall {
  std::string_view path;
  std::string_view body;
  std::string_view other_body;
};
void PrintTo(const KeyedCall& call, std::ostream* out) {
  *out << call.path;
}
class KeyedCalls : public IncidentsTest, public testing::WithParamInterface<KeyedCall> {};

TEST_P(KeyedCalls, AreAnsweredAlikeAndRefuseAnotherBody) {
  const auto id = incident_of_two();
  const auto filled = [&](std::string_view text) {
    std::string out(text);
    if (const auto at = out.find("ALERT"); at != std::string::npos) out.replace(at, 5, alert_ids_[1]);
    if (const auto at = out.find("INCIDENT"); at != std::string::npos) out.replace(at, 8, id);
    return out;
  };
  const std::vector<http::Header> key{{"Idempotency-Key", "k"}};
  const auto path = filled(GetParam().path);
  const auto first = post(path, filled(GetParam().body), key);
  EXPECT_LT(first.status, 300) << first.text;
  const auto second = post(path, filled(GetParam().body), key);
  EXPECT_EQ(second.status, first.status);
  EXPECT_EQ(second.text, first.text);
  EXPECT_EQ(post(path, filled(GetParam().other_body), key).status, 422);
}

INSTANTIATE_TEST_SUITE_P(
    All, KeyedCalls,
    testing::Values(
        KeyedCall{"/api/v1/feedback", R"({"alert_id":"ALERT","correct_priority":9})",
                  R"({"alert_id":"ALERT","correct_priority":8})"},
        KeyedCall{"/api/v1/events", R"([{"message":"malware"}])", R"([{"message":"else"}])"},
        KeyedCall{"/ingest", R"({"events":[{"message":"x"}]})", R"({"events":[{"message":"y"}]})"},
        KeyedCall{"/api/v1/incidents/INCIDENT/split", R"({"alert_ids":["ALERT"]})", R"({"alert_ids":["x"]})"},
        KeyedCall{"/api/v1/incidents/INCIDENT/actions", R"({"action":"isolate"})", R"({"action":"else"})"},
        KeyedCall{"/api/v1/incidents/rebuild", "", "{}"},
        KeyedCall{"/api/threats/trigger", R"({"threat_type":"bot_traffic"})",
                  R"({"scenario":"critical_threat"})"},
        KeyedCall{"/incidents/INCIDENT/simulate_remediate", R"({"action":"block_ip"})",
                  R"({"action":"isolate"})"}));

TEST_F(IncidentsTest, ChangesNeedTheCurrentETag) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const auto tag = get(path).header("ETag");
  const auto changed = patch(
      path, R"({"status":"closed","verdict":"true_positive","close_reason":"rebuilt"})", {{"If-Match", tag}});
  EXPECT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.text_at("/verdict"), "true_positive");
  EXPECT_EQ(patch(path, R"({"status":"open"})", {{"If-Match", tag}}).status, 412);
  EXPECT_EQ(patch(path, R"({"status":"new"})").status, 422);
  EXPECT_EQ(patch(path, R"({"stat":"open"})").text_at("/errors/0/pointer"), "/stat");
}

TEST_F(IncidentsTest, NotesAndActionsAreKept) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const auto note = post(path + "/notes", R"({"text":"Called the user"})");
  EXPECT_EQ(note.status, 201) << note.text;
  EXPECT_EQ(get(path + "/notes").text_at("/items/0/text"), "Called the user");
  EXPECT_EQ(post(path + "/notes", R"({"text":""})").status, 422);
  EXPECT_EQ(post(path + "/notes", R"({})").status, 422);
  const auto action = post(path + "/actions", R"({"action":"isolate_host","target":"web-01"})");
  EXPECT_EQ(action.status, 201) << action.text;
  EXPECT_FALSE(action.at("/simulated").as_bool());
  const auto listed = get(path + "/actions");
  ASSERT_GE(listed.size_at("/items"), 1U);
  EXPECT_EQ(listed.text_at("/items/0/action"), "isolate_host");
  EXPECT_EQ(listed.text_at("/items/0/actor"), "local-admin");
}

TEST_F(IncidentsTest, TimelineHoldsAlertsAndWork) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  post(path + "/notes", R"({"text":"Seen"})");
  const auto reply = get(path + "/timeline");
  EXPECT_EQ(reply.status, 200);
  std::map<std::string, int> kinds;
  for (const auto& item : reply.at("/items").as_array()) ++kinds[std::string(item.at("kind").as_string())];
  EXPECT_EQ(kinds["alert"], 2);
  EXPECT_EQ(kinds["note"], 1);
  EXPECT_GE(reply.at("/total").as_int64(), 3);
}

TEST_F(IncidentsTest, PlaybookAndQueriesNameTheIncidentsEntities) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const auto playbook = get(path + "/playbook");
  ASSERT_GE(playbook.size_at("/steps"), 1U) << playbook.text;
  EXPECT_FALSE(playbook.text_at("/steps/0/action").empty());
  const auto queries = get(path + "/queries");
  ASSERT_GE(queries.size_at("/items"), 2U) << queries.text;
  EXPECT_EQ(queries.text_at("/items/0/language"), "kql");
  EXPECT_NE(queries.text.find("web-01"), std::string::npos);
}

TEST_F(IncidentsTest, ExportHoldsRawRecords) {
  const auto path = "/api/v1/incidents/" + incident_of_two() + "/export";
  const auto reply = get(path + "?format=json");
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.header("Content-Disposition").find(".json"), std::string::npos);
  EXPECT_EQ(reply.text_at("/alerts/0/raw/source"), "demo");
  EXPECT_EQ(reply.text_at("/incident/alerts/0/id"), reply.text_at("/alerts/0/id"));
  const auto other = get(path + "?format=pdf");
  EXPECT_EQ(other.status, 422);
  EXPECT_NE(other.text_at("/hint").find("json"), std::string::npos);
}

TEST_F(IncidentsTest, JoiningAndDividing) {
  const auto first = incident_of_two();
  const auto third = add_alert(R"({"message":"else","type":"x","host":"h9","severity":"high"})");
  const auto opened = post("/api/v1/incidents", R"({"alert_ids":[")" + third + "\"]}");
  EXPECT_EQ(opened.status, 201) << opened.text;
  const auto merged =
      post("/api/v1/incidents/" + first + "/merge", R"({"incident_ids":[")" + opened.text_at("/id") + "\"]}");
  EXPECT_EQ(merged.status, 200) << merged.text;
  EXPECT_EQ(merged.at("/alert_count").as_int64(), 3);
  const auto gone = get("/api/v1/incidents/" + opened.text_at("/id"));
  EXPECT_EQ(gone.text_at("/merged_into"), first);
  EXPECT_TRUE(gone.at("/response_plan").is_null());
  const auto ended =
      "/api/v1/incidents/" + opened.text_at("/id");  // history: what people say belongs elsewhere
  const auto refused = patch(ended, R"({"verdict":"true_positive"})");
  EXPECT_EQ(refused.status, 409) << refused.text;
  EXPECT_NE(refused.text_at("/hint").find(first), std::string::npos);
  EXPECT_EQ(post(ended + "/notes", R"({"text":"lost"})").status, 409);
  EXPECT_EQ(post(ended + "/actions", R"({"action":"isolate"})").status, 409);
  EXPECT_EQ(gone.text_at("/actions/0/action"), "merged_into");
  EXPECT_EQ(get("/api/v1/incidents/" + first).text_at("/actions/0/detail"),
            "1 alert came from " + opened.text_at("/id") + ".");
  const auto split = post("/api/v1/incidents/" + first + "/split", R"({"alert_ids":[")" + third + "\"]}");
  EXPECT_EQ(split.status, 201) << split.text;
  EXPECT_NE(split.text_at("/id"), first);
}

TEST_F(IncidentsTest, APriorityThatIsHighNeedsReview) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const auto high = patch(path, R"({"priority":80})");
  EXPECT_TRUE(high.at("/requires_review").as_bool()) << high.text;
  EXPECT_EQ(high.header("ETag"), get(path).header("ETag"));
  EXPECT_FALSE(patch(path, R"({"priority":79})").at("/requires_review").as_bool());
}

TEST_F(IncidentsTest, ARebuildTakesNoMembers) {
  EXPECT_EQ(post("/api/v1/incidents/rebuild", "{}").status, 200);
  EXPECT_EQ(post("/api/v1/incidents/rebuild", R"({"dry_run":true})").text_at("/errors/0/pointer"),
            "/dry_run");
}

TEST_F(IncidentsTest, JoiningBodiesAreStrict) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  EXPECT_EQ(post(path + "/merge", R"({"incident_ids":[]})").status, 422);
  EXPECT_EQ(post(path + "/merge", R"({"incident_ids":["7"]})").status, 422);
  EXPECT_EQ(post(path + "/merge", R"({"ids":["7"]})").status, 422);
  EXPECT_EQ(post(path + "/split", R"({"alert_ids":[]})").status, 422);
  EXPECT_EQ(post(path + "/split", R"({"alert_ids":["nothing"]})").status, 404);
  EXPECT_EQ(post("/api/v1/incidents", R"({"alert_ids":[7]})").text_at("/errors/0/pointer"), "/alert_ids/0");
}

TEST_F(IncidentsTest, UnknownIdsAre404) {
  for (const auto* tail : {"", "/timeline", "/playbook", "/queries", "/export", "/notes", "/actions"}) {
    EXPECT_EQ(get("/api/v1/incidents/IN-1" + std::string(tail)).status, 404) << tail;
    EXPECT_EQ(get("/api/v1/incidents/IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC" + std::string(tail)).status, 404) << tail;
  }
}

TEST_F(IncidentsTest, FeedbackIsAppliedAndAcknowledged) {
  const auto path = "/api/v1/incidents/" + incident_of_two();
  const auto id = path.substr(path.rfind('/') + 1);
  const auto reply =
      post("/api/v1/feedback",
           R"({"incident_id":")" + id + R"(","verdict":"false_positive","analyst_notes":"pentest"})");
  EXPECT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/status"), "acknowledged");
  EXPECT_EQ(reply.size_at("/applied"), 2U);
  const auto now = get(path);
  EXPECT_EQ(now.text_at("/verdict"), "false_positive");
  EXPECT_EQ(now.text_at("/notes/0/text"), "pentest");
}

TEST_F(IncidentsTest, FeedbackBodiesAreStrict) {
  add_alert(std::string(kSsh));
  const auto id = alert_ids_.empty() ? get("/api/v1/alerts").text_at("/items/0/id") : alert_ids_[0];
  const auto with = [&](const std::string& rest) {
    return post("/api/v1/feedback", R"({"alert_id":")" + id + "\"" + rest + "}");
  };
  EXPECT_EQ(with("").status, 422);
  EXPECT_EQ(with(R"(,"verdict":"undecided")").status, 422);
  EXPECT_EQ(with(R"(,"correct_priority":101)").status, 422);
  EXPECT_EQ(with(R"(,"correct_priority":50.5)").status, 422);
  EXPECT_EQ(with(R"(,"correct_priority":95,"extra":1)").text_at("/errors/0/pointer"), "/extra");
  EXPECT_EQ(with(R"(,"rating":6,"triage_helpful":true)").status, 422);
  EXPECT_EQ(with(R"(,"rating":5)").status, 422);
  EXPECT_EQ(post("/api/v1/feedback", R"({"verdict":"true_positive"})").status, 422);
  EXPECT_EQ(post("/api/v1/feedback", R"({"alert_id":"nothing","verdict":"true_positive"})").status, 404);
}

}  // namespace
}  // namespace tocsin::api
