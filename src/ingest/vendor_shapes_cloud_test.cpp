// Google Cloud's, Okta's, Elastic's and Falco's documented shapes that no example file has.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

TEST(GcpShapes, AGrantNamesWhoGaveAndWhoGot) {
  const auto finding =
      read("auto", R"({"finding":{"name":"organizations/1/sources/2/findings/4","resourceName":
      "//cloudresourcemanager.googleapis.com/projects/45","state":"ACTIVE","category":"Persistence: IAM Anomalous Grant",
      "eventTime":"2023-06-02T05:17:41.936Z","severity":"HIGH","findingClass":"THREAT","externalUri":
      "https://console.cloud.google.com/x","access":{"principalEmail":"admin@corp.example","callerIp":"198.51.100.20"},
      "iamBindings":[{"action":"ADD","role":"roles/owner","member":"user:mallory@evil-mail.net"}],"mitreAttack":
      {"primaryTactic":"PERSISTENCE","primaryTechniques":["ACCOUNT_MANIPULATION"]},"contacts":{"security":{"contacts":
      [{"email":"sec@corp.example"}]}}},"resource":{"type":"google.cloud.resourcemanager.Project","gcpMetadata":
      {"projectDisplayName":"shop"}}})");
  EXPECT_EQ(finding.severity, Severity::kHigh);
  EXPECT_EQ(finding.source_url, "https://console.cloud.google.com/x");
  EXPECT_TRUE(has(finding, EntityKind::kUser, "admin@corp.example", EntityRole::kActor));
  EXPECT_TRUE(has(finding, EntityKind::kUser, "mallory@evil-mail.net", EntityRole::kTarget));
  EXPECT_TRUE(has(finding, EntityKind::kAccount, "shop", EntityRole::kTarget));
  EXPECT_TRUE(has_technique(finding, "T1098"));
  EXPECT_FALSE(has_ioc(finding, "sec@corp.example"));
  const auto audit =
      read("auto", R"({"protoPayload":{"authenticationInfo":{"principalEmail":"eve@corp.example"},
      "requestMetadata":{"callerIp":"198.51.100.40"},"serviceName":"storage.googleapis.com","methodName":
      "storage.setIamPermissions","resourceName":"projects/_/buckets/b1","serviceData":{"policyDelta":{"bindingDeltas":
      [{"action":"ADD","role":"roles/storage.objectViewer","member":"allUsers"}]}}},"insertId":"15","resource":
      {"type":"gcs_bucket","labels":{"project_id":"shop"}},"timestamp":"2019-10-01T00:00:00Z","logName":"l"})");
  EXPECT_TRUE(has(audit, EntityKind::kUser, "eve@corp.example", EntityRole::kTarget));  // everybody is nobody
  EXPECT_NE(std::find(audit.tags.begin(), audit.tags.end(), "allUsers"), audit.tags.end());
}

TEST(GcpShapes, DetectorsWriteIndicatorsIntoTheirOwnProperties) {
  const auto domain =
      read("auto", R"({"finding":{"name":"organizations/1/sources/2/findings/5","resourceName":
      "//compute.googleapis.com/projects/p-7/zones/z/instances/777","category":"Malware: Bad Domain","eventTime":
      "2023-06-02T05:17:41.936Z","severity":"LOW","findingClass":"THREAT","sourceProperties":{"properties":{"domains":
      ["evil.bad-sink.net"],"ips":["198.51.100.30"]},"contextUris":{"virustotalIndicatorQueryUri":[{"url":
      "https://www.virustotal.com/gui/domain/x"}]}}},"resource":{"displayName":"vm-7","type":
      "google.compute.Instance"}})");
  EXPECT_TRUE(has(domain, EntityKind::kHost, "vm-7", EntityRole::kTarget));
  EXPECT_TRUE(has(domain, EntityKind::kAccount, "p-7", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(domain, "evil.bad-sink.net"));
  EXPECT_TRUE(has_ioc(domain, "198.51.100.30"));
  EXPECT_FALSE(has_ioc(domain, "www.virustotal.com"));
  const auto shell =
      read("auto", R"({"findings":{"name":"organizations/1/sources/2/findings/6","resourceName":
      "//container.googleapis.com/projects/p/clusters/c1","category":"Reverse Shell","eventTime":"2023-06-02T05:17:41Z",
      "severity":"CRITICAL","findingClass":"THREAT","sourceProperties":{"Reverse_Shell_Stdin_Redirection_Dst_Ip":
      "198.51.100.31","VM_Instance_Name":"gke-1"},"kubernetes":{"pods":[{"ns":"default","name":"pod-1"}]}}})");
  EXPECT_TRUE(has(shell, EntityKind::kIp, "198.51.100.31", EntityRole::kDestination));
  EXPECT_TRUE(has(shell, EntityKind::kCloudResource, "pod-1", EntityRole::kTarget));
  EXPECT_TRUE(has(shell, EntityKind::kHost, "gke-1", EntityRole::kTarget));
}

TEST(GcpShapes, WhoSpeaksThroughAServiceAccountIsTheActor) {
  const auto event = read("auto", R"({"protoPayload":{"authenticationInfo":{"principalEmail":
      "sa@shop.iam.gserviceaccount.com","serviceAccountDelegationInfo":[{"firstPartyPrincipal":{"principalEmail":
      "dev@corp.example"}}]},"requestMetadata":{"callerIp":"private"},"serviceName":"compute.googleapis.com",
      "methodName":"v1.compute.instances.insert","resourceName":"projects/shop/zones/z/instances/vm1"},
      "insertId":"16","timestamp":"2019-10-01T00:00:00Z","logName":"projects/shop/logs/x"})");
  EXPECT_TRUE(has(event, EntityKind::kUser, "dev@corp.example", EntityRole::kActor));
  EXPECT_TRUE(event.iocs.empty());
}

TEST(GcpShapes, WorkspaceNamesWhomAnAdministratorChanged) {
  const auto event =
      read("auto", R"({"protoPayload":{"authenticationInfo":{"principalEmail":"admin@corp.example"},
      "requestMetadata":{"callerIp":"198.51.100.51"},"serviceName":"admin.googleapis.com","methodName":
      "google.admin.AdminService.assignRole","resourceName":"organizations/1/userSettings","metadata":{"event":[
      {"eventName":"ASSIGN_ROLE","parameter":[{"name":"USER_EMAIL","value":"mallory@corp.example"},
      {"name":"is_suspicious","boolValue":true}]}]}},"insertId":"2","timestamp":"2021-09-24T16:16:57Z",
      "logName":"organizations/1/logs/x"})");
  EXPECT_TRUE(has(event, EntityKind::kUser, "admin@corp.example", EntityRole::kActor));
  EXPECT_TRUE(has(event, EntityKind::kUser, "mallory@corp.example", EntityRole::kTarget));
  EXPECT_NE(std::find(event.tags.begin(), event.tags.end(), "suspicious"), event.tags.end());
}

std::string log_entry(std::string_view type, std::string_view payload) {
  return R"({"insertId":"i-1","timestamp":"2021-10-01T00:00:00Z","logName":"projects/shop/logs/x","resource":)"
         R"({"type":")" +
         std::string(type) + R"(","labels":{"project_id":"shop"}},)" + std::string(payload) + "}";
}

TEST(GcpShapes, CloudIdsIsADetector) {
  const auto record = read_record("auto", log_entry("ids.googleapis.com/Endpoint", R"("jsonPayload":{"name":
      "Path traversal","alert_severity":"HIGH","type":"vulnerability","threat_id":"57025","source_ip_address":
      "198.51.100.63","destination_ip_address":"10.0.0.8","cves":["CVE-2021-41773"],"details":"D"})"));
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  EXPECT_EQ(record.alert.title, "Path traversal");
  EXPECT_EQ(record.alert.severity, Severity::kHigh);
  EXPECT_TRUE(has(record.alert, EntityKind::kIp, "198.51.100.63", EntityRole::kSource));
  EXPECT_TRUE(has_ioc(record.alert, "198.51.100.63"));
  EXPECT_TRUE(has_ioc(record.alert, "CVE-2021-41773"));
}

TEST(GcpShapes, OtherLogsAreEventsThatSayWhatHappened) {
  const auto wall = read_record("auto", log_entry("gce_subnetwork", R"("jsonPayload":{"connection":{"src_ip":
      "198.51.100.60","src_port":4,"dest_ip":"10.0.0.2","dest_port":22},"disposition":"DENIED","instance":{"vm_name":
      "vm1"},"rule_details":{"reference":"network:default/firewall:deny"}})"));
  EXPECT_EQ(wall.kind, RecordKind::kEvent);
  EXPECT_EQ(wall.alert.title, "Traffic DENIED 198.51.100.60:4 -> 10.0.0.2:22");
  EXPECT_EQ(wall.alert.vendor_status, "DENIED");
  EXPECT_TRUE(has(wall.alert, EntityKind::kHost, "vm1", EntityRole::kTarget));
  const auto query = read("auto", log_entry("dns_query", R"("jsonPayload":{"queryName":"c2.bad-sink.net.",
      "sourceIP":"10.0.0.9","vmInstanceName":"12.vm9"})"));
  EXPECT_TRUE(has_ioc(query, "c2.bad-sink.net"));
  EXPECT_TRUE(has(query, EntityKind::kHost, "vm9", EntityRole::kTarget));
  const auto request = read("auto", log_entry("http_load_balancer", R"("httpRequest":{"requestMethod":"GET",
      "requestUrl":"http://shop.corp.com/x","status":403,"remoteIp":"198.51.100.61"},"jsonPayload":
      {"enforcedSecurityPolicy":{"name":"waf","outcome":"DENY","preconfiguredExprIds":["sqli"]}})"));
  EXPECT_EQ(request.title, "GET http://shop.corp.com/x 403");
  EXPECT_EQ(request.vendor_status, "DENY");
  EXPECT_TRUE(has_ioc(request, "198.51.100.61"));
  EXPECT_FALSE(has_ioc(request, "shop.corp.com"));
}

std::string okta(std::string_view type, std::string_view target) {
  return R"({"uuid":"u-1","published":"2024-02-14T22:18:51.843Z","eventType":")" + std::string(type) +
         R"(","displayMessage":"M","severity":"INFO","client":{"ipAddress":"198.51.100.8"},"actor":{"type":"User",)"
         R"("alternateId":"adm@corp.example"},"outcome":{"result":"SUCCESS","reason":"M"},"target":[)" +
         std::string(target) + "]}";
}

TEST(OktaShapes, AGroupIsNoUserAndAReasonThatRepeatsIsSaidOnce) {
  const auto event = read("okta", okta("group.user_membership.add", R"({"type":"User","alternateId":
      "new@corp.example"},{"type":"UserGroup","alternateId":"unknown","displayName":"Admins"})"));
  EXPECT_TRUE(has(event, EntityKind::kUser, "adm@corp.example", EntityRole::kActor));
  EXPECT_TRUE(has(event, EntityKind::kUser, "new@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kCloudResource, "Admins", EntityRole::kRelated));
  EXPECT_FALSE(has(event, EntityKind::kUser, "Admins", EntityRole::kTarget));
  EXPECT_EQ(event.message, "M");
}

TEST(OktaShapes, WhatElseIsActedUponIsAResource) {
  const auto policy =
      read("okta", okta("policy.rule.update", R"({"type":"PolicyEntity","displayName":"MFA for all"},
      {"type":"PolicyRule","displayName":"Rule 1"},{"type":"AuthenticatorEnrollment","displayName":"Okta Verify"})"));
  EXPECT_TRUE(has(policy, EntityKind::kUser, "adm@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has(policy, EntityKind::kCloudResource, "MFA for all", EntityRole::kRelated));
  EXPECT_TRUE(has(policy, EntityKind::kCloudResource, "Rule 1", EntityRole::kRelated));
  EXPECT_FALSE(has(policy, EntityKind::kCloudResource, "Okta Verify", EntityRole::kRelated));
}

TEST(OktaShapes, ReusedTokensAndImpersonationAreAlerts) {
  const auto reuse = read_record("okta", okta("app.oauth2.as.token.detect_reuse", ""));
  EXPECT_EQ(reuse.kind, RecordKind::kAlert);
  EXPECT_EQ(reuse.alert.severity, Severity::kMedium);
  EXPECT_TRUE(has_technique(reuse.alert, "T1528"));
  EXPECT_EQ(read_record("okta", okta("user.session.impersonation.initiate", "")).kind, RecordKind::kAlert);
  EXPECT_EQ(read_record("okta", okta("user.session.start", "")).kind, RecordKind::kEvent);
}

TEST(OktaShapes, RiskIsAsSevereAsItsLevelNow) {
  const auto change = [](std::string_view level) {
    const auto risk = "{previousLevel=HIGH, level=" + std::string(level) + ", detectionName=X, issuer=OKTA}";
    return read("okta",
                R"({"uuid":"u-2","published":"2024-02-14T22:18:51.843Z","eventType":"user.risk.change",
        "displayMessage":"Risk","severity":"WARN","client":{"ipAddress":"198.51.100.7"},"actor":{"type":
        "SystemPrincipal","alternateId":"system@okta.com"},"target":[{"type":"User","alternateId":"max@corp.example"}],
        "debugContext":{"debugData":{"behaviors":"{New Device=POSITIVE, Velocity=NEGATIVE}","newIpAddress":"198.51.100.9","previousIpAddress":"203.0.113.9","risk":")" +
                    risk + R"("}}})");
  };
  EXPECT_EQ(change("LOW").severity, Severity::kLow);
  const auto alert = change("HIGH");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_TRUE(has(alert, EntityKind::kUser, "max@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.9"));
  EXPECT_FALSE(has_ioc(alert, "203.0.113.9"));
  EXPECT_NE(std::find(alert.tags.begin(), alert.tags.end(), "New Device"), alert.tags.end());
  EXPECT_EQ(std::find(alert.tags.begin(), alert.tags.end(), "Velocity"), alert.tags.end());
}

TEST(OktaShapes, AnEventHookCarriesItsEventsInside) {
  const auto event =
      read("auto", R"({"eventType":"com.okta.event_hook","eventTypeVersion":"1.0","eventId":"e",
      "source":"https://corp.okta.com/api/v1/eventHooks/w","eventTime":"2023-02-14T22:18:52Z","data":{"events":[)" +
                       okta("user.account.lock", "") + "]}}");
  EXPECT_EQ(event.source_id, "u-1");
  EXPECT_EQ(event.type, "user_account_lock");
  EXPECT_FALSE(has_ioc(event, "corp.okta.com"));
}

TEST(ElasticShapes, IndicatorMatchesAndAttachmentsStandInArrays) {
  const auto match = read("auto", R"({"@timestamp":"2024-05-01T10:00:00Z","kibana.alert.uuid":"a4",
      "kibana.alert.rule.name":"Threat intel match","kibana.alert.severity":"critical","threat.enrichments":[{"indicator":
      {"ip":"198.51.100.11","url":{"full":"http://evil.bad-sink.net/x"},"reference":"https://ti.vendor-docs.com/x"},
      "matched":{"field":"destination.ip"},"feed":{"name":"OTX"}}],"destination.ip":"198.51.100.11","source.ip":
      "10.0.0.5","host.name":"ws8","process.args":["curl","-k","x"],"dns":{"resolved_ip":["198.51.100.12"]}})");
  EXPECT_EQ(match.severity, Severity::kCritical);
  EXPECT_EQ(match.process.command_line, "curl -k x");
  EXPECT_TRUE(has_ioc(match, "http://evil.bad-sink.net/x"));
  EXPECT_TRUE(has_ioc(match, "198.51.100.12"));
  EXPECT_FALSE(has_ioc(match, "ti.vendor-docs.com"));
  const auto mail =
      read("auto", R"({"@timestamp":"2024-05-01T10:00:00Z","kibana":{"alert":{"uuid":"a5","rule":{"name":
      "Mail"}}},"kubernetes":{"pod":{"name":"p1"}},"email":{"attachments":[{"file":{"name":"inv.zip","hash":{"sha256":
      "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"}}}]}})");
  EXPECT_TRUE(has(mail, EntityKind::kFile, "inv.zip", EntityRole::kRelated));
  EXPECT_TRUE(has(mail, EntityKind::kCloudResource, "p1", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(mail, "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"));
}

TEST(ElasticShapes, AThresholdNamesWhatItCountedBy) {
  const auto alert = read("auto", R"({"@timestamp":"2024-05-01T10:00:00Z","kibana.alert.uuid":"a6",
      "kibana.alert.rule.name":"Many failures","kibana.alert.risk_score":73,"kibana.alert.threshold_result":{"terms":[
      {"field":"user.name","value":"mallory"},{"field":"source.ip","value":"198.51.100.13"}],"count":120},
      "kibana.alert.suppression.terms":[{"field":"host.name","value":["srv1"]}]})");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_TRUE(has(alert, EntityKind::kUser, "mallory", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.13", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "srv1", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.13"));
}

TEST(ElasticShapes, AConnectorsBodyHasTheHostInItsContext) {
  const auto alert =
      read("auto", R"({"alert":{"uuid":"c1"},"rule":{"id":"r1","name":"Log threshold","tags":[]},
      "context":{"reason":"10 errors","timestamp":"2024-05-01T10:00:00Z","alertDetailsUrl":
      "https://kb.corp.example/app/alerts/c1","host":{"name":"web1"}},"date":"2024-05-01T10:00:02Z"})");
  EXPECT_EQ(alert.title, "Log threshold");
  EXPECT_EQ(alert.source_id, "c1");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-01T10:00:00.000Z");
  EXPECT_EQ(alert.source_url, "https://kb.corp.example/app/alerts/c1");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "web1", EntityRole::kTarget));
}

TEST(FalcoShapes, AnAlertMayComeAsACloudEventAndWithoutItsText) {
  const auto alert =
      read("auto", R"({"specversion":"1.0","type":"falco.rule.output.v1","source":"falco.org","id":"c",
      "data":{"uuid":"f-1","priority":"Notice","rule":"Terminal shell in container","time":"2023-05-25T15:49:38.19Z",
      "hostname":"node1","tags":["T1059","mitre_execution"],"output_fields":{"user.name":"root","proc.cmdline":
      "bash -il","proc.exepath":"/bin/bash","k8s.pod.name":"nginx-1","container.id":"3ad7b26ded6d"}}})");
  EXPECT_EQ(alert.source, "falco");
  EXPECT_EQ(alert.source_id, "f-1");
  EXPECT_EQ(alert.severity, Severity::kLow);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2023-05-25T15:49:38.190Z");
  EXPECT_EQ(alert.process.command_line, "bash -il");
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "nginx-1", EntityRole::kTarget));
  EXPECT_TRUE(has_technique(alert, "T1059"));
}

TEST(FalcoShapes, PluginsNameClientsAccountsAndImages) {
  const auto secret =
      read("auto", R"({"output":"o","priority":"Warning","rule":"K8s Secret Get","source":"k8s_audit",
      "tags":["TA0006"],"time":"2023-05-25T15:49:38Z","output_fields":{"ka.target.name":"dbpass","ka.user.name":
      "eve@corp.example","ka.sourceips":"198.51.100.9, 10.0.0.3","ka.req.pod.containers.image":"evil/img"}})");
  EXPECT_EQ(secret.attack.tactics, std::vector<std::string>{"TA0006"});
  EXPECT_TRUE(has(secret, EntityKind::kIp, "198.51.100.9", EntityRole::kSource));
  EXPECT_TRUE(has(secret, EntityKind::kIp, "10.0.0.3", EntityRole::kSource));
  EXPECT_TRUE(has(secret, EntityKind::kCloudResource, "dbpass", EntityRole::kTarget));
  const auto trail =
      read("auto", R"({"output":"o","priority":"Critical","rule":"Bucket","source":"aws_cloudtrail",
      "time":"2023-05-25T15:49:38Z","output_fields":{"ct.user":"mallory","ct.user.accountid":"111122223333",
      "ct.srcip":"198.51.100.10","s3.bucket":"data"}})");
  EXPECT_TRUE(has(trail, EntityKind::kAccount, "111122223333", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(trail, "198.51.100.10"));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
