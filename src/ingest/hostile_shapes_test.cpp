// Deliveries that nobody sends by accident: what they cost, and what becomes of the good parts beside them.

#include <string>

#include "ingest/shapes_support.h"

namespace tocsin::ingest {
namespace {

using namespace shapes;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const auto part : parts) all += part;
  return all;
}

// Each "=" once took a frame of the stack.
TEST(HostileShapes, AHashMadeOfEqualsSignsIsNoList) {
  const auto digest = std::string(64, 'a');
  const auto alert = read("ocsf", R"({"class_uid":2004,"category_uid":2,"time":1700000000000,"metadata":{},
    "finding_info":{"uid":"1","title":"t"},"evidences":[{"file":{"name":"x","hashes":[
    {"value":")" + repeated("a=", 500'000) +
                                      R"("},{"value":"SHA256=)" + digest + R"("}]}}]})");
  EXPECT_EQ(alert.iocs.size(), 1U);
  EXPECT_TRUE(has_ioc(alert, digest));
}

Normalised normalised(std::string_view source, std::string_view body, const Options& options = {}) {
  auto result = normalise(source, body, options);
  EXPECT_TRUE(result) << source;
  return result ? *std::move(result) : Normalised{};
}

constexpr std::string_view kTrail =
    R"({"eventVersion":"1.08","eventName":"StopLogging","eventSource":"cloudtrail.amazonaws.com",)"
    R"("eventTime":"2026-01-01T00:00:00Z","userIdentity":{"type":"Root"},"eventID":"1"})";

// The parser reads escapes in names, so what finds the parts' bytes has to.
TEST(HostileShapes, PartsKeepTheirOwnBytesWhereTheListsNameIsEscaped) {
  for (const auto* name : {"Records", "R\\u0065cords", "\\u0052ecord\\u0073"}) {
    const auto body = joined({"{\"", name, "\":[", kTrail, ",", kTrail, "]}"});
    const auto found = normalised("aws-cloudtrail", body);
    ASSERT_EQ(found.records.size(), 2U) << name;
    for (const auto& record : found.records) EXPECT_EQ(record.alert.raw, kTrail) << name;
  }
}

TEST(HostileShapes, ABadPartIsRefusedAloneAndWithItsOwnBytes) {
  struct Envelope {
    const char* source;
    const char* before;
    std::string_view good;
    const char* after;
  };
  const Envelope envelopes[] = {
      {"aws-cloudtrail", R"({"Records":[)", kTrail, "]}"},
      {"okta", R"({"eventType":"com.okta.event_hook","data":{"events":[)",
       R"({"eventType":"user.session.start","published":"2026-01-01T00:00:00Z","actor":{},"client":{}})",
       "]}}"},
      {"crowdstrike", R"({"resources":[)", R"({"composite_id":"c:1","cid":"2","name":"x"})", "]}"},
      {"proofpoint-tap", R"({"messagesDelivered":[)", R"({"GUID":"g","threatsInfoMap":[]})", "]}"},
      {"elastic", R"({"hits":{"hits":[)",
       R"({"_index":"i","_id":"1","_source":{"@timestamp":"2026-01-01T00:00:00Z"}})", "]}}"},
      {"abuseipdb", R"({"data":[)", R"({"ipAddress":"203.0.113.9","abuseConfidenceScore":90})", "]}"},
      {"sentinelone", R"({"data":[)", R"({"threatInfo":{"threatName":"x"},"id":"1"})", "]}"},
      {"azure-activity", R"({"records":[)", R"({"operationName":"a/b/c","caller":"ann"})", "]}"},
      {"wiz", R"({"data":{"issues":{"nodes":[)", R"({"tdrSource":"x","severity":"HIGH","id":"1"})", "]}}}"},
      {"microsoft-defender", R"({"incidentName":"i","incidentId":1,"alerts":[)",
       R"({"alertId":"a","title":"t"})", "]}"},
      {"misp", R"({"response":[)", R"({"Event":{"info":"x","threat_level_id":"1","uuid":"u"}})", "]}"},
  };
  for (const auto& [source, before, good, after] : envelopes) {
    const auto found = normalised(source, joined({before, good, ",null,", good, after}));
    EXPECT_EQ(found.records.size(), 2U) << source;
    ASSERT_EQ(found.rejections.size(), 1U) << source;
    EXPECT_EQ(found.rejections[0].fragment, "null") << source;
  }
}

TEST(HostileShapes, AnEnvelopeOfTooManyPartsIsRefusedAsAWhole) {
  Options options;
  options.max_records = 100;
  const auto body = joined({"{\"Records\":[", kTrail, repeated(",{}", 100), "]}"});
  const auto refused = normalise("aws-cloudtrail", body, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kTooLarge);
  options.max_records = 101;
  EXPECT_EQ(normalised("aws-cloudtrail", body, options).rejections.size(), 100U);
}

TEST(HostileShapes, AnEnvelopeAroundBrokenTextIsRefusedNotPassedOver) {
  constexpr std::string_view kBroken = R"({"body":"{\"eventName\": broken"})";
  const auto found = normalised("aws-cloudtrail",
                                "{\"Records\":[" + std::string(kBroken) + "," + std::string(kTrail) + "]}");
  EXPECT_EQ(found.records.size(), 1U);
  ASSERT_EQ(found.rejections.size(), 1U);
  EXPECT_EQ(found.rejections[0].fragment, kBroken);
  auto deep = std::string(kTrail);
  for (int i = 0; i < 10; ++i) deep = joined({R"({"detail-type":"x","detail":)", deep, "}"});
  EXPECT_EQ(normalised("aws-cloudtrail", deep).rejections.size(), 1U);
}

// Every attribute, in as many records as that takes, whatever the bound on items.
TEST(HostileShapes, AMispEventLosesNoAttribute) {
  std::string attributes;
  for (int i = 0; i < 1000; ++i) {
    attributes += (i == 0 ? "" : ",") + std::string(R"({"type":"domain","to_ids":true,"value":"h)") +
                  std::to_string(i) + R"(.example.net","Tag":[{"name":"t)" + std::to_string(i) + R"("}]})";
  }
  Options options;
  options.max_items = 2;
  const auto body = R"({"Event":{"info":"campaign","threat_level_id":"1","uuid":"u","date":"2026-01-02",
    "Tag":[{"name":"tlp:green"},{"name":"misp-galaxy:mitre-attack-pattern=\"T1059\""}],"Attribute":[)" +
                    attributes + "]}}";
  const auto found = normalised("misp", body, options);
  ASSERT_EQ(found.records.size(), 32U);  // 1000 / 32, rounded up
  std::size_t iocs = 0;
  for (const auto& record : found.records) {
    iocs += record.alert.iocs.size();
    EXPECT_EQ(record.alert.title, "campaign");
    EXPECT_EQ(record.alert.severity, Severity::kHigh);
    EXPECT_EQ(record.alert.occurred_at, found.records[0].alert.occurred_at);
    EXPECT_TRUE(has_technique(record.alert, "T1059"));
    EXPECT_EQ(record.alert.tags.at(0), "tlp:green");
  }
  EXPECT_EQ(iocs, 1000U);
}

TEST(HostileShapes, AnActionsAlertsDoNotEachCarryTheWholeAction) {
  constexpr std::string_view kOne = R"({"@timestamp":"2026-01-01T00:00:00Z","kibana.alert.rule.name":"r"})";
  const auto body = joined(
      {R"({"rule":{"name":"r"},"context":{"alerts":[)", kOne, repeated(joined({",", kOne}), 999), "]}}"});
  const auto found = normalised("elastic", body);
  ASSERT_EQ(found.records.size(), 1000U);
  for (const auto& record : found.records) EXPECT_EQ(record.alert.raw, kOne);
}

TEST(HostileShapes, RowsOfASearchKeepTheirOwnBytesAndOneIdIsNotForAll) {
  constexpr std::string_view kRow =
      R"({"_raw":"{\"event_type\":\"alert\",\"timestamp\":\"2026-01-01T00:00:00Z\",)"
      R"(\"alert\":{\"signature\":\"x\",\"signature_id\":1}}"})";
  const auto body = joined({R"({"sid":"s_at_1","results":[)", kRow, repeated(joined({",", kRow}), 99), "]}"});
  const auto found = normalised("splunk", body);
  ASSERT_EQ(found.records.size(), 100U);
  for (const auto& record : found.records) {
    EXPECT_EQ(record.alert.raw, kRow);
    EXPECT_EQ(record.alert.title, "x");
    EXPECT_FALSE(record.alert.source_id);
  }
  EXPECT_EQ(read("splunk", R"({"sid":"s_at_1","result":{"_raw":"a","_cd":"12:34"}})").source_id,
            "s_at_1:12:34");
  EXPECT_EQ(read("splunk", R"({"sid":"s_at_1","result":{"_raw":"a"}})").source_id, "s_at_1");
}

// An id that stays while what happened is new would make the new alert a repeat of the old one.
TEST(HostileShapes, IdsOfUsersProcessesAndDetectionsAreNotThoseOfAlerts) {
  const auto risky = [](const char* since) {
    return read("entra-signin", R"({"id":"u1","userPrincipalName":"ann@corp.example","riskLevel":"high",
      "riskState":"atRisk","riskLastUpdatedDateTime":")" +
                                    std::string(since) + "\"}");
  };
  EXPECT_NE(risky("2026-01-01T00:00:00Z").source_id, risky("2026-03-01T00:00:00Z").source_id);
  EXPECT_EQ(risky("2026-01-01T00:00:00Z").source_id, risky("2026-01-01T00:00:00Z").source_id);

  const auto defender = [](const char* id) {
    return read("windows-eventlog", R"({"EventID":)" + std::string(id) + R"(,"Channel":
      "Microsoft-Windows-Windows Defender/Operational","Computer":"ws1","Detection ID":"{D}","Threat Name":"T"})");
  };
  EXPECT_EQ(defender("1116").source_id, "{D}");
  const auto failed = defender("1119");
  EXPECT_FALSE(failed.source_id);
  EXPECT_NE(std::find(failed.tags.begin(), failed.tags.end(), "detection:{D}"), failed.tags.end());

  EXPECT_FALSE(read("carbonblack", R"({"type":"watchlist.hit.process","cb_server":"s","process_guid":"g",
    "md5":"d41d8cd98f00b204e9800998ecf8427e","watchlist_name":"w"})")
                   .source_id);
}

TEST(HostileShapes, ANumberOfEnginesBeyondAnyIsBounded) {
  const auto alert = read("virustotal", R"({"response_code":1,"scan_id":"1","positives":1e300,"total":-1e300,
    "url":"http://evil.example.net/"})");
  EXPECT_EQ(alert.vendor_status, "1000000/0");
}

}  // namespace
}  // namespace tocsin::ingest
