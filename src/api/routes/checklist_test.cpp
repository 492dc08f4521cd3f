#include <gmock/gmock.h>

#include "api/testing/fixture.h"

namespace tocsin::api::test {
namespace {

using testing::HasSubstr;

class ChecklistRoutes : public ApiTest {
 protected:
  std::string path() {
    add_alert(R"({"alert_type":"web_attack","title":"Log4Shell","severity":"critical","host":"web-01",
                  "ip":"45.10.22.1","source":"waf","message":"CVE-2021-44228"})");
    return "/api/v1/incidents/" + add_incident();
  }
  static const boost::json::object& check(const Reply& reply, std::string_view id) {
    for (const auto& one : reply.at("/automatic").as_array()) {
      if (one.at("id").as_string() == id) return one.as_object();
    }
    throw std::runtime_error("no such check");
  }
  static std::string state(const Reply& reply, std::string_view id) {
    return std::string(check(reply, id).at("state").as_string());
  }
};

TEST_F(ChecklistRoutes, AreEvaluatedFromWhatIsStored) {
  const auto incident = path();
  const auto before = get(incident + "/checklist");
  ASSERT_EQ(before.status, 200) << before.text;
  EXPECT_EQ(before.size_at("/automatic"), 10U);
  EXPECT_EQ(state(before, "scope"), "passed");
  EXPECT_EQ(state(before, "validate"), "failed");
  EXPECT_EQ(state(before, "containment"), "failed");
  EXPECT_EQ(state(before, "owner"), "failed");
  post(incident + "/actions", R"({"action":"isolate_host","target":"web-01"})");
  patch(incident, R"({"assignee":"ada","verdict":"true_positive"})");
  const auto after = get(incident + "/checklist");
  EXPECT_EQ(state(after, "containment"), "passed");
  EXPECT_EQ(state(after, "owner"), "passed");
  EXPECT_EQ(state(after, "validate"), "passed");
  EXPECT_EQ(after.at("/done").as_int64(), before.at("/done").as_int64() + 3);
}

TEST_F(ChecklistRoutes, AnIndicatorOfAnotherIncidentIsFound) {
  const auto first = path();
  const auto id = first.substr(first.rfind('/') + 1);
  EXPECT_NE(state(get(first + "/checklist"), "searched"), "attention");
  add_alert(
      R"({"alert_type":"c2","title":"again","severity":"high","host":"db-02","ip":"45.10.22.1","source":"fw"})");
  const auto second = "/api/v1/incidents/" + add_incident();
  ASSERT_NE(first, second);
  const auto reply = get(second + "/checklist");
  EXPECT_EQ(state(reply, "searched"), "attention") << reply.text;
  EXPECT_THAT(reply.text, HasSubstr("45.10.22.1 (" + id));
}

TEST_F(ChecklistRoutes, ATickStaysWithWhoAndWhen) {
  const auto incident = path();
  const auto reply =
      call(Method::kPut, incident + "/checklist/contain", R"({"done":true,"note":"both hosts"})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  const auto read = get(incident + "/checklist");
  EXPECT_TRUE(read.at("/manual/0/done").as_bool());
  EXPECT_EQ(read.text_at("/manual/0/by"), "local-admin");
  EXPECT_EQ(read.text_at("/manual/0/at").size(), 24U);
  EXPECT_EQ(read.text_at("/manual/0/note"), "both hosts");
  EXPECT_FALSE(read.at("/manual/1/done").as_bool());
  EXPECT_EQ(get(incident + "/actions").text_at("/items/0/action"), "checklist_done");
  call(Method::kPut, incident + "/checklist/contain", R"({"done":false})");
  EXPECT_FALSE(get(incident + "/checklist").at("/manual/0/done").as_bool());
}

TEST_F(ChecklistRoutes, WrongTicksAreRefused) {
  const auto incident = path();
  EXPECT_EQ(call(Method::kPut, incident + "/checklist/dance", R"({"done":true})").status, 404);
  EXPECT_EQ(call(Method::kPut, incident + "/checklist/contain", "{}").status, 422);
  EXPECT_EQ(call(Method::kPut, incident + "/checklist/contain", R"({"done":"yes"})").status, 422);
  EXPECT_EQ(get("/api/v1/incidents/IN-x/checklist").status, 404);
}

class QueryRoutes : public ApiTest {};

TEST_F(QueryRoutes, GiveEveryPlatformWithTimeAndLink) {
  services_.settings.siem_links.templates[hunt::Platform::kSplunk] = "https://s.example/search?q={query}";
  add_alert(
      R"({"alert_type":"ssh_bruteforce","title":"guessing","severity":"high","host":"web-01","user":"a\"b | delete",
                "ip":"45.10.22.1","source":"sshd"})");
  const auto incident = "/api/v1/incidents/" + add_incident();
  const auto all = get(incident + "/queries");
  ASSERT_EQ(all.status, 200);
  EXPECT_GE(all.size_at("/items"), 30U);
  EXPECT_THAT(all.text, HasSubstr(R"(a\\\"b | delete)"));
  const auto splunk = get(incident + "/queries?platform=splunk");
  EXPECT_GE(splunk.size_at("/items"), 5U);
  EXPECT_THAT(splunk.text_at("/items/0/link"), HasSubstr("https://s.example/search?q="));
  EXPECT_EQ(splunk.text_at("/items/0/platform_title"), "Splunk");
  EXPECT_TRUE(get(incident + "/queries?platform=sigma").at("/items/0/link").is_null());
}

}  // namespace
}  // namespace tocsin::api::test
