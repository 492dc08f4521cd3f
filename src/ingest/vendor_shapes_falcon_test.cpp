// CrowdStrike Falcon's documented events and answers of its APIs that no example file has.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

std::string streamed(std::string_view type, std::string_view event) {
  return R"({"metadata":{"customerIDString":"c","offset":1,"eventType":")" + std::string(type) +
         R"(","eventCreationTime":1686848064000,"version":"1.0"},"event":)" + std::string(event) + "}";
}

constexpr std::string_view kSha256 = "29aa689f38158d2e8941fa54e436f0260890af31cecad1e8799e5c2df7bc1ecc";

TEST(FalconShapes, IdentityDetectionsCountTimeAsWindowsDoes) {
  const auto alert = read("auto", streamed("IdpDetectionSummaryEvent", R"({"DetectId":"c:ind:1",
      "DetectName":"Unusual login to an endpoint","StartTime":133313215755670000,"SeverityName":"Low","Severity":30,
      "Tactic":"Initial Access","Technique":"Valid Accounts","SourceAccountDomain":"CORP","SourceAccountName":"jdoe",
      "SourceEndpointHostName":"pc07.corp.example","SourceEndpointIpAddress":"198.51.100.77","FalconHostLink":
      "https://falcon.crowdstrike.com/identity-protection/detections/1"})"));
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2023-06-15T16:52:55.567Z");
  EXPECT_EQ(alert.severity, Severity::kLow);
  EXPECT_TRUE(has(alert, EntityKind::kUser, "jdoe", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "pc07.corp.example", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.77", EntityRole::kSource));
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1078"});
  EXPECT_FALSE(has_ioc(alert, "falcon.crowdstrike.com"));
}

TEST(FalconShapes, MobileDetectionsCountSeverityToAHundred) {
  const auto alert = read("crowdstrike", streamed("MobileDetectionSummaryEvent", R"({"ComputerName":"PHONE-3",
      "UserName":"mia","ContextTimeStamp":1649061056,"DetectId":"c:ind:13","DetectName":"AppSideloadDetected",
      "Severity":50,"MobileAppsDetails":[{"ImageFileName":"/data/app/com.game/base.apk"}]})"));
  EXPECT_EQ(alert.severity, Severity::kMedium);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2022-04-04T08:30:56.000Z");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "/data/app/com.game/base.apk", EntityRole::kRelated));
}

TEST(FalconShapes, DetectionsOverSeveralDomainsWriteListsWithCommas) {
  const auto alert = read("crowdstrike", streamed("XdrDetectionSummaryEvent", R"({"DetectId":"c:ind:xdr",
      "Name":"Metasploit and brute force","Description":"Seen from a common address.","Severity":90,
      "StartTimeEpoch":1643317697728000000,"HostNames":"WIN10,WIN11","IPv4Addresses":"192.168.0.21,198.51.100.5",
      "TacticIds":"TA0001,TA0002","TechniqueIds":"T1566.001,T1203"})"));
  EXPECT_EQ(alert.severity, Severity::kCritical);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2022-01-27T21:08:17.728Z");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "WIN11", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.5"));
  EXPECT_FALSE(has_ioc(alert, "192.168.0.21"));
  EXPECT_TRUE(has_technique(alert, "T1566.001"));
  EXPECT_TRUE(has_technique(alert, "T1203"));
}

TEST(FalconShapes, CloudBehaviourIsAnAlertAboutAnAccount) {
  const auto record =
      read_record("crowdstrike", streamed("CSPMIOAStreamingEvent", R"({"AccountId":"111122223333",
      "PolicyStatement":"EC2 instance manually deleted by IAM user","Severity":1,"SeverityName":"High",
      "EventAction":"TerminateInstances","UserId":"AIDA","UserName":"svc","UserSourceIp":"198.51.100.5",
      "Tactic":"Impact","Technique":"Data Destruction"})"));
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  EXPECT_EQ(record.alert.title, "EC2 instance manually deleted by IAM user");
  EXPECT_EQ(record.alert.severity, Severity::kHigh);
  EXPECT_TRUE(has(record.alert, EntityKind::kIp, "198.51.100.5", EntityRole::kSource));
  EXPECT_TRUE(has(record.alert, EntityKind::kAccount, "111122223333", EntityRole::kTarget));
  EXPECT_EQ(record.alert.attack.techniques, std::vector<std::string>{"T1485"});
}

TEST(FalconShapes, ACustomersOwnIndicatorIsAnAlertAndAnIndicator) {
  const auto record = read_record("crowdstrike", streamed("CustomerIOCEvent", R"({"ComputerName":"WS-1",
      "DomainName":"c2.evil-sink.net","IPv4":"203.0.113.5","FileName":"","CommandLine":""})"));
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  EXPECT_EQ(record.alert.type, "customer_ioc_event");
  EXPECT_TRUE(has_ioc(record.alert, "203.0.113.5"));
  EXPECT_TRUE(has_ioc(record.alert, "c2.evil-sink.net"));
}

TEST(FalconShapes, WhatLeavesIsTheCustomersOwnFile) {
  const auto alert =
      read("crowdstrike", streamed("DataProtectionDetectionSummaryEvent", R"({"CompositeId":"c:dp:1",
      "Name":"Upload to a mail service","SeverityName":"Critical","Severity":90,"UserName":"bob","Hostname":"WS-2",
      "ResponseAction":"blocked","Filename":"plan.txt","ContentSha":
      "29aa689f38158d2e8941fa54e436f0260890af31cecad1e8799e5c2df7bc1ecc","MitreAttack":[{"TacticID":"TA0010",
      "TechniqueID":"T1567"}]})"));
  EXPECT_EQ(alert.vendor_status, "blocked");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "plan.txt", EntityRole::kRelated));
  EXPECT_FALSE(has_ioc(alert, kSha256));
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1567"});
}

TEST(FalconShapes, AnIncidentWithoutAnIdHasItInItsLink) {
  const auto alert = read("crowdstrike", streamed("IncidentSummaryEvent", R"({"IncidentStartTime":1595005316,
      "FalconHostLink":"https://falcon.crowdstrike.com/crowdscore/incidents/details/inc:1a:2b?_cid=3","State":"open",
      "FineScore":6.1})"));
  EXPECT_EQ(alert.source_id, "inc:1a:2b");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.vendor_status, "open");
}

TEST(FalconShapes, AuditsAndFirewallsAreEventsWithBothEnds) {
  const auto audit =
      read_record("crowdstrike", streamed("AuthActivityAuditEvent", R"({"UserId":"ann@corp.example",
      "UserIp":"203.0.113.15","OperationName":"saml2Assert","Success":true,"UTCTimestamp":1595247970})"));
  EXPECT_EQ(audit.kind, RecordKind::kEvent);
  EXPECT_EQ(audit.alert.severity, Severity::kInfo);
  EXPECT_TRUE(has(audit.alert, EntityKind::kUser, "ann@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has(audit.alert, EntityKind::kIp, "203.0.113.15", EntityRole::kSource));
  const auto match = read("crowdstrike", streamed("FirewallMatchEvent", R"({"ConnectionDirection":"1",
      "HostName":"WS-3","LocalAddress":"10.37.60.194","RemoteAddress":"203.0.113.21","RuleName":"Inbound SMB",
      "Timestamp":"2020-07-20T12:41:44Z"})"));
  EXPECT_EQ(to_rfc3339(match.occurred_at), "2020-07-20T12:41:44.000Z");
  EXPECT_TRUE(has(match, EntityKind::kIp, "203.0.113.21", EntityRole::kSource));
  EXPECT_TRUE(has(match, EntityKind::kIp, "10.37.60.194", EntityRole::kTarget));
}

TEST(FalconShapes, ADetectionOutOfItsEnvelopeIsStillOne) {
  const auto record = read_record("auto", R"({"CompositeId":"c:ind:2","Hostname":"lin-1","UserName":"az",
      "Name":"Known Malware","SeverityName":"High","FileName":"git","FilePath":"/usr/bin/git",
      "SHA256String":"29aa689f38158d2e8941fa54e436f0260890af31cecad1e8799e5c2df7bc1ecc",
      "SHA1String":"0000000000000000000000000000000000000000","FalconHostLink":"https://falcon.eu-1.crowdstrike.com/d",
      "FilesWritten":[{"FileName":"x.bin","FilePath":"/home/az/"}],"timestamp":"2024-06-25T10:05:30Z"})");
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  EXPECT_TRUE(has(record.alert, EntityKind::kFile, "/usr/bin/git", EntityRole::kRelated));
  EXPECT_TRUE(has(record.alert, EntityKind::kFile, "/home/az/x.bin", EntityRole::kRelated));
  EXPECT_TRUE(has(record.alert, EntityKind::kHash, kSha256, EntityRole::kRelated));
  EXPECT_FALSE(has(record.alert, EntityKind::kHash, std::string(40, '0'), EntityRole::kRelated));
}

TEST(FalconShapes, AlertsOfTheApiNameTrafficByWordsAndNotTheAssignee) {
  const auto alert = read("auto", R"({"resources":[{"cid":"c","composite_id":"c:ind:3","display_name":
      "Vulnerable driver","falcon_host_link":"https://falcon.us-2.crowdstrike.com/activity-v2/detections/3",
      "device":{"hostname":"WS-4","local_ip":"10.1.1.4","external_ip":"203.0.113.2"},"severity":70,
      "network_accesses":[{"connection_direction":"Inbound","remote_address":"198.51.100.9"}],
      "files_written":[{"filename":"a.sys","filepath":"\\Device\\X"}],"status":"closed","tags":["true_positive"],
      "technique_id":"T1068","tactic_id":"TA0004","timestamp":"2023-11-03T18:00:22.328Z","user_name":"kim",
      "assigned_to_uid":"ana@corp.example"}]})");
  EXPECT_EQ(alert.vendor_status, "closed");
  EXPECT_EQ(alert.vendor_verdict, "true_positive");
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.9", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "\\Device\\X\\a.sys", EntityRole::kRelated));
  EXPECT_FALSE(has(alert, EntityKind::kUser, "ana@corp.example", EntityRole::kTarget));
  EXPECT_FALSE(has_ioc(alert, "203.0.113.2"));
}

TEST(FalconShapes, IncidentsOfTheApiListTacticsAndTechniquesByName) {
  const auto alert =
      read("auto", R"({"incident_id":"inc:a:b","hosts":[{"hostname":"SRV-9","local_ip":"10.0.0.9"}],
      "start":"2020-05-17T17:30:38Z","state":"closed","status":20,"name":"Incident on SRV-9","fine_score":62,
      "tactics":["Persistence"],"techniques":["External Remote Services"],"users":["ops"]})");
  EXPECT_EQ(alert.vendor_status, "closed");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1133"});
  EXPECT_TRUE(has(alert, EntityKind::kUser, "ops", EntityRole::kTarget));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
