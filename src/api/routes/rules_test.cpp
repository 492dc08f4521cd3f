#include <fstream>

#include "api/testing/fixture.h"
#include "detect/engine/rule_library.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kRules = R"(title: Shell From Office
id: 11111111-1111-4111-8111-111111111111
author: Ana
level: high
tags: [attack.execution, attack.t1059.001]
logsource: {product: windows, category: process_creation}
detection:
  sel: {ParentImage|endswith: '\winword.exe', Image|endswith: '\powershell.exe'}
  condition: sel
---
title: Failed Logon
id: 33333333-3333-4333-8333-333333333333
name: failed_logon
level: low
logsource: {product: windows, service: security}
detection:
  failed: {EventID: 4625}
  condition: failed
---
title: Many Failed Logons
id: 44444444-4444-4444-8444-444444444444
level: high
correlation:
  type: event_count
  rules: [failed_logon]
  group-by: [TargetUserName]
  timespan: 10m
  condition: {gte: 3}
---
title: Cannot Be
logsource: {product: windows}
detection:
  sel: {Image|nothing: a}
  condition: sel
)";
constexpr std::string_view kShell = "11111111-1111-4111-8111-111111111111";

class RulesTest : public test::ApiTest {
 protected:
  RulesTest() {
    std::ofstream(folder_.file("rules.yml")) << kRules;
    auto opened =
        detect::RuleLibrary::open({.paths = {folder_.file("rules.yml")}, .bundled = false}, clock_.now());
    EXPECT_TRUE(opened) << to_string(opened.error());
    rules_ = *std::move(opened);
    desk_ = std::make_unique<EventDesk>(store_, pipeline_, clock_, *rules_, EventDesk::Hooks{});
    services_.settings.rules = rules_.get();
    services_.settings.events = desk_.get();
  }

  static std::string shell(std::string_view user = "ana", std::string_view host = "pc1") {
    return R"({"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Computer":")" +
           std::string(host) + R"(","User":"CORP\\)" + std::string(user) +
           R"(","UtcTime":"2025-03-01 10:00:00.000","Image":"C:\\Windows\\powershell.exe",)" +
           R"("ParentImage":"C:\\Office\\winword.exe"})";
  }
  static std::string failed(std::string_view user, int minute) {
    return R"({"Channel":"Security","EventID":4625,"Computer":"dc1","TargetUserName":")" + std::string(user) +
           R"(","@timestamp":"2025-03-01T10:0)" + std::to_string(minute) + R"(:00Z"})";
  }
  test::Reply send(const std::string& event) { return post("/api/v1/events", event); }

  std::unique_ptr<detect::RuleLibrary> rules_;
  std::unique_ptr<EventDesk> desk_;
};

TEST_F(RulesTest, OfTwoServersOneJudgesAndTheOtherAnswers) {
  bool first_judges = true;
  EventDesk first(store_, pipeline_, clock_, *rules_,
                  {.turn = [&](bool) -> Result<bool> { return first_judges; }});
  EventDesk second(store_, pipeline_, clock_, *rules_,
                   {.turn = [&](bool) -> Result<bool> { return !first_judges; },
                    .stored = [&] { EXPECT_TRUE(first.catch_up()); }});
  services_.settings.events = &second;
  EXPECT_EQ(send(shell()).size_at("/alerts"), 1U);
  EXPECT_EQ(send(failed("bob", 0)).size_at("/alerts"), 0U);
  EXPECT_EQ(send(failed("bob", 1)).size_at("/alerts"), 0U);
  EXPECT_EQ(second.totals()->suspicious, 1);
  first_judges = false;  // the second follows it, and knows what it had counted
  EXPECT_EQ(send(failed("bob", 2)).size_at("/alerts"), 1U);
  EXPECT_EQ(first.totals()->suspicious, 2);
  services_.settings.events = &first;
  first_judges = true;
  EXPECT_EQ(send(shell("eve", "pc2")).size_at("/alerts"), 1U);
  EXPECT_EQ(get("/api/v1/alerts?source=detection").size_at("/items"), 3U);
}

TEST_F(RulesTest, EventsBeyondTheQuotaAreRefusedAndNothingOfThemIsKept) {
  EventDesk bounded(store_, pipeline_, clock_, *rules_, {.admit = [](std::size_t events) -> Result<void> {
                      if (events < 2) return {};
                      return error(ErrorKind::kBusy, "ingest", "the quota is used up");
                    }});
  services_.settings.events = &bounded;
  for (const auto* path : {"/api/v1/events", "/ingest"}) {
    const auto refused = post(path, R"({"events":[{"source":"a","event_type":"b","message":"c"},)"
                                    R"({"source":"a","event_type":"b","message":"d"}]})");
    EXPECT_EQ(refused.status, 429) << refused.text;
    EXPECT_FALSE(refused.header("Retry-After").empty());
  }
  EXPECT_EQ(get("/api/v1/events").size_at("/items"), 0U);
  EXPECT_EQ(send(shell()).status, 200);
}

TEST_F(RulesTest, ARecordOfAProductBecomesAnAlertOfTheRule) {
  const auto reply = send(shell());
  ASSERT_EQ(reply.size_at("/alerts"), 1U) << reply.text;
  const auto alert = get("/api/v1/alerts/" + reply.text_at("/alerts/0"));
  EXPECT_EQ(alert.text_at("/title"), "Shell From Office");
  EXPECT_EQ(alert.text_at("/severity"), "high");
  EXPECT_EQ(alert.text_at("/source"), "detection");
  EXPECT_EQ(alert.text_at("/attack/techniques/0"), "T1059.001");
  EXPECT_EQ(alert.text_at("/occurred_at"), "2025-03-01T10:00:00.000Z");
  EXPECT_EQ(alert.text_at("/raw/rule/author"), "Ana");
  std::set<std::string> entities;
  for (const auto& entity : alert.at("/entities").as_array())
    entities.insert(std::string(entity.at("kind").as_string()) + ":" +
                    std::string(entity.at("value").as_string()));
  EXPECT_TRUE(entities.contains("host:pc1")) << alert.text;
  EXPECT_TRUE(entities.contains("user:CORP\\ana") || entities.contains("user:ana")) << alert.text;
}

TEST_F(RulesTest, AnalyzeTellsTheFindingOnce) {
  send(shell());
  const auto first = post("/analyze");
  ASSERT_EQ(first.size_at("/findings"), 1U) << first.text;
  EXPECT_EQ(post("/analyze").size_at("/findings"), 0U);
}

TEST_F(RulesTest, ThreeFailuresAreOneAlertOfTheCorrelation) {
  for (int minute = 0; minute < 2; ++minute) EXPECT_EQ(send(failed("bob", minute)).size_at("/alerts"), 0U);
  const auto third = send(failed("bob", 2));
  ASSERT_EQ(third.size_at("/alerts"), 1U) << third.text;
  const auto alert = get("/api/v1/alerts/" + third.text_at("/alerts/0"));
  EXPECT_EQ(alert.text_at("/title"), "Many Failed Logons");
  EXPECT_EQ(alert.size_at("/raw/event_seqs"), 3U);
}

TEST_F(RulesTest, ANewDeskGoesOnWhereTheOneBeforeStopped) {
  send(failed("bob", 0));
  send(failed("bob", 1));
  desk_ = std::make_unique<EventDesk>(store_, pipeline_, clock_, *rules_, EventDesk::Hooks{});
  services_.settings.events = desk_.get();
  EXPECT_EQ(send(failed("bob", 2)).size_at("/alerts"), 1U);
}

TEST_F(RulesTest, RulesAreListedWithWhatTheyDid) {
  send(shell());
  const auto list = get("/api/v1/rules");
  EXPECT_EQ(list.at("/total").as_int64(), 3) << list.text;
  EXPECT_EQ(list.at("/refused").as_int64(), 1);
  EXPECT_EQ(list.text_at("/items/0/id"), kShell);
  EXPECT_EQ(list.at("/items/0/matches").as_int64(), 1);
  EXPECT_EQ(list.text_at("/items/0/log_source/category"), "process_creation");
  EXPECT_EQ(list.text_at("/items/2/kind"), "correlation");
  EXPECT_EQ(list.at("/items/0/cost/measured_events").as_int64(), 1);
  EXPECT_GT(list.at("/items/0/cost/us_per_1000_events").to_number<double>(), 0);
  EXPECT_EQ(list.at("/items/0/cost/share").to_number<double>(), 1);  // the other rule did not see the event
  EXPECT_EQ(list.at("/items/1/cost/share").to_number<double>(), 0);
  EXPECT_TRUE(list.at("/items/2/cost").is_null());
  EXPECT_EQ(get("/api/v1/rules?q=FAILED&limit=1").at("/total").as_int64(), 2);
  EXPECT_EQ(get("/api/v1/rules?fired=true").at("/total").as_int64(), 1);
  const auto first = get("/api/v1/rules?limit=2");
  EXPECT_EQ(get("/api/v1/rules?limit=2&cursor=" + first.text_at("/next_cursor")).size_at("/items"), 1U);
  EXPECT_EQ(get("/api/v1/rules?level=loud").status, 422);
  const auto refusals = get("/api/v1/rules/refusals");
  EXPECT_NE(refusals.text_at("/items/0/where").find("rules.yml:33:"), std::string::npos) << refusals.text;
}

TEST_F(RulesTest, MatchesOfTheLastDayAndWeekAreKeptThroughARestart) {
  const auto path = "/api/v1/rules/" + std::string(kShell);
  const auto counts = [&](std::string_view member) {
    return get(path).at("/" + std::string(member)).as_int64();
  };
  send(shell());
  clock_.advance(std::chrono::hours(25));
  send(shell("eve", "pc2"));
  send(shell("bob", "pc3"));
  desk_ = std::make_unique<EventDesk>(store_, pipeline_, clock_, *rules_, EventDesk::Hooks{});
  services_.settings.events = desk_.get();
  EXPECT_EQ(counts("matches"), 0);
  EXPECT_EQ(counts("matches_24h"), 2);
  EXPECT_EQ(counts("matches_7d"), 3);
  for (int minute = 0; minute < 3; ++minute) send(failed("bob", minute));
  EXPECT_EQ(get("/api/v1/rules/44444444-4444-4444-8444-444444444444").at("/matches_24h").as_int64(), 1);
  clock_.advance(std::chrono::hours(24 * 7));
  EXPECT_EQ(counts("matches_24h"), 0);
  EXPECT_EQ(counts("matches_7d"), 2);
}

TEST_F(RulesTest, ARuleShowsTheTextOfItsAuthor) {
  const auto rule = get("/api/v1/rules/" + std::string(kShell));
  EXPECT_EQ(rule.text_at("/author"), "Ana");
  EXPECT_TRUE(rule.text_at("/text").starts_with("title: Shell From Office\n")) << rule.text;
  EXPECT_EQ(rule.text_at("/text").find("Failed Logon"), std::string::npos);
  EXPECT_EQ(get("/api/v1/rules/no-such").status, 404);
}

TEST_F(RulesTest, ARuleIsSwitchedOffAndItsLevelChanged) {
  const auto path = "/api/v1/rules/" + std::string(kShell);
  EXPECT_EQ(patch(path, R"({"level":"critical"})").text_at("/level"), "critical");
  const auto raised = send(shell("ana", "pc7"));
  EXPECT_EQ(get("/api/v1/alerts/" + raised.text_at("/alerts/0")).text_at("/severity"), "critical");
  EXPECT_FALSE(patch(path, R"({"enabled":false,"level":null})").at("/enabled").as_bool());
  EXPECT_EQ(get(path).text_at("/level"), "high");
  EXPECT_EQ(send(shell("eve", "pc8")).size_at("/alerts"), 0U);
  EXPECT_EQ(get("/api/v1/rules?enabled=false").at("/total").as_int64(), 1);
  EXPECT_EQ(patch(path, "{}").status, 422);
  EXPECT_EQ(patch(path, R"({"level":"loud"})").status, 422);
  EXPECT_EQ(patch("/api/v1/rules/no-such", R"({"enabled":true})").status, 404);
}

TEST_F(RulesTest, AnExceptionIsTriedThenAddedThenDeleted) {
  send(shell("svc_deploy"));
  send(shell("ana"));
  const std::string when =
      R"("rule_id":")" + std::string(kShell) + R"(","when":{"User|endswith":"\\svc_deploy"})";
  const auto preview = post("/api/v1/rules/exceptions/preview", "{" + when + "}");
  EXPECT_EQ(preview.at("/events").as_int64(), 2) << preview.text;
  EXPECT_EQ(preview.at("/matches").as_int64(), 1);
  EXPECT_EQ(get("/api/v1/rules/exceptions").size_at("/items"), 0U);
  const auto added = post("/api/v1/rules/exceptions", "{" + when + R"(,"reason":"deployments"})");
  ASSERT_EQ(added.status, 201) << added.text;
  EXPECT_EQ(send(shell("svc_deploy", "pc9")).size_at("/alerts"), 0U);
  EXPECT_EQ(send(shell("ana", "pc9")).size_at("/alerts"), 1U);
  const auto list = get("/api/v1/rules/exceptions");
  EXPECT_EQ(list.at("/items/0/hidden").as_int64(), 1) << list.text;
  EXPECT_FALSE(list.at("/items/0/expired").as_bool());
  EXPECT_EQ(call(test::Method::kDelete, "/api/v1/rules/exceptions/" + added.text_at("/id")).status, 204);
  EXPECT_EQ(send(shell("svc_deploy", "pc10")).size_at("/alerts"), 1U);
  EXPECT_EQ(call(test::Method::kDelete, "/api/v1/rules/exceptions/" + added.text_at("/id")).status, 404);
}

TEST_F(RulesTest, AnExceptionThatCannotBeReadIsRefusedWithItsPlace) {
  const auto wrong = post("/api/v1/rules/exceptions", R"({"when":{"User|nothing":"x"},"reason":"r"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.text_at("/errors/0/pointer"), "/when") << wrong.text;
  EXPECT_EQ(post("/api/v1/rules/exceptions", R"({"when":{"a":"b"}})").status, 422);
  EXPECT_EQ(post("/api/v1/rules/exceptions", R"({"rule_id":"x","when":{"a":"b"},"reason":"r"})").status, 422);
  EXPECT_EQ(
      post("/api/v1/rules/exceptions", R"({"when":{"a":"b"},"reason":"r","expires_at":"2001-01-01"})").status,
      422);
}

TEST_F(RulesTest, ARuleIsTriedOnStoredEventsBeforeItIsOn) {
  send(shell("ana", "pc1"));
  send(shell("bob", "pc2"));
  send(failed("bob", 1));
  const auto trial = post(
      "/api/v1/rules/backtest",
      R"({"text":"title: T\nlogsource: {product: windows}\ndetection: {a: {Image|endswith: powershell.exe}, condition: a}\n"})");
  ASSERT_EQ(trial.status, 200) << trial.text;
  EXPECT_EQ(trial.at("/events").as_int64(), 3);
  EXPECT_EQ(trial.at("/matches").as_int64(), 2);
  EXPECT_EQ(trial.at("/hosts/different").as_int64(), 2);
  EXPECT_EQ(trial.size_at("/samples"), 2U);
  EXPECT_FALSE(trial.at("/in_part").as_bool());
  const auto known = post("/api/v1/rules/backtest", R"({"rule_id":"44444444-4444-4444-8444-444444444444"})");
  EXPECT_EQ(known.at("/matches").as_int64(), 0) << known.text;
  EXPECT_EQ(post("/api/v1/rules/backtest", R"({"text":"title: T\n"})").status, 422);
  EXPECT_EQ(post("/api/v1/rules/backtest", "{}").status, 422);
  EXPECT_EQ(post("/api/v1/rules/backtest", R"({"rule_id":"none"})").status, 404);
}

TEST_F(RulesTest, AReloadTakesNewRulesAndKeepsTheOldOnesWhenTheFileIsGone) {
  std::ofstream(folder_.file("rules.yml")) << "title: New\nlogsource: {product: windows}\n"
                                              "detection: {a: {EventID: 4625}, condition: a}\n";
  const auto reloaded = post("/api/v1/rules/reload");
  EXPECT_EQ(reloaded.at("/rules").as_int64(), 1) << reloaded.text;
  EXPECT_EQ(send(failed("eve", 1)).size_at("/alerts"), 1U);
  std::filesystem::remove(folder_.file("rules.yml"));
  EXPECT_EQ(post("/api/v1/rules/reload").status, 422);
  EXPECT_EQ(send(failed("mallory", 1)).size_at("/alerts"), 1U);
}

TEST_F(RulesTest, CoverageIsALayerOfEnabledRules) {
  EXPECT_EQ(get("/api/v1/rules/coverage").text_at("/techniques/0/techniqueID"), "T1059.001");
  patch("/api/v1/rules/" + std::string(kShell), R"({"enabled":false})");
  EXPECT_EQ(get("/api/v1/rules/coverage").size_at("/techniques"), 0U);
}

TEST_F(RulesTest, EventsAreFoundAndLeadToTheirAlerts) {
  const auto sent = send(shell("ana", "pc1"));
  send(failed("bob", 1));
  const auto all = get("/api/v1/events");
  ASSERT_EQ(all.size_at("/items"), 2U) << all.text;
  EXPECT_EQ(all.text_at("/items/0/raw/TargetUserName"), "bob");
  const auto found = get("/api/v1/events?q=WINWORD%20pc1");
  ASSERT_EQ(found.size_at("/items"), 1U) << found.text;
  const auto seq = std::to_string(found.at("/items/0/seq").as_int64());
  EXPECT_EQ(get("/api/v1/events/" + seq).text_at("/alerts/0"), sent.text_at("/alerts/0"));
  EXPECT_EQ(get("/api/v1/events?q=nowhere").size_at("/items"), 0U);
  const auto first = get("/api/v1/events?limit=1");
  EXPECT_EQ(
      get("/api/v1/events?limit=1&cursor=" + first.text_at("/next_cursor")).text_at("/items/0/raw/Computer"),
      "pc1");
  EXPECT_EQ(get("/api/v1/events?from=2025-03-01T10:01:00Z").size_at("/items"), 1U);
  EXPECT_EQ(get("/api/v1/events?from=never").status, 422);
  EXPECT_EQ(get("/api/v1/events/99").status, 404);
  EXPECT_EQ(get("/api/v1/events/x").status, 404);
}

}  // namespace
}  // namespace tocsin::api
