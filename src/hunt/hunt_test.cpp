#include "hunt/hunt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "escape/testing/hostile.h"
#include "hunt/links.h"
#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

using model::Entity;
using model::EntityKind;
using model::EntityRole;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);  // 2026-01-04T12:00:00Z

Case case_of(std::vector<Entity> entities, std::vector<std::string> techniques = {}) {
  return {"IN-1", std::move(entities),
          {},     {std::move(techniques), {}},
          kStart, kStart + std::chrono::minutes(30)};
}

const Query& get(const std::vector<Query>& queries, std::string_view id) {
  for (const auto& query : queries) {
    if (query.id == id) return query;
  }
  throw std::runtime_error("no query " + std::string(id));
}

std::set<std::string> ids(const std::vector<Query>& queries) {
  std::set<std::string> all;
  for (const auto& query : queries) all.insert(query.id);
  return all;
}

TEST(IncidentQueries, PivotOnWhatTheIncidentNames) {
  const auto queries = incident_queries(case_of({{EntityKind::kUser, "CORP\\alice", EntityRole::kTarget}}));
  EXPECT_GE(queries.size(), 10U);
  for (const auto& query : queries) EXPECT_THAT(query.text, HasSubstr("alice")) << query.id;
  EXPECT_THAT(get(queries, "sentinel_user_windows_logons").text, HasSubstr("TargetUserName in~ (\"alice\")"));
  EXPECT_THAT(get(queries, "sentinel_user_signins").text, HasSubstr("(\"CORP\\\\alice\")"));
  EXPECT_FALSE(ids(queries).contains("sentinel_ip_network"));
}

TEST(IncidentQueries, FillTheTimeInEachLanguagesOwnWay) {
  const auto queries = incident_queries(case_of({{EntityKind::kUser, "alice", EntityRole::kTarget}}));
  EXPECT_THAT(
      get(queries, "sentinel_user_signins").text,
      HasSubstr("between (datetime(2026-01-04T11:00:00.000Z) .. datetime(2026-01-04T13:30:00.000Z))"));
  EXPECT_THAT(get(queries, "splunk_user_authentication").text,
              HasSubstr("earliest=1767524400 latest=1767533400"));
  EXPECT_THAT(get(queries, "elastic_user_authentication").text,
              HasSubstr("@timestamp >= \"2026-01-04T11:00:00.000Z\""));
  EXPECT_THAT(get(queries, "athena_user").text, HasSubstr("eventtime >= '2026-01-04T11:00:00Z'"));
  EXPECT_EQ(get(queries, "athena_user_changes").from, kStart - std::chrono::hours(168));
}

TEST(IncidentQueries, TechniquesChooseFurtherOnesAndPutThemFirst) {
  const std::vector<Entity> entities{{EntityKind::kIp, "45.10.22.1", EntityRole::kSource}};
  const auto plain = incident_queries(case_of(entities));
  const auto spray = incident_queries(case_of(entities, {"T1110.003"}));
  EXPECT_FALSE(ids(plain).contains("sentinel_ip_spray"));
  EXPECT_EQ(spray.front().id, "sentinel_ip_spray");
  EXPECT_EQ(spray.front().techniques, std::vector<std::string>{"T1110.003"});
  EXPECT_EQ(spray.size(), plain.size() + 2);  // and athena_ip_console
}

TEST(IncidentQueries, EveryPlatformAnswersForAWholeIncident) {
  const auto queries = incident_queries(case_of({{EntityKind::kUser, "alice", EntityRole::kTarget},
                                                 {EntityKind::kHost, "web-01", EntityRole::kTarget},
                                                 {EntityKind::kIp, "45.10.22.1", EntityRole::kSource}}));
  std::map<std::string_view, int> platforms;
  for (const auto& query : queries) ++platforms[to_text(query.platform)];
  EXPECT_EQ(platforms.size(), 6U);
  for (const auto& [platform, count] : platforms) EXPECT_GE(count, 3) << platform;
}

TEST(IncidentQueries, WithoutEntitiesThereAreNone) {
  EXPECT_TRUE(incident_queries(case_of({})).empty());
  EXPECT_TRUE(
      incident_queries(case_of({{EntityKind::kMac, "00:11:22:33:44:55", EntityRole::kRelated}})).empty());
}

TEST(IncidentQueries, ManyAndLongValuesAreCutAndSaidSo) {
  std::vector<Entity> entities;
  for (int i = 0; i < 500; ++i)
    entities.push_back({EntityKind::kIp, "45.10.22." + std::to_string(i), EntityRole::kSource});
  entities.push_back({EntityKind::kDomain, std::string(5000, 'x'), EntityRole::kRelated});
  const auto queries = incident_queries(case_of(entities));
  EXPECT_LT(get(queries, "sentinel_ip_network").text.size(), 2'000U);
  EXPECT_THAT(get(queries, "sentinel_ip_network").notes, Contains(HasSubstr("480 more ips are left out")));
  EXPECT_FALSE(ids(queries).contains("sentinel_domain_dns"));
}

TEST(IncidentQueries, WhatALanguageCannotSayIsLeftOutAndSaid) {
  const auto queries = incident_queries(case_of({{EntityKind::kHost, "a\u202Eb", EntityRole::kTarget},
                                                 {EntityKind::kHost, "web-01", EntityRole::kTarget}}));
  const auto& elastic = get(queries, "elastic_host_processes");
  EXPECT_THAT(elastic.text, AllOf(HasSubstr("web-01"), Not(HasSubstr("\u202E"))));
  EXPECT_THAT(elastic.notes, Contains(HasSubstr("cannot write")));
  EXPECT_THAT(get(queries, "splunk_host_processes").notes, Contains(HasSubstr("wildcard")));
}

TEST(IncidentQueries, HostileValuesNeverCrashAndNeverStandRaw) {
  for (const auto& value : escape::testing::hostile_values()) {
    std::vector<Entity> entities;
    for (int kind = 0; kind <= static_cast<int>(EntityKind::kMac); ++kind)
      entities.push_back({static_cast<EntityKind>(kind), value, EntityRole::kRelated});
    for (const auto& query : incident_queries(case_of(entities, {"T1110", "T1071", "T1566"}))) {
      EXPECT_EQ(query.text.find("\u202E"), std::string::npos) << query.id;
      EXPECT_EQ(query.text.find('\0'), std::string::npos) << query.id;
      EXPECT_EQ(query.text.find('\r'), std::string::npos) << query.id;
    }
  }
}

TEST(HostileValues, AreThreeHundred) {
  const auto values = escape::testing::hostile_values();
  EXPECT_EQ(values.size(), 300U);
  EXPECT_GE(std::set<std::string>(values.begin(), values.end()).size(), 295U);
}

TEST(Templates, HaveUniqueIdsAndAPurpose) {
  std::set<std::string_view> known;
  for (const auto list : {sentinel_templates(), defender_templates(), splunk_templates(), elastic_templates(),
                          athena_templates(), sigma_templates()}) {
    for (const auto& one : list) {
      EXPECT_TRUE(known.insert(one.id).second) << one.id;
      EXPECT_FALSE(one.title.empty() || one.purpose.empty()) << one.id;
    }
  }
  EXPECT_GE(known.size(), 90U);
}

// ---- links

Query query_of(std::string text) {
  Query query;
  query.platform = Platform::kSplunk;
  query.text = std::move(text);
  query.from = kStart;
  query.until = kStart + std::chrono::hours(1);
  return query;
}

TEST(Links, EncodeTheQueryForTheAddress) {
  const Links links{{{Platform::kSplunk, "https://s.example/search?q={query}&earliest={from_epoch}"}}, ""};
  EXPECT_EQ(link_to(query_of("a | b=\"c&d\"#"), links),
            "https://s.example/search?q=a%20%7C%20b%3D%22c%26d%22%23&earliest=1767528000");
  EXPECT_EQ(link_to(query_of(std::string(9000, 'a')), links), "");
  Query other = query_of("a");
  other.platform = Platform::kElastic;
  EXPECT_EQ(link_to(other, links), "");
}

TEST(Links, RisonAndGzipFormsAreThoseOfTheTools) {
  const Links rison{{{Platform::kSplunk, "https://k.example/#?q={query_rison}"}}, ""};
  EXPECT_EQ(link_to(query_of("a'b!"), rison), "https://k.example/#?q=%27a%21%27b%21%21%27");
  const Links gzip{{{Platform::kSplunk, "https://p.example/{query_gzip}"}}, ""};
  EXPECT_THAT(link_to(query_of("SigninLogs"), gzip), HasSubstr("https://p.example/H4sI"));
}

TEST(Links, TemplatesAreChecked) {
  EXPECT_TRUE(check_link("https://s.example/search?q={query}").ok());
  for (const auto* bad :
       {"javascript:alert({query})", "https://{query}/", "https://s.example", "ftp://x/{query}",
        "https://s.example/{quary}", "https://s.example/ {query}", "https://s.example/{"}) {
    EXPECT_FALSE(check_link(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace tocsin::hunt
