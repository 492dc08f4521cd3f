// Firewalls' documented log types that no example file has: FortiGate's ("FortiOS Log Message Reference") and
// PAN-OS' ("Syslog Field Descriptions", the logging service's JSON).

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

constexpr std::string_view kFortiHead =
    R"(date=2024-05-16 time=13:05:11 devname="edge-fw1" devid="FGT60F1" eventtime=1715889911000000000 tz="+0200" )";

Record forti(std::string_view log) {
  return read_record("fortinet-fortigate", std::string(kFortiHead) + std::string(log));
}

TEST(FortigateShapes, ADnsLogAccusesTheNameAndNotTheResolver) {
  const auto alert =
      forti(R"(logid="1501054601" type="utm" subtype="dns" eventtype="dns-response" level="warning" )"
            R"(srcip=10.1.100.22 srcmac="a2:e9:00:ec:40:41" dstip=198.51.100.53 dstport=53 )"
            R"(qname="c2.badbot.example.org" msg="Domain was blocked by dns botnet C&C" action="redirect" )"
            R"(botnetdomain="c2.badbot.example.org")")
          .alert;
  EXPECT_EQ(alert.type, "dns_filter");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-16T20:05:11.000Z");
  EXPECT_EQ(alert.vendor_status, "redirect");
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.53", EntityRole::kDestination));
  EXPECT_TRUE(has_ioc(alert, "c2.badbot.example.org"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.53"));
}

TEST(FortigateShapes, WhatAPolicyLetsThroughAndOnlyLogsIsAnEvent) {
  const auto kind = [](std::string_view log) { return forti(log).kind; };
  EXPECT_EQ(kind(R"(logid="1500054000" type="utm" subtype="dns" eventtype="dns-query" level="information" )"
                 R"(srcip=10.1.1.2 dstip=198.51.100.53 qname="www.example.org")"),
            RecordKind::kEvent);
  EXPECT_EQ(kind(R"(logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice" )"
                 R"(srcip=10.1.1.2 dstip=198.51.100.7 hostname="www.example.org" action="passthrough")"),
            RecordKind::kEvent);
  EXPECT_EQ(kind(R"(logid="0419016386" type="utm" subtype="ips" level="information" severity="info" )"
                 R"(srcip=10.1.1.2 dstip=198.51.100.7 attack="Scanner" action="pass")"),
            RecordKind::kAlert);
}

TEST(FortigateShapes, AnApplicationIsAsGraveAsItsRiskOnlyWhenItWasBlocked) {
  const auto app = [](std::string_view level, std::string_view action) {
    return forti(R"(logid="1059028705" type="utm" subtype="app-ctrl" srcip=10.1.1.2 dstip=203.0.113.9 )"
                 R"(dstintfrole="wan" app="Tor" msg="Proxy: Tor," apprisk="critical" level=")" +
                 std::string(level) + R"(" action=")" + std::string(action) + '"')
        .alert;
  };
  EXPECT_EQ(app("warning", "block").severity, Severity::kCritical);
  EXPECT_EQ(app("information", "pass").severity, Severity::kInfo);
  EXPECT_EQ(app("warning", "block").title, "Proxy: Tor");
}

TEST(FortigateShapes, TheDevicesOwnAddressIsNoIndicatorOfALogAboutIt) {
  const auto alert = forti(R"(logid="0100032002" type="event" subtype="system" level="alert" )"
                           R"x(logdesc="Admin login failed" user="admin1" ui="https(203.0.113.92)" )x"
                           R"(srcip=203.0.113.92 dstip=198.51.100.1 action="login" status="failed")");
  EXPECT_EQ(alert.kind, RecordKind::kAlert);
  EXPECT_EQ(alert.alert.title, "Admin login failed");
  EXPECT_EQ(alert.alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.alert.vendor_status, "failed");
  EXPECT_TRUE(has(alert.alert, EntityKind::kHost, "edge-fw1", EntityRole::kTarget));
  EXPECT_TRUE(has(alert.alert, EntityKind::kUser, "admin1", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert.alert, "203.0.113.92"));
  EXPECT_FALSE(has_ioc(alert.alert, "198.51.100.1"));
}

TEST(FortigateShapes, AnAdministratorSitsWhereTheInterfaceSays) {
  const auto change = forti(
      R"(logid="0100044547" type="event" subtype="system" level="information" logdesc="Object attribute )"
      R"x(configured" user="admin" ui="GUI(203.0.113.92)" action="Add" cfgobj="backdoor")x");
  EXPECT_EQ(change.kind, RecordKind::kEvent);
  EXPECT_TRUE(has(change.alert, EntityKind::kIp, "203.0.113.92", EntityRole::kSource));
  const auto client =
      forti(R"(logid="0107045057" type="event" subtype="endpoint" level="information" )"
            R"(logdesc="FortiClient connection added" user="ann" ip=172.16.0.2 name="ANN-PC" action="add")");
  EXPECT_TRUE(has(client.alert, EntityKind::kHost, "ANN-PC", EntityRole::kSource));
}

TEST(FortigateShapes, BetweenTwoOuterInterfacesTheAttackedOneIsTheCustomers) {
  const auto alert =
      forti(R"(logid="0720018432" type="utm" subtype="anomaly" level="alert" severity="critical" )"
            R"(srcip=203.0.113.77 srcintfrole="wan" dstip=198.51.100.10 dstintfrole="wan" )"
            R"(attack="tcp_syn_flood" attackid=100663396 action="clear_session" )"
            R"(ref="http://www.fortinet.com/ids/VID100663396")")
          .alert;
  EXPECT_EQ(alert.type, "network_anomaly");
  EXPECT_TRUE(has_ioc(alert, "203.0.113.77"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.10"));
  EXPECT_FALSE(has_ioc(alert, "http://www.fortinet.com/ids/VID100663396"));
}

TEST(FortigateShapes, AVirusNamesFileHashAndWhereItCameFrom) {
  const auto alert =
      forti(
          R"(logid="0211008192" type="utm" subtype="virus" eventtype="infected" level="warning" )"
          R"(msg="File is infected." action="blocked" service="HTTP" user="ann" srcip=10.1.100.11 )"
          R"(srcintfrole="lan" dstip=203.0.113.55 dstintfrole="wan" direction="incoming" )"
          R"(filename="inv.exe" virus="W32/Agent.ABC!tr" virusid=2172 url="http://dl.bad.example.net/inv.exe" )"
          R"(analyticscksum="275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f" )"
          R"(crlevel="critical")")
          .alert;
  EXPECT_EQ(alert.title, "W32/Agent.ABC!tr");
  EXPECT_EQ(alert.severity, Severity::kCritical);
  EXPECT_TRUE(has(alert, EntityKind::kUser, "ann", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "inv.exe", EntityRole::kRelated));
  EXPECT_TRUE(has_ioc(alert, "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"));
  EXPECT_TRUE(has_ioc(alert, "http://dl.bad.example.net/inv.exe"));
}

TEST(FortigateShapes, CefSaysTheSameAsKeysAndValues) {
  const auto alert = read(
      "fortinet-fortigate",
      "<189>May 16 13:20:01 edge-fw1 CEF:0|Fortinet|Fortigate|v7.2.4|16384|utm:ips signature dropped|7|"
      "deviceExternalId=FGT60F1 FTNTFGTlogid=0419016384 cat=utm:ips FTNTFGTsubtype=ips FTNTFGTlevel=alert "
      "FTNTFGTeventtime=1715890801000000000 FTNTFGTseverity=high src=203.0.113.131 dst=10.0.0.10 act=dropped "
      "app=HTTP FTNTFGTattack=Bash.Function.Definitions.Remote.Code.Execution spt=40000 dpt=80 "
      "dhost=shop.corp.example request=/cgi-bin/x FTNTFGTattackid=39294 "
      "FTNTFGTref=http://www.fortinet.com/ids/VID39294 msg=web_server: Bash");
  EXPECT_EQ(alert.source, "fortinet-fortigate");
  EXPECT_EQ(alert.type, "intrusion_attempt");
  EXPECT_EQ(alert.title, "Bash.Function.Definitions.Remote.Code.Execution");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-16T20:20:01.000Z");
  EXPECT_EQ(alert.source_url, "http://www.fortinet.com/ids/VID39294");
  EXPECT_TRUE(has(alert, EntityKind::kUrl, "http://shop.corp.example/cgi-bin/x", EntityRole::kRelated));
  ASSERT_EQ(alert.iocs.size(), 1U);
  EXPECT_EQ(alert.iocs[0].value, "203.0.113.131");
}

TEST(FortigateShapes, CefInAShippersObjectIsReadToo) {
  const auto alert = read(
      "fortinet-fortigate",
      R"({"@timestamp":"2026-01-01T00:00:00Z","message":"CEF:0|Fortinet|Fortigate|v7.2.4|16384|utm:ips dropped|7|)"
      R"(deviceExternalId=FGT60F1 FTNTFGTlogid=0419016384 cat=utm:ips FTNTFGTsubtype=ips )"
      R"(FTNTFGTeventtime=1715890801000000000 src=203.0.113.131 dst=10.0.0.10 FTNTFGTattack=CVE.Scanner"})");
  EXPECT_EQ(alert.type, "intrusion_attempt");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-16T20:20:01.000Z");
  EXPECT_TRUE(has_ioc(alert, "203.0.113.131"));
  // A name that only begins like a CVE is none.
  EXPECT_TRUE(std::none_of(alert.entities.begin(), alert.entities.end(),
                           [](const auto& entity) { return entity.kind == EntityKind::kCve; }));
}

TEST(CefShapes, WhenItHappenedComesBeforeWhenTheShipperGotIt) {
  const auto alert = read("cef", R"({"@timestamp":"2026-01-01T00:00:00Z","message":"CEF:0|V|P|1|2|n|5|)"
                                 R"(rt=1715890801000 src=203.0.113.131"})");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-16T20:20:01.000Z");
}

TEST(FortigateShapes, CefOfNoNamedSourceHasTheTimeOfTheEventToo) {
  const auto alert =
      read("cef",
           "<189>May 16 13:20:01 fw CEF:0|Fortinet|Fortigate|v7.2.4|16384|utm:ips signature dropped|7|"
           "cat=utm:ips FTNTFGTeventtime=1715890801000000000 src=203.0.113.131 dst=10.0.0.10");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-16T20:20:01.000Z");
}

// Columns 0 to 30 of a threat log.
std::string threat_head(std::string_view subtype, std::string_view ends, std::string_view app,
                        std::string_view zones, std::string_view port) {
  return "<14>May 20 10:00:05 fw1 1,2024/05/20 10:00:05,013101305,THREAT," + std::string(subtype) +
         ",2305,2024/05/20 10:00:01," + std::string(ends) + ",out,corp\\ann,," + std::string(app) +
         ",vsys1," + std::string(zones) + ",eth1,eth2,fwd,2024/05/20 10:00:01,28191,1,52984," +
         std::string(port) + ",0,0,0x403000,tcp,";
}

TEST(PanosShapes, ADnsSignatureAccusesTheNameThatWasAskedFor) {
  const auto alert = read(
      "paloalto-ngfw", threat_head("spyware", "10.1.2.3,198.51.100.53,,", "dns-base", "trust,untrust", "53") +
                           "sinkhole,Suspicious Domain,Suspicious DNS Query "
                           "(generic:c2.badbot.example.org)(109001001),any,medium,"
                           "client-to-server,7726,0x0");
  EXPECT_EQ(alert.type, "malware_traffic");
  EXPECT_EQ(alert.severity, Severity::kMedium);
  EXPECT_EQ(alert.vendor_status, "sinkhole");
  EXPECT_TRUE(has_ioc(alert, "c2.badbot.example.org"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.53"));
  EXPECT_FALSE(has(alert, EntityKind::kFile, "Suspicious Domain", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "corp\\ann", EntityRole::kTarget));
}

// Column 46 is the user agent, which the attacker writes.
TEST(PanosShapes, AUserAgentThatLooksLikeATimeIsNone) {
  const auto row = [](std::string_view agent) {
    return threat_head("url", "10.1.2.3,198.51.100.53,,", "web-browsing", "trust,untrust", "80") +
           "alert,evil.example.net/x,(9999),malware,low,client-to-server,7726,0x0,,,,,,,,," +
           std::string(agent);
  };
  EXPECT_EQ(to_rfc3339(read("paloalto-ngfw", row("1999-01-01T00:00:00.000+00:00")).occurred_at),
            "2024-05-20T10:00:01.000Z");
  EXPECT_EQ(to_rfc3339(read("paloalto-ngfw", row("2024-05-20T10:00:01.123+02:00")).occurred_at),
            "2024-05-20T08:00:01.123Z");  // the real column agrees but for the zone
}

TEST(PanosShapes, AScanOfTheOuterAddressBlamesTheScanner) {
  const auto alert =
      read("paloalto-ngfw", threat_head("scan", "203.0.113.66,198.51.100.1,0.0.0.0,0.0.0.0", "not-applicable",
                                        "untrust,untrust", "0") +
                                "alert,,SCAN: TCP Port Scan(8001),any,medium,client-to-server,7726,0x0");
  EXPECT_EQ(alert.type, "network_scan");
  EXPECT_EQ(alert.title, "SCAN: TCP Port Scan");
  EXPECT_TRUE(has_ioc(alert, "203.0.113.66"));
  EXPECT_FALSE(has_ioc(alert, "198.51.100.1"));
  EXPECT_FALSE(has(alert, EntityKind::kIp, "0.0.0.0", EntityRole::kRelated));
}

TEST(PanosShapes, ARefusedGatewayLoginIsAnEventWithUserMachineAndAddress) {
  const auto record = read_record(
      "paloalto-ngfw",
      "Apr 7 17:41:31 fw 1,2024/04/07 17:41:30,0131,GLOBALPROTECT,0,2305,2024/04/07 17:41:30,vsys1,"
      "gateway-auth,login,LDAP,,corp\\jdoe,RU,LT-8287,203.0.113.4,0.0.0.0,0.0.0.0,0.0.0.0,523e8b,"
      "F1SM2,5.2.4,Windows,\"Microsoft Windows 10, 64-bit\",1,,auth-failed,\"Invalid username or "
      "password\",failure,,0,,0,GP_GW,69,0x0");
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  EXPECT_EQ(record.alert.type, "globalprotect");
  EXPECT_EQ(record.alert.title, "PAN-OS globalprotect gateway-auth failure");
  EXPECT_EQ(record.alert.message, "Invalid username or password");
  EXPECT_EQ(record.alert.vendor_status, "failure");
  EXPECT_TRUE(has(record.alert, EntityKind::kUser, "corp\\jdoe", EntityRole::kTarget));
  EXPECT_TRUE(has(record.alert, EntityKind::kHost, "LT-8287", EntityRole::kTarget));
  EXPECT_TRUE(has(record.alert, EntityKind::kIp, "203.0.113.4", EntityRole::kSource));
}

TEST(PanosShapes, ASystemLogNamesInProseWhomAndWhence) {
  const auto alert =
      read("paloalto-ngfw",
           "1,2024/04/07 17:41:30,0131,SYSTEM,general,2305,2024/04/07 17:41:30,,auth-fail,,0,0,"
           "general,medium,\"failed authentication for user 'admin'. Reason: Invalid "
           "username/password. From: 203.0.113.9.\",7726,0x0,0,0,0,0,,PA-220");
  EXPECT_EQ(alert.severity, Severity::kMedium);
  EXPECT_TRUE(has(alert, EntityKind::kUser, "admin", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.9", EntityRole::kSource));
}

TEST(PanosShapes, RowsOfTheLoggingServiceTellTheTimeWithItsZone) {
  const auto alert =
      read("paloalto-ngfw",
           "931201168,2024-10-22T16:10:10.000000Z,no-serial,THREAT,vulnerability,10.0,"
           "2024-10-22T16:10:05.000000Z,203.0.113.8,10.0.0.5,,,in,,,web-browsing,vsys1,untrust,dmz,"
           "a,b,fw,2024-10-22T16:10:10.000000Z,28191,1,52984,443,37679,443,0x403000,tcp,reset-both,"
           "\"shop.corp.example/x.php\",Apache Log4j Remote Code Execution Vulnerability(91991),any,"
           "critical,client-to-server,7726,0x2000000000000000");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-10-22T16:10:05.000Z");
  EXPECT_EQ(alert.severity, Severity::kCritical);
  ASSERT_EQ(alert.iocs.size(), 1U);  // the shop is the customer's
  EXPECT_EQ(alert.iocs[0].value, "203.0.113.8");
}

TEST(PanosShapes, JsonOfTheLoggingServiceInBothOfItsSpellings) {
  const auto camel = read("auto", R"x({"TimeReceived":"2024-05-20T10:00:05.000000Z","DeviceSN":"0070",
      "LogType":"THREAT","Subtype":"vulnerability","TimeGenerated":"2024-05-20T10:00:01.000000Z",
      "SourceAddress":"203.0.113.66","DestinationAddress":"10.0.5.20","NATSource":"0.0.0.0","Application":"web",
      "FromZone":"untrust","ToZone":"dmz","SourcePort":51000,"DestinationPort":443,"Action":"reset-both",
      "ThreatID":"Apache Log4j Remote Code Execution Vulnerability(91991)","VendorSeverity":"Critical"})x");
  EXPECT_EQ(camel.source, "paloalto-ngfw");
  EXPECT_EQ(camel.title, "Apache Log4j Remote Code Execution Vulnerability");
  EXPECT_EQ(camel.type, "exploit_attempt");
  EXPECT_EQ(camel.severity, Severity::kCritical);
  EXPECT_EQ(camel.vendor_status, "reset-both");
  EXPECT_EQ(to_rfc3339(camel.occurred_at), "2024-05-20T10:00:01.000Z");
  EXPECT_TRUE(has_ioc(camel, "203.0.113.66"));
  const auto snake = read("auto", R"({"log_type":{"value":"threat"},"sub_type":{"value":"spyware"},
      "log_source_id":"1","time_generated":"2024-05-20T10:00:01Z","source_ip":{"value":"10.1.1.4"},
      "dest_ip":{"value":"203.0.113.99"},"source_user":"corp\\eve","from_zone":"trust","to_zone":"untrust",
      "dest_port":8080,"action":{"value":"alert"},"threat_name":"CobaltStrike Beacon","threat_id":"86000",
      "vendor_severity":{"value":"high"}})");
  EXPECT_EQ(snake.title, "CobaltStrike Beacon");
  EXPECT_EQ(snake.severity, Severity::kHigh);
  EXPECT_TRUE(has(snake, EntityKind::kUser, "corp\\eve", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(snake, "203.0.113.99"));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
