// Shapes that vendors document and that no example file has: what must be read, and what must not be taken.

#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/ingest.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

model::Alert read(std::string_view source, std::string_view body) {
  const auto result = normalise(source, body, {});
  EXPECT_TRUE(result) << body;
  EXPECT_EQ(result->records.size(), 1U) << body;
  return result && !result->records.empty() ? result->records[0].alert : model::Alert{};
}

bool has(const model::Alert& alert, EntityKind kind, std::string_view value, EntityRole role) {
  const model::Entity wanted{kind, std::string(value), role};
  return std::find(alert.entities.begin(), alert.entities.end(), wanted) != alert.entities.end();
}

bool has_ioc(const model::Alert& alert, std::string_view value) {
  return std::any_of(alert.iocs.begin(), alert.iocs.end(),
                     [&](const auto& ioc) { return ioc.value == value; });
}

TEST(VendorShapes, ACefLinkToTheConsoleIsTheSourceUrlAndNoIndicator) {
  const auto alert =
      read("cef",
           "CEF:0|Acme|EDR|1.0|1|Malop|5|rt=1629701622409 cs6=https://console.acme.example/m/1 "
           "cs6Label=IncidentLink cs2=http://www.acme.com/ve?vn\\=EICAR cs2Label=Reference "
           "cs4=bb9dbdca921d84381c893086f65ffca17120b23d cs4Label=HashList");
  EXPECT_EQ(alert.source_url, "https://console.acme.example/m/1");
  ASSERT_EQ(alert.iocs.size(), 1U);
  EXPECT_EQ(alert.iocs[0].value, "bb9dbdca921d84381c893086f65ffca17120b23d");
}

TEST(VendorShapes, ACefAgentNamesItsHostAsTheDeviceAndHashesUnderKeysOfItsOwn) {
  const auto alert =
      read("cef",
           "CEF:0|Acme|Host Agent|10|4|Malware|6|dvchost=srv-9 filePath=C:\\\\x.exe AcmeFileSHA256="
           "275A021BBFB6489E54D471899F7DB9D1663FC695EC2FE2A2C4538AABF651FD0F AcmePolicy="
           "44d88612fea8a8f36de82e1278abb02f");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "srv-9", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"));
  EXPECT_FALSE(has_ioc(alert, "44d88612fea8a8f36de82e1278abb02f"));
  const auto sensor = read("cef", "CEF:0|Acme|Wall|1|4|Scan|6|dvchost=fw-1 src=203.0.113.9 dst=10.0.0.5");
  EXPECT_FALSE(has(sensor, EntityKind::kHost, "fw-1", EntityRole::kTarget));
}

TEST(VendorShapes, CefTimesNameTheirZones) {
  const auto time = [](std::string_view text) {
    const auto line = "CEF:0|A|B|1|4|Scan|6|rt=" + std::string(text) + " src=203.0.113.9";
    return to_rfc3339(read("cef", line).occurred_at);
  };
  EXPECT_EQ(time("Nov 15 2017 08:43:57 GMT+02:00"), "2017-11-15T06:43:57.000Z");
  EXPECT_EQ(time("Nov 15 2017 08:43:57 EST"), "2017-11-15T13:43:57.000Z");
  EXPECT_EQ(time("Nov 15 2017 08:43:57.500 XYZT"), "2017-11-15T08:43:57.500Z");  // nobody knows this one
}

TEST(VendorShapes, AWazuhManagerIsNoVictimOfWhatItFetchesFromACloud) {
  const auto alert = read("wazuh", R"({"timestamp":"2024-05-01T10:00:00.123+0000","id":"1.2",
      "rule":{"level":10,"description":"GuardDuty finding","id":"80301","groups":["aws"]},
      "agent":{"id":"000","name":"wazuh-server"},"decoder":{"name":"json"},
      "data":{"aws":{"accountId":"123456789012","resource":{"instanceDetails":{"instanceId":"i-0123"}},
      "service":{"action":{"networkConnectionAction":{"remoteIpDetails":{"ipAddressV4":"203.0.113.7"}}}}}}})");
  EXPECT_TRUE(has(alert, EntityKind::kHost, "wazuh-server", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.7", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "i-0123", EntityRole::kTarget));
}

TEST(VendorShapes, AWazuhActiveResponseIsAboutTheAlertThatItAnswers) {
  const auto alert = read("wazuh", R"({"timestamp":"2024-05-01T10:00:00.123+0000","id":"1.3",
      "rule":{"level":3,"description":"Host Blocked","id":"651","groups":["active_response"]},
      "agent":{"id":"001","name":"web01"},"decoder":{"name":"ar_log_json"},"data":{"command":"add",
      "parameters":{"alert":{"data":{"srcip":"203.0.113.50","dstuser":"root"}}}}})");
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.50", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "root", EntityRole::kTarget));
  EXPECT_FALSE(has(alert, EntityKind::kProcess, "add", EntityRole::kRelated));
}

TEST(VendorShapes, WazuhCommandsAreWholeAndDefenderSaysWhatItFound) {
  const auto audit = read("wazuh", R"({"timestamp":"2024-05-01T10:00:00.123+0000","id":"1.4",
      "rule":{"level":7,"description":"Audit","id":"80792"},"agent":{"id":"003","name":"lnx"},
      "data":{"audit":{"exe":"/usr/bin/nc","command":"nc","execve":{"a0":"nc","a1":"-e","a2":"/bin/sh"}}}})");
  EXPECT_EQ(audit.process.command_line, "nc -e /bin/sh");
  const auto sudo = read("wazuh", R"({"timestamp":"2024-05-01T10:00:00.123+0000","id":"1.5",
      "rule":{"level":5,"description":"sudo","id":"5403"},"agent":{"id":"003","name":"lnx"},
      "data":{"srcuser":"ann","dstuser":"root","command":"/bin/cat /etc/shadow"}})");
  EXPECT_EQ(sudo.process.command_line, "/bin/cat /etc/shadow");
  EXPECT_TRUE(has(sudo, EntityKind::kProcess, "/bin/cat", EntityRole::kRelated));
  const auto found = read("wazuh", R"({"timestamp":"2024-05-01T10:00:00.123+0000","id":"1.6",
      "rule":{"level":12,"description":"Defender","id":"62123"},"agent":{"id":"005","name":"WIN-5"},
      "data":{"win":{"system":{"computer":"WIN-5"},"eventdata":{"threat Name":"Trojan:Win32/X",
      "path":"file:_C:\\Users\\ann\\x.exe","detection User":"CORP\\ann"}}}})");
  EXPECT_TRUE(has(found, EntityKind::kFile, "C:\\Users\\ann\\x.exe", EntityRole::kTarget));
  EXPECT_TRUE(has(found, EntityKind::kUser, "CORP\\ann", EntityRole::kTarget));
}

TEST(VendorShapes, SuricataReadsMailsProxiesAndSmbUsers) {
  const auto event = [](std::string_view more) {
    return R"({"timestamp":"2024-05-01T10:00:00.1+0000","flow_id":1,"event_type":"alert","src_ip":"10.0.0.2",)"
           R"("dest_ip":"10.0.0.5","alert":{"signature":"ET X","signature_id":1,"severity":1},)" +
           std::string(more) + "}";
  };
  const auto mail =
      read("suricata", event(R"("email":{"url":["evil.example.net/p"],"attachment":["inv.zip"]})"));
  EXPECT_TRUE(has_ioc(mail, "http://evil.example.net/p"));
  EXPECT_TRUE(has(mail, EntityKind::kFile, "inv.zip", EntityRole::kRelated));
  const auto web =
      read("suricata", event(R"("http":{"hostname":"shop.example.com","xff":"198.51.100.7, 10.0.0.9"})"));
  EXPECT_TRUE(has(web, EntityKind::kIp, "198.51.100.7", EntityRole::kSource));
  const auto smb = read("suricata", event(R"("smb":{"ntlmssp":{"user":"bob","host":"WS1"}})"));
  EXPECT_TRUE(has(smb, EntityKind::kUser, "bob", EntityRole::kActor));
}

TEST(VendorShapes, SplunkRowsJoinValuesTheirOwnWay) {
  const auto alert = read("splunk", R"({"sid":"s","search_name":"ESCU - X - Rule","result":{"firstTime":
      "2024-05-01T10:00:00","mitre_technique_id":"T1059.001 T1547","src_user":"bad@evil.example.com",
      "recipient":"ann@corp.example","process_hash":"MD5=44D88612FEA8A8F36DE82E1278ABB02F,IMPHASH=00000000000000000000000000000000"}})");
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-05-01T10:00:00.000Z");
  EXPECT_EQ(alert.attack.techniques, (std::vector<std::string>{"T1059.001", "T1547"}));
  EXPECT_TRUE(has_ioc(alert, "44d88612fea8a8f36de82e1278abb02f"));
  EXPECT_FALSE(has_ioc(alert, "00000000000000000000000000000000"));
  EXPECT_TRUE(has(alert, EntityKind::kEmail, "bad@evil.example.com", EntityRole::kSource));
}

TEST(VendorShapes, WizSaysWhatIsExposedAndTheCustomersOwnAddressIsNoIndicator) {
  const auto alert = read("wiz", R"({"id":"8","severity":"MEDIUM","createdAt":"2026-01-28T01:57:45Z",
      "description":"Endpoint 203.0.113.8:27017 is exposed","primaryResource":{"type":"ENDPOINT",
      "name":"203.0.113.8:27017"},"triggeringEvents":{"nodes":[{"actorIP":"198.51.100.5",
      "timestamp":"2026-01-28T01:42:20Z"}]},"ruleMatch":{"rule":{"id":"r","name":"Exposed database",
      "securitySubCategories":[{"title":"Exploit Public-Facing Application","category":{"name":"Initial Access"}}]}}})");
  EXPECT_TRUE(has(alert, EntityKind::kIp, "203.0.113.8", EntityRole::kTarget));
  EXPECT_FALSE(has_ioc(alert, "203.0.113.8"));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.5"));
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1190"});
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2026-01-28T01:42:20.000Z");
}

}  // namespace
}  // namespace tocsin::ingest
