#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::string_view kAlert =
    R"({"type":"ransomware","severity":"critical","title":"Files are encrypted","entities":[{"kind":"host","value":"web-01"}]})";
constexpr std::string_view kPolicy = R"({
  "calendars":[{"name":"office","time_zone":"Europe/Berlin",
                "hours":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","until":"17:00"}],"holidays":["2026-01-06"]}],
  "severities":{"critical":{"acknowledge_minutes":15,"resolve_minutes":240,"calendar":"office"}},
  "at_risk_percent":50,
  "escalation":[{"after_minutes":30,"to":"ciso"},{"to":"soc_lead"}]})";

class SlaTest : public test::ApiTest {
 protected:
  test::Reply put(std::string_view body, std::vector<http::Header> headers = {}) {
    return call(http::Method::kPut, "/api/v1/settings/sla", std::string(body), std::move(headers));
  }
  std::string incident() {
    add_alert(std::string(kAlert));
    return "/api/v1/incidents/" + add_incident() + "/sla";
  }
};

TEST_F(SlaTest, DefaultsHoldUntilAPolicyIsSet) {
  const auto before = get("/api/v1/settings/sla");
  EXPECT_EQ(before.at("/version").as_int64(), 0);
  EXPECT_EQ(before.at("/severities/critical/resolve_minutes").to_number<double>(), 240);
  EXPECT_TRUE(before.at("/severities/critical/calendar").is_null());
  const auto set = put(kPolicy);
  ASSERT_EQ(set.status, 200) << set.text;
  const auto after = get("/api/v1/settings/sla");
  EXPECT_EQ(after.text, set.text) << "what is stored reads as it was written";
  EXPECT_EQ(after.at("/version").as_int64(), 1);
  EXPECT_EQ(after.text_at("/set_by"), "local-admin");
  EXPECT_EQ(after.size_at("/calendars/0/hours"), 5U);
  EXPECT_EQ(after.text_at("/calendars/0/hours/0/from"), "09:00");
  EXPECT_EQ(after.text_at("/calendars/0/holidays/0"), "2026-01-06");
  EXPECT_EQ(after.text_at("/escalation/0/to"), "soc_lead") << "in order of time";
  EXPECT_EQ(after.at("/severities/low/acknowledge_minutes"),
            before.at("/severities/low/acknowledge_minutes"));
  EXPECT_EQ(put(kPolicy, {{"If-Match", "\"0\""}}).status, 412);
  EXPECT_EQ(put(kPolicy, {{"If-Match", "\"1\""}}).status, 200);
}

TEST_F(SlaTest, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string_view body;
    std::string_view pointer;
  };
  for (
      const auto& [body, pointer] : {
          Case{
              R"({"calendars":[{"name":"a","time_zone":"Europe/Atlantis","hours":[{"days":["mon"],"from":"09:00","until":"10:00"}]}]})",
              "/calendars/0/time_zone"},
          Case{
              R"({"calendars":[{"name":"a","time_zone":"UTC","hours":[{"days":["monday"],"from":"09:00","until":"10:00"}]}]})",
              "/calendars/0/hours/0/days"},
          Case{R"({"calendars":[{"name":"a","time_zone":"UTC","hours":[]}]})", "/calendars/0/hours"},
          Case{
              R"({"calendars":[{"name":"a","time_zone":"UTC","hours":[{"days":["mon"],"from":"9","until":"25:00"}]}]})",
              "/calendars/0/hours/0/from"},
          Case{R"({"severities":{"high":{"calendar":"none"}}})", "/severities/high/calendar"},
          Case{R"({"severities":{"high":{"resolve_minutes":0}}})", "/severities/high/resolve_minutes"},
          Case{R"({"severities":{"urgent":{}}})", "/severities/urgent"},
          Case{R"({"at_risk_percent":0})", "/at_risk_percent"},
          Case{R"({"escalation":[{"after_minutes":5}]})", "/escalation/0/to"},
          Case{R"({"version":7})", "/version"},
      }) {
    const auto reply = put(body);
    EXPECT_EQ(reply.status, 422) << body;
    EXPECT_NE(reply.text.find("\"" + std::string(pointer) + "\""), std::string::npos) << reply.text;
  }
  EXPECT_EQ(get("/api/v1/settings/sla").at("/version").as_int64(), 0);
}

TEST_F(SlaTest, ClocksRunPauseAndEnd) {
  const auto path = incident();
  clock_.advance(minutes(5));
  auto clocks = get(path);
  EXPECT_EQ(clocks.text_at("/acknowledge/state"), "running");
  EXPECT_EQ(clocks.at("/acknowledge/used_minutes").to_number<double>(), 5);
  EXPECT_EQ(post(path + "/pause", "{}").status, 422);
  EXPECT_EQ(post(path + "/resume", "{}").status, 409);
  EXPECT_EQ(post(path + "/pause", R"({"reason":"waiting for the customer"})").text_at("/acknowledge/state"),
            "paused");
  EXPECT_EQ(post(path + "/pause", R"({"reason":"again"})").status, 409);
  clock_.advance(hours(50));
  EXPECT_EQ(post(path + "/resume", R"({"reason":"they answered"})")
                .at("/acknowledge/used_minutes")
                .to_number<double>(),
            5);
  clock_.advance(minutes(10));
  clocks = get(path);
  EXPECT_EQ(clocks.text_at("/acknowledge/state"), "at_risk") << "all of it is used up, and nobody is late";
  EXPECT_EQ(clocks.size_at("/pauses"), 1U);
  const auto page = path.substr(0, path.size() - 4);
  patch(page, R"({"status":"in_progress"})");
  EXPECT_EQ(get(path).text_at("/acknowledge/state"), "met");
  clock_.advance(minutes(10));
  patch(page, R"({"status":"closed","verdict":"true_positive"})");
  clock_.advance(hours(100));
  clocks = get(path);
  EXPECT_EQ(clocks.text_at("/resolve/state"), "met");
  EXPECT_EQ(clocks.at("/resolve/used_minutes").to_number<double>(), 25);
  EXPECT_TRUE(clocks.at("/next_due_at").is_null());
  EXPECT_EQ(post(path + "/pause", R"({"reason":"too late"})").status, 409);
  const auto log = get(page + "/actions").text;
  EXPECT_NE(log.find("waiting for the customer"), std::string::npos);
  EXPECT_NE(log.find("they answered"), std::string::npos);
}

TEST_F(SlaTest, AtRiskIsWhatIsDueFirst) {
  const auto path = incident();
  EXPECT_EQ(get("/api/v1/sla/at-risk").at("/total").as_int64(), 0);
  clock_.advance(minutes(14));
  const auto soon = get("/api/v1/sla/at-risk");
  EXPECT_EQ(soon.at("/total").as_int64(), 1);
  EXPECT_FALSE(soon.at("/items/0/breached").as_bool());
  EXPECT_EQ(soon.text_at("/items/0/acknowledge/state"), "at_risk");
  clock_.advance(minutes(2));
  EXPECT_TRUE(get("/api/v1/sla/at-risk").at("/items/0/breached").as_bool());
  EXPECT_EQ(get("/api/v1/sla/at-risk?limit=0").status, 422);
  // A pause taken before it was late takes it off the list.
  put(R"({"severities":{"critical":{"acknowledge_minutes":60,"resolve_minutes":6000}}})");
  post(path + "/pause", R"({"reason":"waiting for the customer"})");
  clock_.advance(hours(80));
  EXPECT_EQ(get("/api/v1/sla/at-risk").at("/total").as_int64(), 0);
}

TEST_F(SlaTest, WhatDoesNotExistHasNoClock) {
  EXPECT_EQ(get("/api/v1/incidents/INC-none/sla").status, 404);
  EXPECT_EQ(post("/api/v1/incidents/INC-none/sla/pause", R"({"reason":"x"})").status, 404);
}

}  // namespace
}  // namespace tocsin::api
