#include <set>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kBundle =
    R"({"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[
{"type":"indicator","spec_version":"2.1","id":"indicator--11111111-1111-4111-8111-111111111111","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","name":"C2 of Emotet","pattern":"[domain-name:value = 'Evil.example.com' OR ipv4-addr:value = '203.0.113.9']","pattern_type":"stix","valid_from":"2026-01-02T00:00:00Z","valid_until":"2027-01-02T00:00:00Z","confidence":85,"object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]},
{"type":"indicator","spec_version":"2.1","id":"indicator--22222222-2222-4222-8222-222222222222","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","pattern":"[url:value = 'http://revoked.example.com/']","pattern_type":"stix","valid_from":"2026-01-02T00:00:00Z","revoked":true},
{"type":"indicator","spec_version":"2.1","id":"indicator--33333333-3333-4333-8333-333333333333","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","indicator_types":["benign"],"pattern":"[domain-name:value = 'good.example.com']","pattern_type":"stix","valid_from":"2026-01-02T00:00:00Z"},
{"type":"malware","spec_version":"2.1","id":"malware--44444444-4444-4444-8444-444444444444","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","name":"Emotet","is_family":true}]})";

constexpr std::string_view kMisp =
    R"({"Event":{"uuid":"5f6b0a1e-1111-4222-8333-444455556666","info":"Phishing kit","date":"2026-01-01","threat_level_id":"2","Orgc":{"name":"CERT"},"Tag":[{"name":"tlp:green"}],"Attribute":[
{"type":"domain","value":"kit.example.net","to_ids":true},{"type":"sha256","value":"A3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B8A5","to_ids":true}]}})";

class IntelTest : public test::ApiTest {};

TEST_F(IntelTest, AStixBundleBecomesAListOfWhatItVouchesFor) {
  const auto made = post("/api/v1/intel/lists?name=ACME&source=ACME%20CERT&tlp=GREEN", std::string(kBundle));
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/entries").as_int64(), 2);
  EXPECT_EQ(made.at("/left_out").as_int64(), 3);
  EXPECT_EQ(made.text_at("/source"), "ACME CERT");
  EXPECT_EQ(made.text_at("/tlp"), "GREEN");
  EXPECT_EQ(made.text_at("/produced_at"), "2026-01-02T00:00:00.000Z");
  EXPECT_EQ(made.at("/age_seconds").as_int64(), 60 * 3600);  // the clock stands at 4 January, noon
  const auto entries = get("/api/v1/intel/lists/" + made.text_at("/id") + "/entries");
  ASSERT_EQ(entries.size_at("/items"), 2U);
  EXPECT_EQ(entries.text_at("/items/1/value"), "evil.example.com");  // as alerts spell it
  EXPECT_EQ(entries.text_at("/items/1/label"), "C2 of Emotet");
  EXPECT_EQ(entries.text_at("/items/1/tlp"), "RED");
  EXPECT_EQ(entries.at("/items/1/confidence").as_int64(), 85);
  EXPECT_EQ(entries.text_at("/items/1/valid_until"), "2027-01-02T00:00:00.000Z");
}

TEST_F(IntelTest, AMispEventBecomesAListWithItsMark) {
  const auto made = post("/api/v1/intel/lists?name=kit&format=misp&tlp=RED", std::string(kMisp));
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/entries").as_int64(), 2);
  const auto hits = store_.intel().find({model::IocKind::kDomain, "kit.example.net"}, clock_.now());
  ASSERT_TRUE(hits);
  ASSERT_EQ(hits->size(), 1U);
  EXPECT_EQ(hits->front().entry.tlp, model::Tlp::kGreen);
  EXPECT_EQ(hits->front().entry.label, "Phishing kit");
  EXPECT_EQ(hits->front().list_name, "kit");
}

TEST_F(IntelTest, ListsAreListedPagedAndDeleted) {
  const auto id = post("/api/v1/intel/lists?name=b", std::string(kBundle)).text_at("/id");
  post("/api/v1/intel/lists?name=a&format=misp", std::string(kMisp));
  const auto lists = get("/api/v1/intel/lists");
  ASSERT_EQ(lists.size_at("/items"), 2U);
  EXPECT_EQ(lists.text_at("/items/0/name"), "a");
  const auto first = get("/api/v1/intel/lists/" + id + "/entries?limit=1");
  const auto second =
      get("/api/v1/intel/lists/" + id + "/entries?limit=1&cursor=" + first.text_at("/next_cursor"));
  EXPECT_NE(first.text_at("/items/0/value"), second.text_at("/items/0/value"));
  EXPECT_EQ(call(test::Method::kDelete, "/api/v1/intel/lists/" + id).status, 204);
  EXPECT_EQ(call(test::Method::kDelete, "/api/v1/intel/lists/" + id).status, 404);
  EXPECT_EQ(get("/api/v1/intel/lists").size_at("/items"), 1U);
}

TEST_F(IntelTest, WhatCannotBeImportedIsRefusedWithTheReason) {
  EXPECT_EQ(post("/api/v1/intel/lists", std::string(kBundle)).status, 422);
  EXPECT_EQ(post("/api/v1/intel/lists?name=x&format=csv", std::string(kBundle)).status, 422);
  EXPECT_EQ(post("/api/v1/intel/lists?name=x&tlp=PURPLE", std::string(kBundle)).status, 422);
  EXPECT_EQ(post("/api/v1/intel/lists?name=x", "{\"objects\":[").status, 400);
  EXPECT_EQ(post("/api/v1/intel/lists?name=x", "{}").status, 422);
  EXPECT_EQ(post("/api/v1/intel/lists?name=x", "x", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(get("/api/v1/intel/lists/nonsense/entries").status, 404);
  EXPECT_EQ(get("/api/v1/intel/lists").size_at("/items"), 0U);
}

TEST_F(IntelTest, AFileWithoutIndicatorsDoesNotEmptyAList) {
  post("/api/v1/intel/lists?name=a", std::string(kBundle));
  const auto made = post("/api/v1/intel/lists?name=a", R"({"type":"bundle","id":"bundle--1","objects":[]})");
  EXPECT_EQ(made.status, 422);
  EXPECT_NE(made.text_at("/hint").find("the list stays as it was"), std::string::npos);
  EXPECT_EQ(get("/api/v1/intel/lists").at("/items/0/entries").as_int64(), 2);
}

TEST_F(IntelTest, WhatWeExportComesBackAsTheSameIndicators) {
  post(
      "/api/v1/alerts",
      R"({"source":"demo","alert_type":"c2","message":"beacon to http://bad.example.org/x?a='b and 203.0.113.7","host":"web-01","severity":"high"})");
  const auto path = "/api/v1/incidents/" + add_incident();
  patch(path, R"({"verdict":"true_positive"})");
  std::set<std::string> sent;
  const auto incident = get(path);
  for (const auto& ioc : incident.at("/iocs").as_array())
    sent.insert(std::string(ioc.at("value").as_string()));
  ASSERT_GE(sent.size(), 2U);
  for (const auto* format : {"stix", "misp"}) {
    const auto file = get(path + "/export?format=" + format).text;
    const auto made = post(std::string("/api/v1/intel/lists?name=own&format=") + format, file);
    ASSERT_EQ(made.status, 201) << made.text;
    std::set<std::string> back;
    const auto entries = get("/api/v1/intel/lists/" + made.text_at("/id") + "/entries");
    for (const auto& entry : entries.at("/items").as_array())
      back.insert(std::string(entry.at("value").as_string()));
    EXPECT_EQ(back, sent) << format;
  }
}

}  // namespace
}  // namespace tocsin::api
