// Endpoint and XDR vendors' documented shapes that no example file has.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

TEST(SentinelOneShapes, AUnifiedAlertNamesAssetAttackerAndVictim) {
  const auto alert =
      read("auto", R"({"id":"01911119-abcd","analystVerdict":"TRUE_POSITIVE","analytics":{"name":
      "Agent Policy","uid":"analytic-1"},"assets":[{"name":"lin-srv-3","lastLoggedInUser":"bob"}],"assignee":
      {"email":"jane@corp.example"},"classification":"MALWARE","confidenceLevel":"MALICIOUS","createdAt":
      "2025-02-04T15:54:59.485Z","description":"A malicious file","detectedAt":"2025-02-04T15:54:59.485Z",
      "detectionSource":{"product":"CWS","vendor":"SentinelOne"},"detectionTime":{"assets":[{"asset":{"ipV4":
      "198.51.100.3"},"cloud":{"instanceId":"i-0abc"}}],"attacker":{"host":null,"ip":"203.0.113.60"},"targetUser":
      {"emailAddress":"john@corp.example"}},"firstSeenAt":"2025-02-04T15:54:58.485Z","name":
      "dropper.sh detected as Malware","process":{"cmdLine":"/tmp/dropper.sh -x","file":{"name":"dropper.sh",
      "path":"/tmp/dropper.sh","sha1":"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"},"parentName":"curl"},
      "severity":"HIGH","status":"NEW"})");
  EXPECT_EQ(alert.source, "sentinelone");
  EXPECT_EQ(alert.title, "dropper.sh detected as Malware");
  EXPECT_EQ(alert.type, "malware");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2025-02-04T15:54:58.485Z");
  EXPECT_EQ(alert.source_id, "01911119-abcd");
  EXPECT_EQ(alert.vendor_status, "NEW");
  EXPECT_EQ(alert.vendor_verdict, "TRUE_POSITIVE");
  EXPECT_EQ(alert.process.command_line, "/tmp/dropper.sh -x");
  EXPECT_EQ(alert.process.parent, "curl");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "lin-srv-3", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "john@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.60", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "i-0abc", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"));
  EXPECT_TRUE(has_ioc(alert, "203.0.113.60"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.3"));       // the asset's own
  EXPECT_FALSE(has_ioc(alert, "jane@corp.example"));  // works on it
}

TEST(SentinelOneShapes, UnifiedAlertsComeInTheEdgesOfAGraphQlAnswer) {
  const auto result = normalise("auto", R"({"data":{"alerts":{"edges":[
      {"node":{"id":"1","name":"A","detectedAt":"2025-01-01T00:00:00Z","detectionSource":{"product":"EDR"}}},
      {"node":{"id":"2","name":"B","detectedAt":"2025-01-01T00:00:00Z","detectionSource":{"product":"EDR"}}}]}}})",
                                {});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->records.size(), 2U);
  EXPECT_EQ(result->records[1].alert.source_id, "2");
}

TEST(SentinelOneShapes, AnActivityOfTheConsoleNeedsNoSite) {
  const auto record = read_record("auto", R"({"activityType":27,"agentId":null,"createdAt":
      "2024-04-18T05:14:09.240427Z","data":{"ipAddress":"203.0.113.144","username":"soc-admin"},"id":"123",
      "primaryDescription":"The management user soc-admin logged in to the management console","siteId":null})");
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  EXPECT_EQ(record.alert.type, "activity_27");
  EXPECT_TRUE(has(record.alert, EntityKind::kUser, "soc-admin", EntityRole::kTarget));
  EXPECT_TRUE(has(record.alert, EntityKind::kIp, "203.0.113.144", EntityRole::kSource));
}

TEST(SentinelOneShapes, AStarAlertHasItsRuleItsProcessAndItsHost) {
  const auto alert = read("auto", R"({"agentDetectionInfo":{"name":"srv-win1","version":"23.4"},
      "agentRealtimeInfo":{"name":"srv-win1"},"alertInfo":{"alertId":"198","analystVerdict":"Undefined","createdAt":
      "2024-07-03T03:44:03.003000Z","dstIp":"203.0.113.20","incidentStatus":"Unresolved","reportedAt":
      "2024-07-03T03:44:03.128163Z","srcIp":"10.0.0.7"},"ruleInfo":{"description":"T1059.001: encoded command",
      "id":"14","name":"PowerShell beacon","severity":"Critical"},"sourceParentProcessInfo":{"filePath":"C:\\p.exe"},
      "sourceProcessInfo":{"commandline":"powershell.exe -enc AAA","name":"powershell.exe","user":"CORP\\ann"},
      "targetProcessInfo":{}})");
  EXPECT_EQ(alert.title, "PowerShell beacon");
  EXPECT_EQ(alert.severity, Severity::kCritical);
  EXPECT_EQ(alert.process.parent, "C:\\p.exe");
  EXPECT_FALSE(alert.vendor_verdict);
  EXPECT_TRUE(has_technique(alert, "T1059.001"));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "srv-win1", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "CORP\\ann", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.20", EntityRole::kDestination));
}

TEST(SentinelOneShapes, ItsSyslogKeepsItsName) {
  const auto alert =
      read("sentinelone",
           "<14>CEF:0|SentinelOne|Mgmt|Windows 10|19|New active threat|1|rt=#arcsightDate(Jun 06 2024 "
           "09:29:17) fileHash=4b9c5fe8ead300a0be2dbdbcdbd193591451c8b4 filePath=C:\\\\t\\\\a.exe "
           "sourceHostName=WIN-9 sourceIpAddress=10.0.0.9 cat=SystemEvent");
  EXPECT_EQ(alert.source, "sentinelone");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-06T09:29:17.000Z");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "WIN-9", EntityRole::kSource));
  EXPECT_TRUE(has_ioc(alert, "4b9c5fe8ead300a0be2dbdbcdbd193591451c8b4"));
}

TEST(CortexXdrShapes, ItsSyslogInflatesSeveritiesAndLinksToTheAlert) {
  const auto line = [](std::string_view severity) {
    return "<177>1 2024-10-04T10:06:55.192641Z cortexxdr - - - - CEF:0|Palo Alto Networks|Cortex XDR|Cortex "
           "XDR "
           "2.5|XDR Analytics BIOC|Uncommon remote task|" +
           std::string(severity) +
           "|end=1728036415000 shost=WIN-DC1 suser=['corp\\\\eve'] cat=Lateral Movement externalId=11148 "
           "request=https://corp.xdr.example.com/alerts/11148 cs2=svchost.exe -k netsvcs cs2Label=Initiator "
           "CMD "
           "dst=203.0.113.8 src=10.0.0.5";
  };
  const auto alert = read("cortex", line("8"));
  EXPECT_EQ(alert.source, "paloalto-cortex-xdr");
  EXPECT_EQ(alert.severity, Severity::kMedium);
  EXPECT_EQ(read("cortex", line("9")).severity, Severity::kHigh);
  EXPECT_EQ(alert.source_url, "https://corp.xdr.example.com/alerts/11148");
  EXPECT_EQ(alert.process.command_line, "svchost.exe -k netsvcs");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "corp\\eve", EntityRole::kTarget));
  ASSERT_EQ(alert.iocs.size(), 1U);
  EXPECT_EQ(alert.iocs[0].value, "203.0.113.8");
}

TEST(VisionOneShapes, ADetectionTellsTheEndpointFromTheStranger) {
  const auto alert =
      read("auto", R"x({"act":"Clean","deviceDirection":"inbound","dhost":"pc-3","dst":["10.0.0.3"],
      "endpointHostName":"pc-3","endpointIp":["10.0.0.3"],"eventId":"100117","eventName":"MALWARE_DETECTION",
      "eventTime":1702724592000,"fileHash":"3395856ce81f2b7382dee72602f798b642f14140","fullPath":"C:\\u\\inv.exe",
      "malName":"Trojan.Win32.X","mDevice":["198.51.100.200"],"mitreMapping":["T1204 (TA0002)"],"pname":"Apex One",
      "productCode":"sao","severity":8,"src":["203.0.113.5"],"uuid":"u-2","objectCmd":["cmd.exe /c x"],
      "processFilePath":"C:\\x\\edge.exe"})x");
  EXPECT_EQ(alert.title, "Trojan.Win32.X");
  EXPECT_EQ(alert.type, "malware_detection");
  EXPECT_EQ(alert.severity, Severity::kCritical);
  EXPECT_EQ(alert.source_id, "u-2");
  EXPECT_EQ(alert.process.command_line, "cmd.exe /c x");
  EXPECT_EQ(alert.process.parent, "C:\\x\\edge.exe");
  EXPECT_TRUE(has_technique(alert, "T1204"));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "pc-3", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "203.0.113.5"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.200"));  // the sensor
}

TEST(VisionOneShapes, APageThatWasBlockedIsTheIndicatorAndTheClientIsNot) {
  const auto alert = read("auto", R"({"act":["Block"],"deviceDirection":"outbound","dst":["203.0.113.142"],
      "endpointHostName":"ABC01","eventName":"WEB_POLICY_VIOLATION","eventTimeDT":"2024-07-11T13:35:34+00:00",
      "pname":"Secure Web Gateway","productCode":"sig","request":"http://bad.example.net/","src":["198.51.100.142"],
      "principalName":"jo@corp.example","uuid":"1234abcd"})");
  EXPECT_EQ(alert.vendor_status, "Block");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "jo@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "http://bad.example.net/"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.142"));
}

TEST(VisionOneShapes, AnObservedTechniqueHasTheCommandInItsDetail) {
  const auto record =
      read_record("auto", R"({"source":"endpointActivityData","uuid":"oat-1","filters":[{"id":"F4231",
      "name":"Log File Deletion","mitreTacticIds":["TA0005"],"mitreTechniqueIds":["T1070.004"],"riskLevel":"medium"}],
      "detectedDateTime":"2024-04-06T08:22:55Z","endpoint":{"endpointName":"lin1","ips":["10.0.0.5"]},"detail":
      {"processCmd":"rm -rf /var/log/auth.log","processFilePath":"/bin/rm","processUser":"root","parentFilePath":
      "/bin/bash"}})");
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  EXPECT_EQ(record.alert.title, "Log File Deletion");
  EXPECT_EQ(record.alert.severity, Severity::kMedium);
  EXPECT_EQ(record.alert.process.command_line, "rm -rf /var/log/auth.log");
  EXPECT_EQ(record.alert.process.parent, "/bin/bash");
  EXPECT_TRUE(has_technique(record.alert, "T1070.004"));
  EXPECT_TRUE(has(record.alert, EntityKind::kUser, "root", EntityRole::kTarget));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
