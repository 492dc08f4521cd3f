#include "copilot/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "copilot/query_lexers.h"
#include "copilot/triage_answer.h"
#include "escape/literals.h"

namespace tocsin::copilot {
namespace {

using model::EntityKind;
using model::EntityRole;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::lex_kql;
using testing::lex_spl;
using testing::lex_sql;
using ::testing::Not;
using ::testing::StartsWith;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);  // 2026-01-04T12:00:00Z
const TimeWindow kWindow{kStart, kStart + std::chrono::hours(1)};

QueryAnswer ask(std::string_view question, const model::Alert* context = nullptr) {
  auto answer = build_queries(question, context, Platform::kBoth);
  EXPECT_TRUE(answer.ok()) << question << ": " << (answer.ok() ? "" : to_string(answer.error()));
  return answer ? *std::move(answer) : QueryAnswer{};
}

const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values{"\"",
                                               "\\",
                                               "\\\"",
                                               "\" | take 0 //",
                                               "\" or 1==1 or \"",
                                               "' OR '1'='1",
                                               "'; DROP TABLE x; --",
                                               "a | delete",
                                               "a\n| take 0",
                                               "a\r\nb",
                                               "`macro`",
                                               "[search index=*]",
                                               "*",
                                               "a*b",
                                               "^",
                                               "/* c */",
                                               "// c",
                                               "-- c",
                                               "$token$",
                                               "\u202Etxt.exe",
                                               "\u200B",
                                               "\U000E0041",
                                               std::string("a\0b", 3),
                                               "{v}",
                                               "{name}",
                                               "h\"; union *",
                                               "\\u0022",
                                               "''",
                                               "\xFF\xFE",
                                               "\xC3",
                                               "日本",
                                               "%",
                                               "U&'x'",
                                               "\t",
                                               "\x7F"};
  return values;
}

bool is_utf8(const std::string& value) {
  return value != "\xFF\xFE" && value != "\xC3";
}

std::vector<model::Entity> one_of_each(const std::string& value) {
  std::vector<model::Entity> entities;
  for (const auto kind : {EntityKind::kUser, EntityKind::kHost, EntityKind::kIp, EntityKind::kDomain,
                          EntityKind::kUrl, EntityKind::kHash, EntityKind::kFile, EntityKind::kProcess,
                          EntityKind::kEmail, EntityKind::kCloudResource}) {
    entities.push_back({kind, value, EntityRole::kRelated});
  }
  return entities;
}

TEST(QueryEscaping, NoValueChangesTheStructureOfAnyLanguage) {
  const auto plain = incident_queries(one_of_each("plain"), kWindow);
  const auto kql = lex_kql(plain.kql), spl = lex_spl(plain.spl), sql = lex_sql(plain.athena_sql);
  ASSERT_GT(kql.values.size(), 20U);
  ASSERT_GT(spl.values.size(), 10U);
  ASSERT_EQ(sql.values.size(), 6U);  // two times; ip, user, e-mail and resource
  for (const auto& value : hostile_values()) {
    const auto hostile = incident_queries(one_of_each(value), kWindow);
    const auto in_kql = lex_kql(hostile.kql), in_spl = lex_spl(hostile.spl),
               in_sql = lex_sql(hostile.athena_sql);
    EXPECT_EQ(in_kql.structure, kql.structure) << value;
    EXPECT_EQ(in_spl.structure, spl.structure) << value;
    EXPECT_EQ(in_sql.structure, sql.structure) << value;
    EXPECT_FALSE(in_kql.broken || in_spl.broken || in_sql.broken) << value;
  }
}

TEST(QueryEscaping, SqlKeepsItsStructureAndItsValues) {
  for (const auto& value : hostile_values()) {
    const auto tokens = lex_sql("a = " + escape::sql_literal(value) + " AND b");
    EXPECT_EQ(tokens.structure, (std::vector<std::string>{"a", "=", "<s>", "AND", "b"})) << value;
    EXPECT_FALSE(tokens.broken) << value;
    if (is_utf8(value)) {
      EXPECT_EQ(tokens.values.at(0), value);
    }
  }
}

TEST(QueryEscaping, KqlLiteralsDecodeToTheValue) {
  for (const auto& value : hostile_values()) {
    const auto tokens = lex_kql("a == " + escape::kql_literal(value) + " and b");
    EXPECT_EQ(tokens.structure, (std::vector<std::string>{"a", "=", "=", "<s>", "and", "b"})) << value;
    if (is_utf8(value)) {
      EXPECT_EQ(tokens.values.at(0), value);
    }
  }
}

TEST(QueryEscaping, InvisibleCharactersNeverStandRaw) {
  for (const auto& text :
       {escape::kql_literal("a\u202Eb\u200Bc"), escape::spl_literal("a\u202Eb\u200Bc").text,
        escape::sql_literal("a\u202Eb\u200Bc")}) {
    EXPECT_EQ(text.find("\u202E"), std::string::npos);
    EXPECT_EQ(text.find("\u200B"), std::string::npos);
  }
}

TEST(QueryEscaping, WhatSplCannotEscapeIsWidenedAndSaid) {
  EXPECT_EQ(escape::spl_literal("a`b`c*").text, "\"a*b*c*\"");
  EXPECT_TRUE(escape::spl_literal("a`b").widened);
  EXPECT_FALSE(escape::spl_literal("a|b [c]").widened);
  EXPECT_THAT(incident_queries({{EntityKind::kUser, "a*b", EntityRole::kRelated}}, kWindow).notes,
              Contains(HasSubstr("wildcard")));
}

TEST(BuildQueries, FailedSignInsOfAUserInTheLastDay) {
  const auto answer = ask("Show failed logins for alice in the last 24 hours");
  EXPECT_EQ(answer.kql_query,
            "SigninLogs\n| where TimeGenerated >= ago(24h)\n"
            "| where (UserPrincipalName =~ \"alice\" or UserPrincipalName startswith \"alice@\")\n"
            "| where ResultType != \"0\"\n"
            "| project TimeGenerated, UserPrincipalName, IPAddress, Location, AppDisplayName, ResultType, "
            "ResultDescription\n"
            "| order by TimeGenerated desc\n| take 1000");
  EXPECT_EQ(answer.spl_query,
            "search earliest=-24h index=azure_signin user=\"alice\" action=failure\n"
            "| table _time, user, src, app, action, reason\n| sort - _time\n| head 1000");
  EXPECT_THAT(answer.explanation, HasSubstr("user alice"));
}

struct QuestionCase {
  const char* question;
  const char* kql;  // must contain
  const char* spl;
};
class Question : public ::testing::TestWithParam<QuestionCase> {};
TEST_P(Question, BecomesItsQuery) {
  const auto answer = ask(GetParam().question);
  EXPECT_THAT(answer.kql_query, HasSubstr(GetParam().kql));
  EXPECT_THAT(answer.spl_query, HasSubstr(GetParam().spl));
  EXPECT_FALSE(lex_kql(answer.kql_query).broken);
  EXPECT_FALSE(answer.performance_notes.empty());
}
INSTANTIATE_TEST_SUITE_P(
    Words, Question,
    ::testing::Values(
        QuestionCase{"sign-ins from 45.10.22.1 today", "IPAddress == \"45.10.22.1\"",
                     "earliest=@d index=azure_signin src=\"45.10.22.1\""},
        QuestionCase{"Failed sign-ins since yesterday?", "TimeGenerated >= startofday(ago(1d))",
                     "earliest=-1d@d"},
        QuestionCase{"powershell on host web-01 last 7 days",
                     "FileName in~ (\"powershell.exe\", \"pwsh.exe\")", "dest=\"web-01\""},
        QuestionCase{"encoded PowerShell commands in the past week", "has_any (\"-enc\"", "earliest=-7d"},
        QuestionCase{"dns lookups of evil.example", "Name =~ \"evil.example\"", "query=\"evil.example\""},
        QuestionCase{"network connections to 8.8.4.4 in the last 30 minutes", "DestinationIP == \"8.8.4.4\"",
                     "earliest=-30m"},
        QuestionCase{"process invoice.exe", "FileName =~ \"invoice.exe\"", "process_name=\"invoice.exe\""},
        QuestionCase{"files with hash 44d88612fea8a8f36de82e1278abb02f",
                     "MD5 =~ \"44d88612fea8a8f36de82e1278abb02f\"", "file_hash="},
        QuestionCase{"how many failed logins per user yesterday",
                     "summarize Count = count() by UserPrincipalName", "| stats count by user"},
        QuestionCase{"event id 4720 since 2026-01-04", "EventID in (4720)", "earliest=1767484800"},
        QuestionCase{"role changes by bob@corp.example", "AuditLogs",
                     "index=azure_audit user=\"bob@corp.example\""},
        QuestionCase{"logins on host dc-01", "EventID in (4624, 4625)", "(EventCode=4624 OR EventCode=4625)"},
        QuestionCase{"outbound traffic to port 4444", "DestinationPort in (4444)", "dest_port=4444"},
        QuestionCase{"processes spawned by winword.exe", "InitiatingProcessFileName in~ (\"winword.exe\")",
                     "parent_process_name=\"winword.exe\""},
        QuestionCase{"users who had more than 10 failed logins", "| where Count > 10", "| where count > 10"},
        QuestionCase{"failed sign-ins for user john.doe@contoso.com",
                     "| where (UserPrincipalName =~ \"john.doe@contoso.com\" or UserPrincipalName startswith "
                     "\"john.doe@contoso.com@\")\n",
                     "user=\"john.doe@contoso.com\" action"},
        QuestionCase{"which hosts connected to 185.220.101.34", "CommonSecurityLog\n", "index=firewall"},
        QuestionCase{"powershell that names evil.example", "ProcessCommandLine has \"evil.example\"",
                     "process=\"*evil.example*\""},
        QuestionCase{"security alerts for server db-02", "Entities has \"db-02\"", "dest=\"db-02\""},
        QuestionCase{"which processes ran under CORP\\svc-backup", "AccountName =~ \"svc-backup\"",
                     "user=\"svc-backup\""}));

TEST(BuildQueries, AnEntityAloneSearchesEveryTableThatNamesIt) {
  const auto answer = ask("45.10.22.1");
  EXPECT_THAT(answer.kql_query, StartsWith("union withsource=SourceTable isfuzzy=true"));
  EXPECT_THAT(answer.kql_query, AllOf(HasSubstr("SigninLogs"), HasSubstr("CommonSecurityLog"),
                                      Not(HasSubstr("DeviceFileEvents"))));
  EXPECT_THAT(answer.explanation, HasSubstr("(no time was named)"));
}

TEST(BuildQueries, DifferentQuestionsGiveDifferentQueries) {
  std::set<std::string> queries;
  for (const auto* question :
       {"failed logins", "logins", "dns queries", "powershell", "files", "alerts", "network traffic",
        "audit log", "failed logins for bob", "failed logins for eve", "failed logins today"}) {
    EXPECT_TRUE(queries.insert(ask(question).kql_query).second) << question;
  }
}

TEST(BuildQueries, WhatIsNotActionableIsRefusedWithItsWords) {
  for (const auto* question : {"", "   ", "please make me a sandwich", "what is the weather", "last 24 hours",
                               "???", "\"\"", "''' \" '"}) {
    const auto answer = build_queries(question, nullptr, Platform::kBoth);
    ASSERT_FALSE(answer.ok()) << question;
    EXPECT_EQ(answer.error().kind, ErrorKind::kInvalidInput);
    EXPECT_FALSE(answer.error().hint.empty());
  }
  const auto answer = build_queries("frobnicate the sandwich", nullptr, Platform::kBoth);
  EXPECT_EQ(answer.error().message, "not understood: frobnicate, sandwich");
}

TEST(BuildQueries, WordsThatAreNotUnderstoodAreNamed) {
  EXPECT_THAT(ask("failed logins with glitter").explanation,
              HasSubstr("Not understood, so not used: glitter."));
}

TEST(BuildQueries, WhatATableCannotExpressIsSaid) {
  EXPECT_THAT(ask("dns queries by user bob").explanation,
              HasSubstr("Not filtered by user bob: these tables do not name it."));
}

TEST(BuildQueries, ANameBeatsAShapeAndAnAddressBeatsAName) {
  EXPECT_THAT(ask("sign-ins of user report.exe").spl_query, HasSubstr("user=\"report.exe\""));
  EXPECT_THAT(ask("traffic of server 45.10.22.1").spl_query, HasSubstr("src=\"45.10.22.1\""));
}

TEST(BuildQueries, PlacesAndDaysAreNoHosts) {
  const auto answer = ask("has anyone logged in from Russia on Monday");
  EXPECT_THAT(answer.kql_query, StartsWith("SigninLogs"));
  EXPECT_THAT(answer.explanation, HasSubstr("Not understood, so not used: Russia, Monday."));
}

TEST(BuildQueries, TooLongAQuestionIsRefused) {
  const std::string question(3000, 'a');
  EXPECT_FALSE(build_queries(question, nullptr, Platform::kKql).ok());
}

TEST(BuildQueries, ThisAlertGivesItsEntities) {
  model::Alert alert;
  alert.entities = {{EntityKind::kUser, "mallory\" | take 0", EntityRole::kActor},
                    {EntityKind::kIp, "45.10.22.1", EntityRole::kSource}};
  const auto answer = ask("sign-ins around this alert", &alert);
  EXPECT_THAT(answer.kql_query, AllOf(HasSubstr("mallory\\\" | take 0"), HasSubstr("45.10.22.1")));
  EXPECT_FALSE(build_queries("what is the weather", &alert, Platform::kBoth).ok());
}

TEST(BuildQueries, OnlyTheAskedPlatformIsAnswered) {
  EXPECT_TRUE(build_queries("failed logins", nullptr, Platform::kKql)->spl_query.empty());
  EXPECT_TRUE(build_queries("failed logins", nullptr, Platform::kSpl)->kql_query.empty());
  EXPECT_EQ(parse_platform("both"), Platform::kBoth);
  EXPECT_FALSE(parse_platform("sql").has_value());
}

TEST(BuildQueries, HostileQuestionsNeverChangeTheStructure) {
  const auto plain = ask("failed logins for user \"plain\" today");
  for (const auto& value : hostile_values()) {
    if (value.find('"') != std::string::npos || value.find_first_not_of(" \t\n") == std::string::npos)
      continue;
    const auto hostile = ask("failed logins for user \"" + value + "\" today");
    EXPECT_EQ(lex_kql(hostile.kql_query).structure, lex_kql(plain.kql_query).structure) << value;
    EXPECT_EQ(lex_spl(hostile.spl_query).structure, lex_spl(plain.spl_query).structure) << value;
    EXPECT_FALSE(lex_spl(hostile.spl_query).broken) << value;
  }
}

TEST(IncidentQueries, FillTheTimeRangeAndSearchAnyEntity) {
  const auto queries = incident_queries({{EntityKind::kHost, "web-01", EntityRole::kTarget},
                                         {EntityKind::kIp, "45.10.22.1", EntityRole::kSource}},
                                        kWindow);
  EXPECT_THAT(queries.kql, HasSubstr("TimeGenerated >= datetime(2026-01-04T12:00:00.000Z) and TimeGenerated "
                                     "< datetime(2026-01-04T13:00:00.000Z)"));
  EXPECT_THAT(queries.kql, HasSubstr("| where (Computer =~ \"web-01\" or Computer startswith \"web-01.\") or "
                                     "IpAddress == \"45.10.22.1\""));
  EXPECT_THAT(queries.spl, HasSubstr("earliest=1767528000 latest=1767531600"));
  EXPECT_THAT(queries.athena_sql, HasSubstr("sourceipaddress = '45.10.22.1'"));
}

TEST(IncidentQueries, WithoutSearchableEntitiesSaySo) {
  const auto queries =
      incident_queries({{EntityKind::kMac, "00:11:22:33:44:55", EntityRole::kRelated}}, kWindow);
  EXPECT_TRUE(queries.kql.empty() && queries.spl.empty() && queries.athena_sql.empty());
  EXPECT_EQ(queries.notes.size(), 1U);
}

TEST(IncidentQueries, ManyEntitiesAreCutAndSaidSo) {
  std::vector<model::Entity> entities;
  for (int i = 0; i < 500; ++i)
    entities.push_back({EntityKind::kIp, "45.10.22." + std::to_string(i), EntityRole::kSource});
  const auto queries = incident_queries(entities, kWindow);
  EXPECT_LT(queries.kql.size(), 20'000U);
  EXPECT_THAT(queries.notes, Contains(HasSubstr("first 20 of 500")));
}

model::Alert critical_alert() {
  model::Alert alert;
  alert.id = AlertId::make(kStart);
  alert.source = "sentinel";
  alert.source_id = "alert_001";
  alert.title = "Malicious PowerShell\u202E";
  alert.severity = model::Severity::kCritical;
  alert.priority = 85;
  alert.occurred_at = kStart;
  alert.entities = {{EntityKind::kUser, "admin", EntityRole::kTarget}};
  alert.attack = {{"T1059.001"}, {"TA0002"}};
  return alert;
}

TEST(TriageAnswer, IsMadeOfStoredFacts) {
  const auto alert = critical_alert();
  const TriageFacts facts{alert,
                          9,
                          {{"Severity is critical.", 0.3, {}}},
                          "Its severity is critical.",
                          {"Read the command"},
                          {"quarantine"},
                          4};
  const auto answer = triage_answer(facts, true, 5);
  EXPECT_EQ(answer.alert_id, "alert_001");
  EXPECT_EQ(answer.risk_score, 9);
  EXPECT_THAT(answer.summary, HasSubstr("“Malicious PowerShell⟦U+202E⟧”, critical, reported by sentinel"));
  EXPECT_EQ(answer.investigation_steps.at(0), "Read the command");
  EXPECT_THAT(answer.mitre_context,
              AllOf(HasSubstr("T1059.001"), HasSubstr("PowerShell"), HasSubstr("Execution")));
  EXPECT_THAT(answer.kql, HasSubstr("\"admin\""));
  EXPECT_TRUE(answer.escalation_recommended);
  EXPECT_THAT(answer.escalation_reason, HasSubstr("The risk is 9 of 10."));
}

TEST(TriageAnswer, RespectsItsOptionsAndStaysQuietForSmallThings) {
  auto alert = critical_alert();
  alert.entities.clear();
  const auto answer = triage_answer({alert, 2, {}, "", {"a", "b", "c"}, {}, 0}, false, 2);
  EXPECT_EQ(answer.investigation_steps.size(), 2U);
  EXPECT_TRUE(answer.kql.empty() && answer.spl.empty());
  EXPECT_FALSE(answer.escalation_recommended);
}

}  // namespace
}  // namespace tocsin::copilot
