#include "query/matcher.h"

#include <gtest/gtest.h>

#include "query/query.h"

namespace tocsin::query {
namespace {

const Timestamp kNow = *parse_time("2026-11-21T12:00:00Z");

model::Alert sample() {
  model::Alert alert;
  alert.id = AlertId::make(kNow);
  alert.source = "suricata";
  alert.type = "ssh_bruteforce";
  alert.title = "Failed logins on WEB-01";
  alert.message = "Too many attempts";
  alert.severity = model::Severity::kHigh;
  alert.priority = 70;
  alert.occurred_at = kNow - std::chrono::hours(3);
  alert.entities = {{model::EntityKind::kHost, "WEB-01", model::EntityRole::kTarget},
                    {model::EntityKind::kIp, "10.20.30.40", model::EntityRole::kTarget},
                    {model::EntityKind::kIp, "2001:db8::7", model::EntityRole::kSource}};
  alert.attack = {{"T1110.001"}, {"TA0006"}};
  alert.tags = {"VIP"};
  alert.process.command_line = "powershell -enc SQBFAFgA";
  alert.assignee = "ana";
  return alert;
}

bool matches(std::string_view text, const model::Alert& alert) {
  const auto condition = parse(text, Subject::kAlerts);
  EXPECT_TRUE(condition) << text;
  return Matcher(resolve(*condition, Subject::kAlerts, {kNow, "ana"})).matches(alert);
}

TEST(Matcher, SaysYes) {
  for (const auto* text : {"",
                           "severity>=high",
                           "status:open",
                           "-status:closed",
                           "priority:70..90",
                           "age<4h",
                           "age>=3h",
                           "host:web-01",
                           "host:web-*",
                           "ip:cidr(10.0.0.0/8)",
                           "ip:2001:db8::/32",
                           "technique:T1110",
                           "tactic:TA0006",
                           "tag:vip",
                           "command_line~-enc",
                           "assignee:@me",
                           "title:*failed*web*",
                           "has:tag",
                           "-has:incident",
                           "failed logi",
                           "\"too many\" OR nothing",
                           "(source:cef OR source:suricata) -type:x",
                           "entity:(a,web-01)",
                           "id:AL-00000000000000000000000000 OR severity:high",
                           "occurred:2026-11-21"})
    EXPECT_TRUE(matches(text, sample())) << text;
}

TEST(Matcher, SaysNo) {
  for (const auto* text :
       {"severity:critical", "status:closed", "priority>70", "age<3h", "host:web", "user:web-01",
        "source:Suricata", "ip:cidr(10.21.0.0/16)", "ip:0.0.0.0/0 ip:cidr(11.0.0.0/8)", "technique:T1110.002",
        "assignee:none", "title:*failed", "failed nothing", "-failed", "NOT (severity:high OR status:closed)",
        "has:incident", "occurred<2026-11-21", "logi severity:high OR nothing"})
    EXPECT_FALSE(matches(text, sample())) << text;
}

}  // namespace
}  // namespace tocsin::query
