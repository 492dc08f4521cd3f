#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

class InventoryTest : public test::ApiTest {
 protected:
  test::Reply csv(std::string_view target, std::string body) {
    return post(target, std::move(body), {{"Content-Type", "text/csv"}});
  }
  std::string fact(std::string_view kind, std::string_view value, std::string_view name) {
    const auto reply =
        get("/api/v1/enrichment/lookup?kind=" + std::string(kind) + "&value=" + std::string(value));
    EXPECT_EQ(reply.status, 200) << reply.text;
    for (const auto& one : reply.at("/facts").as_array()) {
      if (one.at("name").as_string() == name) return std::string(one.at("value").as_string());
    }
    return {};
  }
};

TEST_F(InventoryTest, AnAssetIsMadeReadReplacedAndDeleted) {
  const auto made =
      post("/api/v1/assets",
           R"({"name":"db-01","addresses":["10.1.2.3"],"tier":"crown_jewel","owner":"Finance"})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.header("ETag"), "\"1\"");
  EXPECT_EQ(made.text_at("/origin"), "api");
  const auto path = "/api/v1/assets/" + made.text_at("/id");
  EXPECT_EQ(fact("host", "DB-01", "asset_owner"), "Finance");
  EXPECT_EQ(fact("ip", "10.1.2.3", "asset_tier"), "crown_jewel");
  EXPECT_EQ(get(path).text_at("/tier"), "crown_jewel");
  EXPECT_EQ(post("/api/v1/assets", R"({"name":"DB-01","owner":"IT"})").status, 200);  // the same row
  const auto stale = call(test::Method::kPut, path, R"({"name":"db-01"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(stale.status, 412);
  const auto replaced =
      call(test::Method::kPut, path, R"({"name":"db-02","tags":["x"]})", {{"If-Match", "\"2\""}});
  ASSERT_EQ(replaced.status, 200) << replaced.text;
  EXPECT_EQ(fact("host", "db-01", "asset"), "");
  EXPECT_EQ(fact("host", "db-02", "asset_tags"), "x");
  EXPECT_EQ(call(test::Method::kDelete, path).status, 204);
  EXPECT_EQ(fact("host", "db-02", "asset"), "");
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(InventoryTest, CsvKeepsGoodRowsAndNamesBadOnes) {
  const auto reply = csv("/api/v1/users",
                         "\xEF\xBB\xBFName,E-Mail,Privileged,Shoe size\r\n"
                         "alice,alice@corp.example,yes,40\r\n"
                         "bob,bob@corp.example,perhaps,41\r\n"
                         "carol,\"broken\"x,no,42\r\n");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/accepted").as_int64(), 1);
  EXPECT_EQ(reply.at("/created").as_int64(), 1);
  EXPECT_EQ(reply.at("/rejected").as_int64(), 2);
  EXPECT_EQ(reply.at("/faults/0/line").as_int64(), 3);
  EXPECT_EQ(reply.at("/faults/0/column").as_int64(), 3);
  EXPECT_EQ(reply.text_at("/faults/0/field"), "Privileged");
  EXPECT_EQ(reply.at("/faults/1/line").as_int64(), 4);
  EXPECT_EQ(reply.text_at("/left_out_columns/0"), "Shoe size");
  EXPECT_EQ(fact("user", "alice", "privileged"), "true");
}

TEST_F(InventoryTest, ReplacingDeletesWhatIsNotSent) {
  csv("/api/v1/assets", "name\na\nb\n");
  const auto reply = csv("/api/v1/assets?mode=replace", "name\nb\nc\n");
  EXPECT_EQ(reply.at("/removed").as_int64(), 1);
  const auto list = get("/api/v1/assets?limit=1");
  EXPECT_EQ(list.at("/total").as_int64(), 2);
  EXPECT_EQ(list.text_at("/items/0/name"), "b");
  EXPECT_EQ(get("/api/v1/assets?cursor=" + list.text_at("/next_cursor")).text_at("/items/0/name"), "c");
  EXPECT_EQ(get("/api/v1/assets?q=nothing").size_at("/items"), 0U);
}

TEST_F(InventoryTest, ReplacingNeverDropsARowThatWasSentAndCannotBeRead) {
  csv("/api/v1/assets", "name,tier\na,normal\nb,normal\n");
  const auto reply = csv("/api/v1/assets?mode=replace", "name,tier\na,golden\nc,normal\n");
  EXPECT_EQ(reply.status, 422) << reply.text;
  EXPECT_EQ(get("/api/v1/assets").at("/total").as_int64(), 2);
  EXPECT_EQ(post("/api/v1/assets?mode=replace", R"({"name":"d"})").status, 200);
  const auto list = get("/api/v1/assets");
  EXPECT_EQ(list.at("/total").as_int64(), 1);
  EXPECT_EQ(list.text_at("/items/0/name"), "d");
}

TEST_F(InventoryTest, ATableWithoutRowsDoesNotEmptyTheStoredOne) {
  csv("/api/v1/assets", "name\na\nb\n");
  EXPECT_EQ(csv("/api/v1/assets?mode=replace", "name\n").status, 422);
  EXPECT_EQ(get("/api/v1/assets").at("/total").as_int64(), 2);
  EXPECT_EQ(post("/api/v1/assets?mode=replace", "[]").status, 200);
  EXPECT_EQ(get("/api/v1/assets").at("/total").as_int64(), 0);
}

TEST_F(InventoryTest, AddingRefusesANameThatIsThereAndANameFindsItsRow) {
  EXPECT_EQ(post("/api/v1/assets?mode=add", R"({"name":"db"})").status, 201);
  EXPECT_EQ(post("/api/v1/assets?mode=add", R"({"name":"db-2"})").status, 201);
  const auto taken = post("/api/v1/assets?mode=add", R"({"name":"DB","owner":"x"})");
  EXPECT_EQ(taken.status, 409) << taken.text;
  EXPECT_EQ(csv("/api/v1/assets?mode=add", "name\nweb\ndb\n").status, 409);
  const auto found = get("/api/v1/assets?name=Db");
  EXPECT_EQ(found.at("/total").as_int64(), 1);
  EXPECT_EQ(found.text_at("/items/0/name"), "db");
  EXPECT_EQ(get("/api/v1/assets?name=web").size_at("/items"), 0U);
}

TEST_F(InventoryTest, ManyByJsonNameTheBadItems) {
  const auto reply =
      post("/api/v1/assets", R"([{"name":"a"},{"name":"b","tier":"golden"},{"colour":"red"},7])");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/accepted").as_int64(), 1);
  EXPECT_EQ(reply.at("/rejected").as_int64(), 3);
  EXPECT_EQ(reply.at("/faults/0/line").as_int64(), 2);
  EXPECT_EQ(reply.text_at("/faults/0/field"), "/tier");
}

TEST_F(InventoryTest, WhatCannotBeStoredIsRefusedWithTheReason) {
  EXPECT_EQ(post("/api/v1/assets", R"({"name":"a","":"no name"})").status, 422);
  const auto unknown = post("/api/v1/assets", R"({"name":"x","colour":"red"})");
  EXPECT_EQ(unknown.status, 422);
  EXPECT_EQ(unknown.text_at("/errors/0/pointer"), "/colour");
  EXPECT_EQ(post("/api/v1/assets", R"({"tags":["x"]})").status, 422);
  EXPECT_EQ(post("/api/v1/users", R"({"name":"x","privileged":"perhaps"})").status, 422);
  EXPECT_EQ(post("/api/v1/assets", "{").status, 400);
  EXPECT_EQ(post("/api/v1/assets", "x", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(csv("/api/v1/assets", "colour\nred\n").status, 422);
  EXPECT_EQ(csv("/api/v1/assets", "name\n\"open").status, 400);
  EXPECT_EQ(csv("/api/v1/assets?mode=append", "name\nx\n").status, 422);
  EXPECT_EQ(get("/api/v1/assets").at("/total").as_int64(), 0);
}

TEST_F(InventoryTest, AWarningListIsUploadedUsedAndDeleted) {
  const auto before = get("/api/v1/enrichment/warning-lists").at("/total").as_int64();
  const auto made = post(
      "/api/v1/enrichment/warning-lists",
      R"({"name":"Own","description":"Our proxies","version":20260101,"type":"cidr","list":["81.2.69.0/24","no"]})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.text_at("/as_of"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(made.at("/entries").as_int64(), 1);
  EXPECT_EQ(made.at("/left_out").as_int64(), 1);  // "no" is no block
  EXPECT_EQ(fact("ip", "81.2.69.142", "not_an_indicator"), "Our proxies");
  const auto lists = get("/api/v1/enrichment/warning-lists");
  EXPECT_EQ(lists.at("/total").as_int64(), before + 1);
  const auto path = "/api/v1/enrichment/warning-lists/" + made.text_at("/id");
  EXPECT_EQ(call(test::Method::kDelete, path).status, 204);
  EXPECT_EQ(call(test::Method::kDelete, path).status, 404);
  EXPECT_EQ(fact("ip", "81.2.69.142", "not_an_indicator"), "");
  EXPECT_EQ(post("/api/v1/enrichment/warning-lists", R"({"name":"x","type":"glob","list":[]})").status, 422);
  const auto none = R"({"name":"x","description":"","version":1,"type":"cidr","list":["nonsense"]})";
  EXPECT_EQ(post("/api/v1/enrichment/warning-lists", none).status, 422);
}

TEST_F(InventoryTest, AnUploadedCatalogueGivesDueDates) {
  const auto origin = [this] { return get("/api/v1/enrichment").text_at("/items/4/origin"); };
  EXPECT_EQ(origin(), "shipped");
  EXPECT_EQ(fact("cve", "CVE-2021-44228", "known_exploited"), "true");
  EXPECT_EQ(fact("cve", "CVE-2021-44228", "known_exploited_due"), "");
  const auto made = call(
      test::Method::kPut, "/api/v1/enrichment/known-exploited",
      R"({"catalogVersion":"2026.01.01","dateReleased":"2026-01-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2021-44228","dueDate":"2021-12-24"}]})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(fact("cve", "CVE-2021-44228", "known_exploited_due"), "2021-12-24");
  EXPECT_EQ(origin(), "uploaded");
  EXPECT_EQ(call(test::Method::kDelete, "/api/v1/enrichment/known-exploited").status, 204);
  EXPECT_EQ(origin(), "shipped");
  EXPECT_EQ(fact("cve", "CVE-2021-44228", "known_exploited_due"), "");
  EXPECT_EQ(call(test::Method::kPut, "/api/v1/enrichment/known-exploited", "{}").status, 422);
}

TEST_F(InventoryTest, TheStateSaysWhatIsMissing) {
  const auto state = get("/api/v1/enrichment");
  ASSERT_EQ(state.size_at("/items"), 6U);
  EXPECT_EQ(state.text_at("/items/5/part"), "geoip");
  EXPECT_NE(state.text_at("/items/5/note").find("no geo database"), std::string::npos);
  EXPECT_TRUE(state.at("/items/5/as_of").is_null());
  EXPECT_TRUE(state.at("/items/5/origin").is_null());
  EXPECT_EQ(post("/api/v1/enrichment/reload").status, 200);
  EXPECT_EQ(get("/api/v1/enrichment/lookup?kind=colour&value=red").status, 422);
  EXPECT_EQ(get("/api/v1/enrichment/lookup?kind=ip").status, 422);
  EXPECT_EQ(get("/api/v1/enrichment/lookup?kind=ip&value=web01").status, 422);
}

TEST_F(InventoryTest, AnImportedIntelListIsAskedAtOnce) {
  post(
      "/api/v1/intel/lists?name=feed",
      R"({"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--11111111-1111-4111-8111-111111111111","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","name":"C2","pattern":"[domain-name:value = 'evil.example.org']","pattern_type":"stix","valid_from":"2026-01-02T00:00:00Z"}]})");
  EXPECT_EQ(fact("domain", "evil.example.org", "ioc_match"), "C2");
}

}  // namespace
}  // namespace tocsin::api
