#include "detect/event_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "detect/keyed_window.h"
#include "detect/rule_table.h"

namespace tocsin::detect {
namespace {

using namespace std::chrono_literals;
using model::Event;
using model::Severity;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);

Event make_event(model::Seq seq, std::string type, std::string message, std::string user = "alice",
                 std::string ip = "45.10.22.1") {
  Event event;
  event.seq = seq;
  event.source = "aws";
  event.event_type = std::move(type);
  event.message = std::move(message);
  event.user = std::move(user);
  event.ip = std::move(ip);
  event.occurred_at = event.received_at = kStart + seq * 1s;
  event.raw = "{}";
  return event;
}

std::vector<Finding> detect_in(const std::vector<Event>& events) {
  auto rules = EventRules::create({});
  return rules->apply(events);
}

TEST(EventRules, TheReferenceEventGivesExactlyOneMediumFinding) {
  const auto findings = detect_in({make_event(1, "ConsoleLogin", "failed login from unusual location")});
  ASSERT_EQ(findings.size(), 1U);
  const auto& finding = findings[0];
  EXPECT_EQ(finding.severity, Severity::kMedium);
  EXPECT_EQ(finding.title, "Medium risk from AWS");
  EXPECT_DOUBLE_EQ(finding.score, 0.55);
  EXPECT_EQ(finding.type, "failed_login");
  EXPECT_EQ(finding.suggested_actions[0], "Create a ticket");
  EXPECT_EQ(finding.id.size(), 8U);
  EXPECT_THAT(finding.reason, HasSubstr("User alice. Address 45.10.22.1."));
}

TEST(EventRules, AConsoleLoginFailureIsFoundWithoutTheKeyword) {
  auto by_record = make_event(1, "ConsoleLogin", "");
  by_record.raw = R"({"responseElements":{"ConsoleLogin":"Failure"}})";
  EXPECT_EQ(detect_in({by_record}).size(), 1U);
  EXPECT_EQ(detect_in({make_event(1, "ConsoleLogin", "access denied for this user")}).size(), 1U);
  EXPECT_EQ(detect_in({make_event(1, "UserLoginFailed", "")}).size(), 1U);
  by_record.raw = R"({"responseElements":{"ConsoleLogin":"Success"}})";
  EXPECT_THAT(detect_in({by_record}), IsEmpty());
}

struct KeywordCase {
  const char* message;
  Severity severity;
  double score;
};
class EventRulesKeyword : public ::testing::TestWithParam<KeywordCase> {};
TEST_P(EventRulesKeyword, HasTheDocumentedSeverity) {
  const auto findings = detect_in({make_event(1, "log", GetParam().message)});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, GetParam().severity);
  EXPECT_DOUBLE_EQ(findings[0].score, GetParam().score);
}
INSTANTIATE_TEST_SUITE_P(Table, EventRulesKeyword,
                         ::testing::Values(KeywordCase{"malware beacon seen", Severity::kCritical, 0.95},
                                           KeywordCase{"RANSOMWARE note", Severity::kCritical, 0.95},
                                           KeywordCase{"credential stuffing on portal", Severity::kHigh, 0.8},
                                           KeywordCase{"brute force", Severity::kHigh, 0.8},
                                           KeywordCase{"impossible travel for bob", Severity::kHigh, 0.8},
                                           KeywordCase{"privilege escalation attempt", Severity::kHigh, 0.8},
                                           KeywordCase{"suspicious process", Severity::kMedium, 0.55},
                                           KeywordCase{"failed login", Severity::kMedium, 0.55},
                                           KeywordCase{"port scan from lab", Severity::kMedium, 0.55},
                                           KeywordCase{"policy changed", Severity::kMedium, 0.55},
                                           KeywordCase{"suspicious login, then malware", Severity::kCritical,
                                                       0.95}));

TEST(EventRules, WordsInsideWordsAndDenialsAreSilent) {
  for (const auto* message : {"no malware found", "malware definitions updated", "antimalwareservice started",
                              "unsuspicious", "transport scanner", "backup finished"}) {
    EXPECT_THAT(detect_in({make_event(1, "log", message)}), IsEmpty()) << message;
  }
}

TEST(EventRules, RepeatedFailuresOfAUserAreHighAtTheThresholdOnly) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 7; ++i)
    events.push_back(make_event(i, "Login", "failed", "bob", "198.18.0." + std::to_string(i)));
  const auto findings = detect_in(events);
  ASSERT_EQ(findings.size(), 7U);
  EXPECT_EQ(findings[3].severity, Severity::kMedium);
  EXPECT_EQ(findings[4].rule, "repeated_failures_user");
  EXPECT_EQ(findings[4].severity, Severity::kHigh);
  EXPECT_EQ(findings[4].event_seqs, (std::vector<model::Seq>{1, 2, 3, 4, 5}));
  EXPECT_EQ(findings[5].severity, Severity::kMedium);
}

TEST(EventRules, FailuresOutsideTheWindowDoNotAddUp) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 9; ++i) {
    events.push_back(make_event(i, "Login", "failed", "bob", "198.18.0." + std::to_string(i)));
    events.back().occurred_at = kStart + i * 5min;
  }
  for (const auto& finding : detect_in(events)) EXPECT_EQ(finding.severity, Severity::kMedium);
}

TEST(EventRules, ManyUsersFailingFromOneAddressIsCredentialStuffing) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 5; ++i)
    events.push_back(make_event(i, "Login", "failed", "user" + std::to_string(i)));
  const auto findings = detect_in(events);
  EXPECT_EQ(findings.back().rule, "credential_stuffing");
  EXPECT_EQ(findings.back().severity, Severity::kHigh);
  std::vector<Event> same_user;
  for (model::Seq i = 1; i <= 4; ++i) same_user.push_back(make_event(i, "Login", "failed", "one"));
  for (const auto& finding : detect_in(same_user)) EXPECT_NE(finding.rule, "credential_stuffing");
}

TEST(EventRules, ASuccessAfterFailuresIsHigh) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 6; ++i) events.push_back(make_event(i, "Login", "failed", "bob"));
  events.push_back(make_event(7, "Login", "success", "bob"));
  const auto findings = detect_in(events);
  EXPECT_EQ(findings.back().rule, "success_after_failures");
  EXPECT_THAT(detect_in({make_event(1, "Login", "success", "bob")}), IsEmpty());
}

TEST(EventRules, TwoCountriesWithinAnHourAreTooFarApart) {
  auto here = make_event(1, "Login", "success", "bob"), there = make_event(2, "Login", "success", "bob");
  here.raw = R"({"country":"de"})";
  there.raw = R"({"metadata":{"country":"BR"}})";
  const auto findings = detect_in({here, there});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "impossible_travel");
  EXPECT_EQ(findings[0].event_seqs, (std::vector<model::Seq>{1, 2}));
  there.occurred_at = kStart + 3h;
  EXPECT_THAT(detect_in({here, there}), IsEmpty());
}

TEST(EventRules, ManyRefusedTargetsFromOneAddressAreAScan) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 15; ++i) {
    events.push_back(make_event(i, "REJECT", "", "", "45.10.22.1"));
    events.back().resource = "10.0.0.5:" + std::to_string(i);
  }
  const auto findings = detect_in(events);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "port_scan");
}

TEST(EventRules, TheTenthFindingOfAnAddressIsHigh) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 10; ++i) events.push_back(make_event(i, "log", "suspicious"));
  const auto findings = detect_in(events);
  EXPECT_EQ(findings[8].severity, Severity::kMedium);
  EXPECT_EQ(findings[9].severity, Severity::kHigh);
  EXPECT_EQ(findings[9].title, "High risk from AWS");
}

TEST(EventRules, PrivilegeAndPolicyChangesAreFoundByEventType) {
  EXPECT_EQ(detect_in({make_event(1, "AttachUserPolicy", "")}).at(0).severity, Severity::kHigh);
  EXPECT_EQ(detect_in({make_event(1, "StopLogging", "")}).at(0).type, "cloud_logging_disabled");
  EXPECT_EQ(detect_in({make_event(1, "PutBucketPolicy", "")}).at(0).type, "s3_public");
}

TEST(EventRules, TheSameEventsGiveTheSameFindingsHoweverTheyAreCut) {
  std::vector<Event> events;
  for (model::Seq i = 1; i <= 60; ++i) {
    events.push_back(make_event(i, i % 3 == 0 ? "AttachUserPolicy" : "Login",
                                i % 4 == 0 ? "success" : "failed", "u" + std::to_string(i % 7),
                                "45.10.22." + std::to_string(i % 5)));
  }
  const auto whole = detect_in(events);
  auto rules = EventRules::create({});
  std::vector<Finding> cut;
  for (const auto& event : events) {
    for (auto& finding : rules->apply(std::span(&event, 1))) cut.push_back(std::move(finding));
  }
  ASSERT_EQ(whole.size(), cut.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].id, cut[i].id);
    EXPECT_EQ(whole[i].reason, cut[i].reason);
    EXPECT_EQ(whole[i].event_seqs, cut[i].event_seqs);
  }
}

TEST(EventRules, OptionsOutOfRangeAreRefused) {
  EventRuleOptions options;
  options.failures_per_user = 1;
  EXPECT_FALSE(EventRules::create(options).ok());
  options = {};
  options.window = 0min;
  EXPECT_FALSE(EventRules::create(options).ok());
}

TEST(EventRules, HostileFieldsAreShownSafely) {
  const auto findings = detect_in({make_event(1, "log", "malware \u202Etxt.exe\n<script>", "a\nb")});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].reason, HasSubstr("User a⟦U+000A⟧b."));
  EXPECT_THAT(findings[0].reason, HasSubstr("⟦U+202E⟧"));
}

TEST(FindingAlert, IsTheSameAlertEachTime) {
  const auto event = make_event(42, "ConsoleLogin", "failed login");
  const auto alert = to_alert(detect_in({event}).at(0));
  EXPECT_EQ(alert.source, "detection");
  EXPECT_EQ(alert.source_id, "EV-42");
  EXPECT_EQ(alert.type, "failed_login");
  EXPECT_EQ(alert.raw, R"({"rule":"failed_login","event_seqs":[42]})");
  ASSERT_EQ(alert.iocs.size(), 1U);
  EXPECT_EQ(alert.iocs[0].value, "45.10.22.1");
  EXPECT_EQ(model::find_entity(alert, model::EntityKind::kUser, {model::EntityRole::kTarget}), "alice");
}

TEST(FindingAlert, PrivateAddressesAreNoIndicators) {
  for (const auto* ip :
       {"10.0.0.1", "192.168.1.9", "172.16.4.4", "127.0.0.1", "fe80::1", "203.0.113.7", "nonsense"}) {
    EXPECT_THAT(to_alert(detect_in({make_event(1, "log", "malware", "u", ip)}).at(0)).iocs, IsEmpty()) << ip;
  }
}

TEST(KeyedWindow, ForgetsTheKeyTouchedLongestAgo) {
  KeyedWindow window(10min, 3);
  for (std::uint64_t key = 1; key <= 3; ++key) window.observe(key, {kStart, 1, 0});
  window.observe(1, {kStart, 2, 0});
  window.observe(4, {kStart, 3, 0});
  EXPECT_EQ(window.keys(), 3U);
  EXPECT_TRUE(window.peek(2).empty());
  EXPECT_EQ(window.peek(1).size(), 2U);
}

TEST(KeyedWindow, KeepsABoundedNumberOfObservations) {
  KeyedWindow window(10min, 3);
  for (model::Seq i = 0; i < 1000; ++i) window.observe(1, {kStart, i, static_cast<std::uint64_t>(i)});
  EXPECT_EQ(window.peek(1).size(), KeyedWindow::kPerKey);
}

TEST(RuleTable, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const auto& rule : rule_table()) EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
  for (const auto* name : {"success_after_failures", "credential_stuffing", "repeated_failures_user",
                           "repeated_failures_ip", "impossible_travel", "port_scan"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

}  // namespace
}  // namespace tocsin::detect
