// Schemas, feeds and forwarding formats: OCSF's classes, MISP's answers, VirusTotal's scans, LEEF of many
// makers.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

Record ocsf(std::string_view members) {
  return read_record(
      "auto", R"({"time":1717236000123,"metadata":{"version":"1.1.0","uid":"m-1","product":{"name":"P"}},)" +
                  std::string(members) + '}');
}

TEST(OcsfShapes, ADetectionFindingHasItsEvidence) {
  const auto record =
      ocsf(R"("class_uid":2004,"category_uid":2,"severity_id":4,"status":"New","verdict":"True Positive",
      "finding_info":{"uid":"f-1","title":"Encoded PowerShell","first_seen_time":1717235990000,"src_url":
      "https://console.acme.example/f-1","analytic":{"uid":"rule-9"},"attacks":[{"tactic":{"uid":"TA0002"},
      "sub_technique":{"uid":"T1059.001"}}]},"device":{"hostname":"WS-4","ip":"198.51.100.44"},"evidences":[{"process":
      {"cmd_line":"powershell -enc AAA","name":"powershell.exe"},"dst_endpoint":{"ip":"203.0.113.70"},
      "connection_info":{"direction_id":2}}],"actor":{"user":{"name":"CORP\\ann"}})");
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  const auto& alert = record.alert;
  EXPECT_EQ(alert.title, "Encoded PowerShell");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.source_id, "f-1");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-01T09:59:50.000Z");
  EXPECT_EQ(alert.process.command_line, "powershell -enc AAA");
  EXPECT_TRUE(has_technique(alert, "T1059.001"));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "WS-4", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "CORP\\ann", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "203.0.113.70"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.44"));
}

TEST(OcsfShapes, AnIncidentFindingSpeaksForItself) {
  const auto alert =
      ocsf(R"("class_uid":2005,"category_uid":2,"severity_id":5,"desc":"Beacon and dump","src_url":
      "https://x.example/i/1","finding_info_list":[{"uid":"a","title":"Beacon"},{"uid":"b","title":"Dump"}])")
          .alert;
  EXPECT_EQ(alert.title, "Beacon and dump");
  EXPECT_EQ(alert.source_id, "m-1");
  EXPECT_EQ(alert.source_url, "https://x.example/i/1");
  EXPECT_EQ(alert.severity, Severity::kCritical);
}

TEST(OcsfShapes, ALogonIsAnEventWithItsOutcome) {
  const auto record =
      ocsf(R"("class_uid":3002,"category_uid":3,"class_name":"Authentication","activity_name":"Logon",
      "severity_id":1,"status":"Failure","status_detail":"BAD_PASSWORD","user":{"name":"ann"},"src_endpoint":
      {"ip":"203.0.113.9"},"dst_endpoint":{"hostname":"sso.corp.example"})");
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  EXPECT_EQ(record.alert.title, "Authentication: Logon");
  EXPECT_EQ(record.alert.message, "BAD_PASSWORD");
  EXPECT_EQ(record.alert.vendor_status, "Failure");
  EXPECT_TRUE(has(record.alert, EntityKind::kUser, "ann", EntityRole::kTarget));
  EXPECT_TRUE(has(record.alert, EntityKind::kIp, "203.0.113.9", EntityRole::kSource));
}

TEST(OcsfShapes, AResolverIsNoIndicatorAndAProxyNamesItsClient) {
  const auto dns =
      ocsf(R"("class_uid":4003,"category_uid":4,"severity_id":1,"query":{"hostname":"c2.bad.example.net."},
      "src_endpoint":{"ip":"10.0.0.5"},"dst_endpoint":{"ip":"198.51.100.53"})")
          .alert;
  EXPECT_TRUE(has_ioc(dns, "c2.bad.example.net"));
  EXPECT_FALSE(has_ioc(dns, "198.51.100.53"));
  const auto web =
      ocsf(R"("class_uid":4002,"category_uid":4,"severity_id":1,"http_request":{"x_forwarded_for":
      ["203.0.113.9"],"url":{"hostname":"shop.corp.example"}},"dst_endpoint":{"ip":"10.0.0.8"})")
          .alert;
  EXPECT_TRUE(has(web, EntityKind::kIp, "203.0.113.9", EntityRole::kSource));
}

TEST(MispShapes, AttributesOfASearchAreRecordsOfTheirOwn) {
  const auto result =
      normalise("auto", R"({"response":{"Attribute":[{"id":"1","category":"Network activity","type":
      "domain","to_ids":true,"uuid":"u1","timestamp":"1717236000","value":"feed.bad.example.net","comment":"c2","Event":
      {"info":"Feed","threat_level_id":"1"},"Tag":[{"name":"tlp:amber"}]},{"id":"2","category":"Network activity",
      "type":"ip-dst","to_ids":false,"uuid":"u2","timestamp":"1717236001","value":"203.0.113.60"}]}})",
                {});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->records.size(), 2U);
  const auto& alert = result->records[0].alert;
  EXPECT_EQ(result->records[0].kind, RecordKind::kIntel);
  EXPECT_EQ(alert.title, "Feed");
  EXPECT_EQ(alert.source_id, "u1");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-01T10:00:00.000Z");
  EXPECT_TRUE(has_ioc(alert, "feed.bad.example.net"));
  EXPECT_TRUE(result->records[1].alert.iocs.empty());  // not for detection
}

TEST(MispShapes, GalaxiesOfAttackNameTechniquesInTheirMeta) {
  const auto alert =
      read("misp", R"({"Event":{"uuid":"5f1a","info":"Agent Tesla","date":"2024-05-30","threat_level_id":
      "2","Orgc":{"name":"CERT"},"Galaxy":[{"type":"mitre-attack-pattern","GalaxyCluster":[{"value":"PowerShell",
      "meta":{"external_id":["T1059.001"]}}]}],"Attribute":[{"type":"uri","category":"x","to_ids":true,"value":"/gate.php"},
      {"type":"target-user","category":"x","to_ids":false,"value":"ann"}]}})");
  EXPECT_TRUE(has_technique(alert, "T1059.001"));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "ann", EntityRole::kTarget));
  EXPECT_TRUE(alert.iocs.empty());
}

TEST(VirusTotalShapes, AScanNamesInItsMetaWhatWasScanned) {
  const auto record =
      read_record("auto", R"({"data":{"type":"analysis","id":"u-abc","attributes":{"status":"completed",
      "date":1717236000,"stats":{"malicious":3,"harmless":60,"suspicious":0,"undetected":5}}},"meta":{"url_info":
      {"url":"http://bad.example.net/x"}}})");
  EXPECT_EQ(record.kind, RecordKind::kIntel);
  EXPECT_EQ(record.alert.title, "http://bad.example.net/x");
  EXPECT_EQ(record.alert.severity, Severity::kMedium);
  EXPECT_EQ(record.alert.vendor_status, "3/68");
  EXPECT_TRUE(has_ioc(record.alert, "http://bad.example.net/x"));
}

TEST(StixShapes, APatternOfAFamilyOfValuesNamesNoneOfThem) {
  const auto alert = read("auto", R"({"type":"indicator","spec_version":"2.1","id":"indicator--3","created":
      "2024-06-01T10:00:00.000Z","pattern":"[email-message:from_ref.value = 'a@bad.example.net' AND url:value LIKE 'http://bad.example.net/%']",
      "pattern_type":"stix","valid_from":"2024-06-01T00:00:00Z"})");
  ASSERT_EQ(alert.iocs.size(), 1U);
  EXPECT_EQ(alert.iocs[0].value, "a@bad.example.net");
}

TEST(LeefShapes, AnAgentNamesItsHostAsTheDeviceAndHashesUnderKeysOfItsOwn) {
  const auto alert =
      read("leef",
           "LEEF:1.0|Trend Micro|Deep Security Agent|20.0|4000030|cat=Anti-Malware\tname=HEU_CRYPT\tsev=6\t"
           "dvchost=srv9\tact=Quarantine\tTrendMicroDsFileSHA1=aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\t"
           "devTime=Jun 01 2024 10:00:00.000");
  EXPECT_EQ(alert.title, "HEU_CRYPT");
  EXPECT_EQ(alert.severity, Severity::kMedium);
  EXPECT_EQ(alert.vendor_status, "Quarantine");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-01T10:00:00.000Z");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "srv9", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"));
}

TEST(LeefShapes, ANumberIsNoTitleWithoutItsProduct) {
  const auto alert =
      read("leef", "LEEF:1.0|Microsoft|MSExchange|2016|15345|src=10.50.1.1\tdst=203.0.113.20\tsev=5");
  EXPECT_EQ(alert.title, "MSExchange 15345");
}

TEST(LeefShapes, PanosLinesAreReadAsPanosWhenNamedSo) {
  const auto alert =
      read("paloalto-ngfw",
           "<13>Jun  1 10:00:00 fw1 LEEF:2.0|Palo Alto Networks|PAN-OS Syslog Integration|10.1|"
           "trojan/PDF.gen(268198686)|x7C|cat=THREAT|Subtype=virus|devTime=Jun 01 2024 10:00:00 GMT|"
           "src=10.0.0.44|dst=203.0.113.72|usrName=corp\\ann|Application=web-browsing|SourceZone=trust|"
           "DestinationZone=untrust|action=reset-both|Miscellaneous=\"inv.pdf\"|"
           "ThreatID=trojan/PDF.gen(268198686)|Severity=medium");
  EXPECT_EQ(alert.type, "malware_detected");
  EXPECT_EQ(alert.title, "trojan/PDF.gen");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "inv.pdf", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "corp\\ann", EntityRole::kTarget));
  const auto cef =
      read("paloalto-ngfw",
           "CEF:0|Palo Alto Networks|LF|2.0|THREAT|spyware|4|rt=Mar 01 2024 20:48:21 src=10.1.1.4 "
           "dst=203.0.113.8 suser=corp\\\\eve PanOSFromZone=trust PanOSToZone=untrust act=alert "
           "cat=CobaltStrike Beacon(86000)");
  EXPECT_EQ(cef.type, "malware_traffic");
  EXPECT_EQ(cef.title, "CobaltStrike Beacon");
  EXPECT_EQ(cef.severity, Severity::kHigh);
  EXPECT_TRUE(has_ioc(cef, "203.0.113.8"));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
