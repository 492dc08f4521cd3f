// Trying a mapping on a pasted sample: what it shows, what it refuses, and that nothing is stored.

#include "api/testing/fixture.h"

namespace tocsin::api::test {
namespace {

class MappingTest : public ApiTest {
 protected:
  Reply try_mapping(std::string_view mapping, std::string_view payload) {
    boost::json::object body;
    body["mapping"] = mapping;
    body["payload"] = payload;
    return post("/api/v1/sources/mappings/try", boost::json::serialize(body));
  }
};

constexpr std::string_view kMapping =
    "source: acme\nrecords: items\ntitle: name\nid: id\ntime: when\nseverity: {path: level, values: {P1: "
    "critical}}\n"
    "entities:\n  - {path: host, kind: host, role: target}\n  - {path: remote, kind: ip, role: source, "
    "indicator: observed}\n";

TEST_F(MappingTest, ShowsTheRecordsAndStoresNone) {
  const auto reply = try_mapping(kMapping, R"({"items":[
      {"id":"7","name":"Door open","when":"2026-01-04T12:00:00Z","level":"P1","host":"srv-1","remote":"203.0.113.9"},
      {"id":"8","name":"Again"}]})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.text_at("/source"), "acme");
  EXPECT_EQ(reply.at("/total"), 2);
  EXPECT_EQ(reply.size_at("/rejected"), 0U);
  ASSERT_EQ(reply.size_at("/records"), 2U);
  EXPECT_EQ(reply.text_at("/records/0/kind"), "alert");
  EXPECT_EQ(reply.text_at("/records/0/source_id"), "7");
  EXPECT_EQ(reply.text_at("/records/0/severity"), "critical");
  EXPECT_EQ(reply.text_at("/records/0/occurred_at"), "2026-01-04T12:00:00.000Z");
  EXPECT_EQ(reply.text_at("/records/0/iocs/0/value"), "203.0.113.9");
  EXPECT_EQ(get("/api/v1/alerts").size_at("/items"), 0U);
  EXPECT_EQ(get("/api/v1/dead-letters").size_at("/items"), 0U);
}

TEST_F(MappingTest, NamesItemsThatCannotBeRead) {
  const auto reply = try_mapping(kMapping, R"([{"items":[{"name":"Good"}]},5])");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.size_at("/records"), 1U);
  ASSERT_EQ(reply.size_at("/rejected"), 1U) << reply.text;
  EXPECT_EQ(reply.at("/rejected/0/index"), 1);
  EXPECT_EQ(reply.text_at("/rejected/0/reason"),
            "this item is not a JSON object. A mapping reads JSON objects.");
}

TEST_F(MappingTest, AFaultOfTheMappingHasLineAndColumn) {
  const auto reply = try_mapping("source: acme\ntitle: name\ncolour: red\n", "{}");
  EXPECT_EQ(reply.status, 422);
  EXPECT_TRUE(reply.text_at("/errors/0/pointer").starts_with("mapping:3:")) << reply.text;
  EXPECT_EQ(try_mapping("source: [", "{}").status, 400);
  EXPECT_EQ(try_mapping("source: suricata\ntitle: x\n", "{}").status, 422);  // a built-in name
}

TEST_F(MappingTest, AFaultOfTheSampleHasItsByte) {
  const auto reply = try_mapping(kMapping, "{\"items\":[}");
  EXPECT_EQ(reply.status, 400) << reply.text;
  EXPECT_TRUE(reply.text_at("/errors/0/pointer").starts_with("byte ")) << reply.text;
}

TEST_F(MappingTest, BothPartsAreNeededAndNothingElse) {
  EXPECT_EQ(post("/api/v1/sources/mappings/try", R"({"mapping":"source: a\ntitle: b"})").status, 422);
  EXPECT_EQ(post("/api/v1/sources/mappings/try", R"({"payload":"{}"})").status, 422);
  const auto more = post("/api/v1/sources/mappings/try", R"({"mapping":"a","payload":"{}","store":true})");
  EXPECT_EQ(more.status, 422);
  EXPECT_EQ(more.text_at("/errors/0/pointer"), "/store");
}

TEST_F(MappingTest, LargePartsAreRefused) {
  EXPECT_EQ(try_mapping(std::string((256U << 10) + 1, '#'), "{}").status, 422);
  EXPECT_EQ(try_mapping(kMapping, std::string((1U << 20) + 1, ' ')).status, 422);
}

TEST_F(MappingTest, HundredsOfRecordsAreCountedAndTheFirstShown) {
  std::string payload = "{\"items\":[";
  for (int i = 0; i < 250; ++i) payload += std::string(i == 0 ? "" : ",") + "{\"name\":\"n\"}";
  const auto reply = try_mapping(kMapping, payload + "]}");
  EXPECT_EQ(reply.at("/total"), 250);
  EXPECT_EQ(reply.size_at("/records"), 100U);
}

}  // namespace
}  // namespace tocsin::api::test
