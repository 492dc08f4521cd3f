#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

std::string alert(std::string_view type, std::string_view host, std::string_view user, std::string_view time,
                  std::string_view tactic) {
  std::string json = R"({"source":"demo","severity":"high","message":"m","alert_type":")";
  json.append(type).append(R"(","host":")").append(host).append(R"(","user":")").append(user);
  json.append(R"(","ts":")").append(time).append(R"(","mitre_tactics":[")").append(tactic).append(R"("]})");
  return json;
}

class IncidentStoryTest : public test::ApiTest {
 protected:
  std::string story(std::string_view host, std::string_view user) {
    add_alert(alert("ssh_bruteforce", host, user, "2026-01-04T12:00:00Z", "TA0006"));
    add_alert(alert("suspicious_powershell", host, user, "2026-01-04T12:04:00Z", "TA0002"));
    return "/api/v1/incidents/" + add_incident();
  }
};

TEST_F(IncidentStoryTest, TheTimelineGoesBothWaysAndHasPhases) {
  const auto path = story("web-01", "alice") + "/timeline";
  const auto oldest = get(path);
  const auto newest = get(path + "?order=newest");
  ASSERT_EQ(oldest.status, 200) << oldest.text;
  EXPECT_EQ(oldest.text_at("/items/0/at"), "2026-01-04T12:00:00.000Z");
  EXPECT_EQ(newest.text_at("/items/0/at"), "2026-01-04T12:04:00.000Z");
  EXPECT_EQ(oldest.text_at("/items/0/source"), "demo");
  ASSERT_GE(oldest.size_at("/phases"), 2U);
  EXPECT_EQ(oldest.text_at("/phases/0/tactic"), "TA0002") << "in ATT&CK's order, whatever came first";
  EXPECT_EQ(get(path + "?order=sideways").status, 422);
}

TEST_F(IncidentStoryTest, TheGraphTiesEntitiesTogether) {
  const auto path = story("web-01", "alice") + "/graph";
  const auto reply = get(path);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/total_nodes").as_int64(), 2);
  EXPECT_EQ(reply.at("/edges/0/alerts").as_int64(), 2);
  EXPECT_EQ(get(path + "?around=host:web-01&depth=1").text_at("/nodes/0/id"), "host:web-01");
  EXPECT_EQ(get(path + "?around=host:nowhere").status, 404);
  EXPECT_EQ(get(path + "?depth=9").status, 422);
}

TEST_F(IncidentStoryTest, SimilarIncidentsSayWhatIsAlike) {
  const auto first = story("web-01", "alice");
  EXPECT_EQ(get(first + "/similar").size_at("/items"), 0U) << "an incident is not similar to itself";
  const auto second = story("db-02", "bob");
  const auto reply = get(second + "/similar");
  ASSERT_EQ(reply.status, 200) << reply.text;
  ASSERT_EQ(reply.size_at("/items"), 1U);
  EXPECT_EQ("/api/v1/incidents/" + reply.text_at("/items/0/id"), first);
  EXPECT_EQ(reply.size_at("/items/0/shared/types"), 2U);
  EXPECT_EQ(reply.size_at("/items/0/shared/entities"), 0U);
  EXPECT_NE(reply.text_at("/items/0/reason").find("ssh_bruteforce"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::api
