#include <gmock/gmock.h>

#include "api/testing/fixture.h"

namespace tocsin::api::test {
namespace {

using testing::HasSubstr;

class Playbooks : public ApiTest {
 protected:
  std::string path() {
    add_alert(R"({"alert_type":"malware","title":"Trojan on a controller","severity":"critical",
                  "host":"hq-dc01","user":"eve'; reboot","ip":"45.10.22.1","source":"edr"})");
    return "/api/v1/incidents/" + add_incident();
  }
};

TEST_F(Playbooks, AreListedWithWhatTheyAreFor) {
  const auto reply = get("/api/v1/playbooks");
  EXPECT_EQ(reply.status, 200);
  EXPECT_GE(reply.size_at("/items"), 20U);
  EXPECT_EQ(reply.size_at("/errors"), 0U);
  EXPECT_GE(reply.at("/items/0/steps").as_int64(), 5);
}

TEST_F(Playbooks, OfAnIncidentSayWhyAndQuoteItsNames) {
  const auto reply = get(path() + "/playbook");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/matches/0/id"), "malware");
  EXPECT_THAT(reply.text_at("/matches/0/reasons/0/text"), HasSubstr("malware"));
  EXPECT_THAT(reply.text, HasSubstr("-UserId 'eve''; reboot'"));
  EXPECT_THAT(reply.text, HasSubstr(R"("approver":"soc_lead","requires_approval":true)"));
}

TEST_F(Playbooks, ASimulatedStepIsLoggedAsSuchAndSaysWhatItWouldBreak) {
  const auto incident = path();
  const auto reply = post(incident + "/simulate", R"({"action":"isolate the machine from the network"})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/items/0/targets/0/value"), "hq-dc01");
  EXPECT_EQ(reply.text_at("/items/0/effect"), "isolate_host");
  EXPECT_THAT(reply.text, HasSubstr("looks like a domain controller"));
  const auto log = get(incident + "/actions");
  EXPECT_TRUE(log.at("/items/0/simulated").as_bool());
  EXPECT_EQ(log.text_at("/items/0/target"), "hq-dc01");
  EXPECT_THAT(log.text_at("/items/0/detail"), HasSubstr("nothing was executed"));
}

TEST_F(Playbooks, AWholePlaybookIsSimulatedWithOneCall) {
  const auto incident = path();
  const auto reply = post(incident + "/simulate", R"({"playbook":"malware"})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_GE(reply.size_at("/items"), 4U);
  EXPECT_EQ(reply.size_at("/actions"), reply.size_at("/items"));
  EXPECT_EQ(get(incident + "/actions").size_at("/items"), reply.size_at("/items"));
}

TEST_F(Playbooks, WhatCannotBeSimulatedIsRefused) {
  const auto incident = path();
  EXPECT_EQ(post(incident + "/simulate", "{}").status, 422);
  EXPECT_EQ(post(incident + "/simulate", R"({"action":"a","playbook":"b"})").status, 422);
  EXPECT_EQ(post(incident + "/simulate", R"({"playbook":"no_such"})").status, 422);
  EXPECT_EQ(post("/api/v1/incidents/IN-x/simulate", R"({"action":"a"})").status, 404);
  EXPECT_EQ(get(incident + "/actions").size_at("/items"), 0U);
}

}  // namespace
}  // namespace tocsin::api::test
