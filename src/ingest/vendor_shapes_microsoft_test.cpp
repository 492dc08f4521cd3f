// Microsoft Sentinel's, Entra's and Azure's documented shapes that no example file has.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

TEST(SentinelShapes, EntitiesOfTheTriggerAreNamedByTheirPropertiesNotTheirResource) {
  const auto alert =
      read("auto", R"({"eventUniqueId":"u","objectSchemaType":"Incident","workspaceId":"w","object":
      {"id":"/x/Incidents/inc-1","name":"inc-1","type":"Microsoft.SecurityInsights/Incidents","properties":{"title":
      "Sign-in then mailbox rule","severity":"High","status":"New","owner":{"email":"ana@corp.example"},
      "firstActivityTimeUtc":"2024-05-02T05:06:07Z","createdTimeUtc":"2024-05-02T06:05:00Z","incidentNumber":812,
      "incidentUrl":"https://portal.azure.com/#asset/x","additionalData":{"tactics":["InitialAccess"],
      "techniques":["T1564"]},"relatedEntities":[
      {"name":"guid-1","kind":"Account","properties":{"accountName":"jdoe","upnSuffix":"corp.example"}},
      {"name":"guid-2","kind":"Process","properties":{"commandLine":"\"C:\\W\\powershell.exe\" -enc A"}},
      {"name":"guid-3","kind":"CloudApplication","properties":{"appName":"Office 365"}},
      {"name":"guid-4","kind":"File","properties":{"directory":"C:\\x","fileName":"a.exe"}},
      {"name":"guid-5","kind":"MailMessage","properties":{"p1Sender":"bad@evil-mail.net",
       "senderIP":"198.51.100.62","recipient":"amy@corp.example"}},
      {"name":"guid-6","kind":"Malware","properties":{"malwareName":"Emotet"}}]}}})");
  EXPECT_EQ(alert.source_id, "inc-1");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-02T05:06:07.000Z");
  EXPECT_EQ(alert.source_url, "https://portal.azure.com/#asset/x");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "jdoe@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kProcess, "powershell.exe", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "Office 365", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "C:\\x\\a.exe", EntityRole::kRelated));
  EXPECT_TRUE(has_ioc(alert, "bad@evil-mail.net"));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.62"));
  EXPECT_FALSE(has(alert, EntityKind::kUser, "ana@corp.example", EntityRole::kTarget));
  EXPECT_NE(std::find(alert.tags.begin(), alert.tags.end(), "Emotet"), alert.tags.end());
}

TEST(SentinelShapes, ARowsCompromisedEntityIsOfTheKindItsEntitiesSay) {
  const auto alert =
      read("auto", R"({"SystemAlertId":"s-1","AlertName":"A","DisplayName":"Suspicious PowerShell",
      "AlertSeverity":"High","StartTime":"2024-09-26T05:18:17Z","Status":"New","CompromisedEntity":"kim",
      "Tactics":"Execution, DefenseEvasion","Techniques":"[\"T1059\"]","SubTechniques":"[\"T1059.001\"]","Entities":
      "[{\"$id\":\"4\",\"Name\":\"kim\",\"NTDomain\":\"CORP\",\"Type\":\"account\"},{\"$id\":\"6\",\"CommandLine\":\"pwsh -enc A\",\"ImageFile\":{\"$ref\":\"7\"},\"Type\":\"process\"},{\"$id\":\"11\",\"Name\":\"Box\",\"Type\":\"cloud-application\"}]"})");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "kim", EntityRole::kTarget));
  EXPECT_FALSE(has(alert, EntityKind::kHost, "kim", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kProcess, "pwsh", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "Box", EntityRole::kRelated));
  EXPECT_EQ(alert.attack.techniques, (std::vector<std::string>{"T1059", "T1059.001"}));
}

TEST(SentinelShapes, DefenderForCloudSaysMoreInItsExtendedProperties) {
  const auto row =
      read("auto", R"({"SystemAlertId":"s-3","AlertName":"A","DisplayName":"Suspicious authentication",
      "AlertSeverity":"Medium","AlertType":"VM_LoginBruteForce","StartTime":"2024-05-01T10:00:00Z","Status":"New",
      "ResourceId":"/subscriptions/s/virtualMachines/vm1","CompromisedEntity":"vm1","Tactics":"PreAttack",
      "ExtendedProperties":"{\"Attacker source IP\":\"IP Address: 198.51.100.70\"}","Entities":"[]"})");
  EXPECT_EQ(row.type, "vm_login_brute_force");
  EXPECT_EQ(row.attack.tactics, std::vector<std::string>{"TA0043"});
  EXPECT_TRUE(has(row, EntityKind::kIp, "198.51.100.70", EntityRole::kSource));
  EXPECT_TRUE(has(row, EntityKind::kHost, "vm1", EntityRole::kTarget));
  EXPECT_TRUE(
      has(row, EntityKind::kCloudResource, "/subscriptions/s/virtualMachines/vm1", EntityRole::kTarget));
  const auto rest =
      read("auto", R"({"id":"/x/alerts/2518","name":"2518","type":"Microsoft.Security/Locations/alerts",
      "properties":{"systemAlertId":"2518_a","alertDisplayName":"Suspicious SVCHOST","severity":"High","intent":
      "DefenseEvasion, Persistence","startTimeUtc":"2020-02-22T00:00:00Z","status":"Active","alertUri":
      "https://portal.azure.com/#blade/y","resourceIdentifiers":[{"azureResourceId":"/subscriptions/s/vm2"}],
      "extendedProperties":{"process name":"c:\\tmp\\svchost.exe","command line":"svchost.exe -k",
      "parent process":"C:\\Windows\\explorer.exe"},"entities":[],"compromisedEntity":"SAMPLEVM"}})");
  EXPECT_EQ(rest.source_url, "https://portal.azure.com/#blade/y");
  EXPECT_EQ(rest.process.command_line, "svchost.exe -k");
  EXPECT_EQ(rest.process.parent, "C:\\Windows\\explorer.exe");
  EXPECT_EQ(rest.attack.tactics, (std::vector<std::string>{"TA0003", "TA0005"}));
  EXPECT_TRUE(has(rest, EntityKind::kCloudResource, "/subscriptions/s/vm2", EntityRole::kTarget));
  EXPECT_TRUE(has(rest, EntityKind::kProcess, "c:\\tmp\\svchost.exe", EntityRole::kRelated));
}

TEST(SentinelShapes, TheAlertTriggerSpellsItsNamesItsOwnWay) {
  const auto alert =
      read("auto", R"({"SystemAlertId":"s-2","AlertDisplayName":"Rare logon","AlertType":"Rare",
      "Severity":"Low","StartTimeUtc":"2024-05-01T09:00:00Z","CompromisedEntity":"ws9","Intent":"Persistence",
      "Entities":[{"$id":"1","Name":"joe","UPNSuffix":"corp.example","Type":"account"}],"WorkspaceId":"w"})");
  EXPECT_EQ(alert.source, "microsoft-sentinel");
  EXPECT_EQ(alert.title, "Rare logon");
  EXPECT_EQ(alert.severity, Severity::kLow);
  EXPECT_EQ(alert.attack.tactics, std::vector<std::string>{"TA0003"});
  EXPECT_TRUE(has(alert, EntityKind::kHost, "ws9", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "joe@corp.example", EntityRole::kTarget));
}

TEST(EntraShapes, RiskyUsersAndServicePrincipalsAreRecognised) {
  const auto user = read("auto", R"({"time":"8/22/2022 6:11:52 PM","operationName":"Risky user","category":
      "RiskyUsers","properties":{"id":"51e","userPrincipalName":"joe@corp.example","riskLastUpdatedDateTime":
      "2022-08-22T18:11:52.702Z","riskState":"atRisk","riskDetail":"none","riskLevel":"medium"}})");
  EXPECT_EQ(user.source, "entra-signin");
  EXPECT_EQ(user.severity, Severity::kMedium);
  EXPECT_EQ(user.vendor_status, "atRisk");
  EXPECT_EQ(to_rfc3339(user.occurred_at), "2022-08-22T18:11:52.702Z");
  const auto principal =
      read("auto", R"({"id":"sp1","activityDateTime":"2021-10-01T00:00:00Z","riskDetail":"none",
      "riskEventType":"leakedCredentials","riskLevel":"high","riskState":"atRisk",
      "servicePrincipalDisplayName":"CI runner","servicePrincipalId":"spid"})");
  EXPECT_TRUE(has(principal, EntityKind::kAccount, "CI runner", EntityRole::kTarget));
  EXPECT_TRUE(has_technique(principal, "T1589.001"));
}

TEST(EntraShapes, RowsOfLogAnalyticsHoldJsonAsText) {
  const auto alert =
      read("auto", R"({"TimeGenerated":"2024-05-01T10:00:00Z","Category":"SignInLogs","ResultType":
      "50074","AppDisplayName":"Azure Portal","AppId":"c4","ConditionalAccessStatus":"failure","CreatedDateTime":
      "2024-05-01T09:59:58Z","DeviceDetail":"{\"displayName\":\"LAP-2\"}","Id":"id-1","IPAddress":"198.51.100.202",
      "RiskEventTypes_V2":"[\"unfamiliarFeatures\",\"anonymizedIPAddress\"]","RiskLevelDuringSignIn":"high",
      "RiskState":"atRisk","Status":"{\"errorCode\":50074,\"failureReason\":\"MFA is required.\"}",
      "UserPrincipalName":"amy@corp.example"})");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.message, "MFA is required.");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "LAP-2", EntityRole::kSource));
  EXPECT_TRUE(has_technique(alert, "T1090.003"));
  EXPECT_NE(std::find(alert.tags.begin(), alert.tags.end(), "unfamiliarFeatures"), alert.tags.end());
}

TEST(EntraShapes, DirectoryAuditsAreEventsOfOneUponAnother) {
  const auto record =
      read_record("auto", R"({"time":"2022-01-22T18:15:02Z","operationName":"Add member to role",
      "category":"AuditLogs","callerIpAddress":"198.51.100.3","properties":{"id":"Directory_53","category":
      "RoleManagement","result":"success","activityDisplayName":"Add member to role","activityDateTime":
      "2022-01-22T18:15:02.5168093+00:00","initiatedBy":{"user":{"userPrincipalName":"admin@corp.example",
      "ipAddress":"198.51.100.3"}},"targetResources":[{"type":"User","userPrincipalName":"mallory@corp.example"},
      {"type":"Role","displayName":"Global Administrator"}]}})");
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  const auto& event = record.alert;
  EXPECT_EQ(event.source, "entra-signin");
  EXPECT_EQ(event.type, "add_member_to_role");
  EXPECT_EQ(event.vendor_status, "success");
  EXPECT_TRUE(has(event, EntityKind::kUser, "admin@corp.example", EntityRole::kActor));
  EXPECT_TRUE(has(event, EntityKind::kUser, "mallory@corp.example", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kCloudResource, "Global Administrator", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kIp, "198.51.100.3", EntityRole::kSource));
}

TEST(AzureActivityShapes, AnAlertOfDefenderForCloudIsTitledByItsEvent) {
  const auto record = read_record("auto", R"({"channels":"Operation","correlationId":"2518","description":
      "Failed brute force attacks were detected from [IP Address: 198.51.100.77].","eventName":{"value":
      "Failed SSH brute force attack"},"category":{"value":"Security"},"eventTimestamp":"2017-10-18T06:02:18.617Z",
      "level":"Informational","operationName":{"value":"Microsoft.Security/locations/alerts/activate/action"},
      "properties":{"accounts":"sqluser, root","severity":"High","compromisedEntity":"VM-7","intent":
      "CredentialAccess"},"resourceId":"/subscriptions/S/alerts/1","status":{"value":"Active"},"subscriptionId":"S"})");
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  const auto& alert = record.alert;
  EXPECT_EQ(alert.source, "azure-activity");
  EXPECT_EQ(alert.title, "Failed SSH brute force attack");
  EXPECT_EQ(alert.type, "failed_ssh_brute_force_attack");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.attack.tactics, std::vector<std::string>{"TA0006"});
  EXPECT_TRUE(has(alert, EntityKind::kHost, "VM-7", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "sqluser", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.77"));
}

TEST(AzureActivityShapes, TheCallerAndTheResourceMayStandOnlyInClaimsAndScope) {
  const auto event =
      read("auto", R"({"time":"2019-10-24T00:13:46Z","category":"Action","identity":{"authorization":
      {"scope":"/subscriptions/S/namespaces/n"},"claims":{"appid":"8a4d",
      "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"jan@corp.example","name":"Jan J"}},
      "operationName":"MICROSOFT.EVENTHUB/NAMESPACES/LISTKEYS/ACTION","resultType":"Start"})");
  EXPECT_TRUE(has(event, EntityKind::kUser, "jan@corp.example", EntityRole::kActor));
  EXPECT_TRUE(has(event, EntityKind::kCloudResource, "/subscriptions/S/namespaces/n", EntityRole::kTarget));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
