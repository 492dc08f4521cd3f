#include "detect/source/source_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "detect/source/event_values.h"

namespace tocsin::detect {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Keeps the parser with what it parsed.
class Seen {
 public:
  explicit Seen(const std::string& json, const LogSource& given = {},
                const SourceTable& table = SourceTable::built_in())
      : event_(parser_.parse(json)), views_(table.recognise(event_, given)) {}

  // "product/category+category/service" of each view.
  std::vector<std::string> sources() const {
    std::vector<std::string> out;
    for (const auto& view : views_) {
      std::string categories;
      for (const auto& category : view.provenance.categories)
        categories += (categories.empty() ? "" : "+") + category;
      out.push_back(view.provenance.product + '/' + categories + '/' + view.provenance.service);
    }
    return out;
  }
  bool seen_by(const LogSource& rule) const { return view_for(rule) != nullptr; }
  // What a rule of that source reads under the name; several values are joined with '|'.
  std::string read(const LogSource& rule, std::string_view field) const {
    const auto* view = view_for(rule);
    if (view == nullptr) return "(not asked)";
    std::string out;
    const auto values = values_of(event_, field, *view);
    if (!values) return "(absent)";
    for (const auto value : *values) out += (out.empty() ? "" : "|") + to_text(value).value_or("(null)");
    return out;
  }

 private:
  const View* view_for(const LogSource& rule) const {
    const auto found = std::find_if(views_.begin(), views_.end(),
                                    [&](const View& view) { return may_see(rule, view.provenance); });
    return found == views_.end() ? nullptr : &*found;
  }
  simdjson::dom::parser parser_;
  simdjson::dom::element event_;
  std::vector<View> views_;
};

const LogSource kProcessStart{"windows", "process_creation", ""};
const LogSource kLinuxProcessStart{"linux", "process_creation", ""};

std::string sysmon(int id, const std::string& more = "") {
  return R"({"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":)" + std::to_string(id) + more + "}";
}

TEST(LogSource, ARuleSeesOnlyEventsThatAreKnownToHaveEachPartItNames) {
  const Provenance event{"windows", "sysmon", {"registry_event", "registry_set"}};
  EXPECT_TRUE(may_see({"windows", "registry_set", ""}, event));
  EXPECT_TRUE(may_see({"windows", "registry_event", "sysmon"}, event));
  EXPECT_TRUE(may_see({"", "registry_set", ""}, event));
  EXPECT_TRUE(may_see({"windows", "", ""}, event));
  EXPECT_FALSE(may_see({"linux", "registry_set", ""}, event));
  EXPECT_FALSE(may_see({"windows", "process_creation", ""}, event));
  EXPECT_FALSE(may_see({"windows", "", "security"}, event));
  EXPECT_FALSE(may_see({"windows", "registry_set", ""}, {"windows", "", {}}));
  EXPECT_FALSE(may_see({"windows", "", ""}, {}));
}

TEST(SourceTable, SysmonIdsAreCategories) {
  const std::map<int, std::string> expected{{1, "process_creation"},
                                            {2, "file_change"},
                                            {3, "network_connection"},
                                            {6, "driver_load"},
                                            {7, "image_load"},
                                            {8, "create_remote_thread"},
                                            {9, "raw_access_thread"},
                                            {10, "process_access"},
                                            {11, "file_event"},
                                            {13, "registry_event+registry_set"},
                                            {14, "registry_event+registry_rename"},
                                            {15, "create_stream_hash"},
                                            {16, "sysmon_status"},
                                            {18, "pipe_created"},
                                            {20, "wmi_event"},
                                            {22, "dns_query"},
                                            {26, "file_delete"},
                                            {255, "sysmon_error"},
                                            {9999, ""}};
  for (const auto& [id, categories] : expected)
    EXPECT_THAT(Seen(sysmon(id)).sources(), ElementsAre("windows/" + categories + "/sysmon")) << id;
}

TEST(SourceTable, ARegistryKeyIsAddedOrDeletedOrBothWhenTheForwarderLostWhich) {
  EXPECT_THAT(Seen(sysmon(12, R"(,"EventType":"CreateKey")")).sources(),
              ElementsAre("windows/registry_event+registry_add/sysmon"));
  EXPECT_THAT(Seen(sysmon(12, R"(,"EventType":"DeleteValue")")).sources(),
              ElementsAre("windows/registry_event+registry_delete/sysmon"));
  for (const auto* lost : {"", R"(,"EventType":"INFO")", R"(,"EventType":null)"})
    EXPECT_THAT(Seen(sysmon(12, lost)).sources(),
                ElementsAre("windows/registry_event+registry_add+registry_delete/sysmon"));
}

TEST(SourceTable, ChannelsAndIdsCompareWithoutCaseAndNumbersAsText) {
  EXPECT_THAT(Seen(R"({"Channel":"security","EventID":4624})").sources(), ElementsAre("windows//security"));
  EXPECT_THAT(Seen(R"({"EventID":"1","Channel":"microsoft-windows-sysmon/operational"})").sources(),
              ElementsAre("windows/process_creation/sysmon"));
}

TEST(SourceTable, FlatAndNestedEventsReadAlike) {
  const auto flat =
      sysmon(1, R"(,"Provider_Name":"Microsoft-Windows-Sysmon","Image":"C:\\a.exe","Computer":"pc")");
  const std::string nested =
      R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},
         "EventID":{"#attributes":{"Qualifiers":0},"#text":1},"Channel":"Microsoft-Windows-Sysmon/Operational",
         "Computer":"pc"},"EventData":{"Image":"C:\\a.exe"}}})";
  const std::string beat =
      R"({"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","computer_name":"pc",
         "provider_name":"Microsoft-Windows-Sysmon","event_data":{"Image":"C:\\a.exe"}}})";
  const std::string ecs =
      R"({"winlog.channel":"Microsoft-Windows-Sysmon/Operational","event.code":1,"host.name":"pc",
         "winlog.provider_name":"Microsoft-Windows-Sysmon","process.executable":"C:\\a.exe"})";
  for (const auto& text : {flat, nested, beat, ecs}) {
    const Seen event(text);
    EXPECT_EQ(event.read(kProcessStart, "Image"), "C:\\a.exe") << text;
    EXPECT_EQ(event.read(kProcessStart, "EventID"), "1") << text;
    EXPECT_EQ(event.read(kProcessStart, "Computer"), "pc") << text;
    EXPECT_EQ(event.read(kProcessStart, "Provider_Name"), "Microsoft-Windows-Sysmon") << text;
    EXPECT_EQ(event.read(kProcessStart, "CommandLine"), "(absent)") << text;
  }
}

TEST(SourceTable, TheSecurityAuditOfAProcessStartIsReadUnderBothNames) {
  const Seen event(R"({"Channel":"Security","EventID":4688,"NewProcessName":"C:\\new.exe","ProcessId":"0x4",
                       "ParentProcessName":"C:\\old.exe","NewProcessId":"0x8","CommandLine":"new.exe -x"})");
  EXPECT_THAT(event.sources(), UnorderedElementsAre("windows//security", "windows/process_creation/"));
  EXPECT_EQ(event.read(kProcessStart, "Image"), "C:\\new.exe");
  EXPECT_EQ(event.read(kProcessStart, "ParentImage"), "C:\\old.exe");
  EXPECT_EQ(event.read(kProcessStart, "ProcessId"), "0x8");
  EXPECT_EQ(event.read(kProcessStart, "CommandLine"), "new.exe -x");
  EXPECT_EQ(event.read({"windows", "", "security"}, "ProcessId"), "0x4");
  EXPECT_FALSE(event.seen_by({"windows", "process_creation", "security"}));
}

TEST(SourceTable, DefendersSpacedNamesReadAsRulesWriteThem) {
  const LogSource defender{"windows", "", "windefend"};
  const Seen flat(R"({"Channel":"Microsoft-Windows-Windows Defender/Operational","EventID":1116,
                      "Threat Name":"HackTool:X","Source Name":"%%818"})");
  const Seen nested(
      R"({"Event":{"System":{"Channel":"Microsoft-Windows-Windows Defender/Operational","EventID":1116,
      "Provider":{"#attributes":{"Name":"Microsoft-Windows-Windows Defender"}}},
      "EventData":{"Threat Name":"HackTool:X","Source Name":"%%818"}}})");
  for (const auto* event : {&flat, &nested}) {
    EXPECT_EQ(event->read(defender, "ThreatName"), "HackTool:X");
    EXPECT_EQ(event->read(defender, "SourceName"), "%%818");
  }
}

TEST(SourceTable, EveryKindOfSourceIsKnown) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"Channel":"Windows PowerShell","EventID":400})", "windows/ps_classic_start/powershell-classic"},
      {R"({"Channel":"PowerShellCore/Operational","EventID":4104})", "windows/ps_script/powershell"},
      {R"({"Channel":"Microsoft-Windows-AppLocker/EXE and DLL","EventID":8004})", "windows//applocker"},
      {R"({"Channel":"Some-Vendor/Admin","EventID":1})", "windows//"},
      {R"({"Channel":"Linux-Sysmon/Operational","EventID":11})", "linux/file_event/sysmon"},
      {R"({"type":"SYSCALL","serial":7,"exe":"/bin/ls"})", "linux//auditd"},
      {R"({"_TRANSPORT":"syslog","SYSLOG_IDENTIFIER":"bash","MESSAGE":"x"})", "linux//syslog"},
      {R"({"eventVersion":"1.08","eventSource":"iam.amazonaws.com","awsRegion":"x"})", "aws//cloudtrail"},
      {R"({"service":{"serviceName":"guardduty"}})", "aws//guardduty"},
      {R"({"category":"SignInLogs","properties":{}})", "azure//signinlogs"},
      {R"({"category":"AuditLogs"})", "azure//auditlogs"},
      {R"({"category":"Administrative","resourceId":"/s"})", "azure//activitylogs"},
      {R"({"Workload":"AzureActiveDirectory","Operation":"UserLoggedIn"})", "m365//audit"},
      {R"({"logName":"l","protoPayload":{"methodName":"x","serviceName":"iam"}})", "gcp//gcp.audit"},
      {R"({"eventType":"x","published":"p","actor":{"alternateId":"a"}})", "okta//okta"},
      {R"({"action":"repo.create","actor":"a","org":"o"})", "github//audit"},
      {R"({"apiVersion":"audit.k8s.io/v1","auditID":"1","verb":"get"})", "kubernetes/application/audit"},
      {R"({"_path":"smb_files","ts":1})", "zeek//smb_files"},
      {R"({"event_type":"alert","flow_id":1})", "suricata//"},
      {R"({"cs-method":"GET","s-computername":"w"})", "/webserver/"},
      {R"({"cs-method":"GET","cs-host":"w","c-useragent":"u"})", "/proxy/"},
      {R"({"deviceVendor":"v","deviceProduct":"p","src":"1.2.3.4","dst":"5.6.7.8"})", "/firewall/"},
      {R"({"class_uid":1007,"activity_id":1,"device":{"os":{"type_id":100}}})", "windows/process_creation/"},
      {R"({"ecs":{"version":"8"},"host":{"os":{"type":"macos"}},"event":{"category":["process"],"type":["start"]}})",
       "macos/process_creation/"}};
  for (const auto& [json, source] : cases) EXPECT_THAT(Seen(json).sources(), ElementsAre(source)) << json;
}

TEST(SourceTable, AJournalEntryIsSyslogAndItsProgramsOwn) {
  EXPECT_THAT(Seen(R"({"_TRANSPORT":"syslog","SYSLOG_IDENTIFIER":"sshd","SYSLOG_FACILITY":"10"})").sources(),
              UnorderedElementsAre("linux//sshd", "linux//auth", "linux//syslog"));
}

TEST(SourceTable, ANameRequestIsSeenByTheSensorsRulesAndByThoseForNameServers) {
  for (const auto* json :
       {R"({"@stream":"dns","ts":1,"query":"a.test","qtype_name":"TXT","id_orig_h":"10.0.0.1"})",
        R"({"_path":"dns","ts":1,"query":"a.test","qtype_name":"TXT","id.orig_h":"10.0.0.1"})"}) {
    const Seen event(json);
    EXPECT_EQ(event.read({"zeek", "", "dns"}, "id.orig_h"), "10.0.0.1");
    EXPECT_EQ(event.read({"zeek", "", "dns"}, "qtype_name"), "TXT");
    EXPECT_EQ(event.read({"", "dns", ""}, "record_type"), "TXT");
    EXPECT_EQ(event.read({"", "dns", ""}, "query"), "a.test");
    EXPECT_FALSE(event.seen_by({"", "proxy", ""}));
  }
}

TEST(SourceTable, WhatNobodyKnowsIsSeenByNoRule) {
  for (const auto* json :
       {"{}", "[]", "7", "null", R"("text")", R"({"a":{"b":[1,2]}})", R"({"Channel":null})"})
    EXPECT_THAT(Seen(json).sources(), IsEmpty()) << json;
}

TEST(SourceTable, TheSenderSaysWhatTheEventDoesNot) {
  EXPECT_THAT(Seen(R"({"message":"x"})", {"linux", "", "sshd"}).sources(), ElementsAre("linux//sshd"));
  EXPECT_THAT(Seen(R"({"cs-method":"GET","s-port":80})", {"windows", "", "iis"}).sources(),
              ElementsAre("windows/webserver/iis"));
  // A sender cannot make one thing another: the rows that contradict it do not count.
  EXPECT_THAT(Seen(sysmon(1), {"linux", "", ""}).sources(), ElementsAre("linux//"));
}

TEST(EventValues, ADottedNameIsTheSameAsNestedObjects) {
  for (const auto* json : {R"({"a":{"b":{"c":1}}})", R"({"a.b":{"c":1}})", R"({"a":{"b.c":1}})",
                           R"({"a.b.c":1})", R"({"a":[{"b":[{"c":[1]}]}]})"}) {
    simdjson::dom::parser parser;
    const auto values = values_at(parser.parse(std::string_view(json)), "a.b.c");
    ASSERT_TRUE(values) << json;
    ASSERT_EQ(values->size(), 1U) << json;
    EXPECT_EQ(to_text(values->front()), "1") << json;
  }
}

TEST(EventValues, AFieldCanBeThereWithoutValuesAndANameTwice) {
  simdjson::dom::parser parser;
  const JsonValue event =
      parser.parse(R"({"none":[],"inside":{"x":1},"twice":"a","twice":"b","list":["c",null,["d"]]})"sv);
  EXPECT_EQ(values_at(event, "absent"), std::nullopt);
  ASSERT_TRUE(values_at(event, "none") && values_at(event, "inside") && values_at(event, "twice"));
  EXPECT_TRUE(values_at(event, "none")->empty());
  EXPECT_TRUE(values_at(event, "inside")->empty());
  EXPECT_EQ(values_at(event, "twice")->size(), 2U);
  EXPECT_EQ(values_at(event, "list")->size(), 3U);
}

TEST(EventValues, AViewedEventIsWhatRulesAreAskedAbout) {
  simdjson::dom::parser parser;
  const JsonValue event = parser.parse(
      R"({"Channel":"Security","EventID":4688,"NewProcessName":"C:\\A.exe","Extra":[null,true]})"sv);
  const auto views = SourceTable::built_in().recognise(event);
  const auto view = std::find_if(views.begin(), views.end(),
                                 [](const View& one) { return may_see(kProcessStart, one.provenance); });
  ASSERT_NE(view, views.end());
  const ViewedEvent viewed(event, *view);
  ASSERT_NE(viewed.find("Image"), nullptr);
  EXPECT_EQ(viewed.find("Image")->front().folded, "c:\\a.exe");
  EXPECT_EQ(viewed.find("ParentImage"), nullptr);
  std::vector<std::string> all;
  viewed.any_value([&](const sigma::Value& value) { return all.push_back(value.text), false; });
  EXPECT_THAT(all, ElementsAre("Security", "4688", "C:\\A.exe", "", "true"));
}

TEST(EventValues, AValueCountsBeforeANullOfAnEarlierName) {
  const auto table = SourceTable::parse(std::vector<SourceTable::File>{
      {"own.yaml", "sources: [{when: {kind: x}, product: p, fields: {F: [a, b]}}]"}});
  ASSERT_TRUE(table);
  EXPECT_EQ(Seen(R"({"kind":"x","a":null,"b":"v"})", {}, *table).read({"p", "", ""}, "F"), "v");
  EXPECT_EQ(Seen(R"({"kind":"x","a":null})", {}, *table).read({"p", "", ""}, "F"), "(null)");
  EXPECT_EQ(Seen(R"({"kind":"x","a":"","b":"v"})", {}, *table).read({"p", "", ""}, "F"), "");
}

TEST(SourceFiles, AFaultNamesItsFileLineAndColumn) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"sources:\n  - product: x\n", "own.yaml:2:5"},
      {"sources:\n  - {when: {A: 1}, produkt: x}\n", "own.yaml:2:20"},
      {"sources:\n  - {when: {A: []}}\n", "own.yaml:2:16"},
      {"shapes:\n  - {name: x}\n", "own.yaml:2:5"},
      {"shapes: [{name: x, sign: a..b}]\n", "own.yaml:1:26"},
      {"sources: {\n", "own.yaml:"},
      {"[1, 2]", "own.yaml:1:1"}};
  for (const auto& [yaml, where] : cases) {
    const auto table = SourceTable::parse(std::vector<SourceTable::File>{{"own.yaml", yaml}});
    ASSERT_FALSE(table) << yaml;
    EXPECT_THAT(table.error().where, HasSubstr(where)) << yaml;
    EXPECT_FALSE(table.error().hint.empty()) << yaml;
  }
}

TEST(SourceFiles, AnOperatorsFilesAddToTheBuiltInOnes) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "tocsin_logsources";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "own.yaml")
      << "sources: [{when: {sensor: \"acme-*\"}, product: acme, service: door}]\n";
  std::ofstream(directory / "notes.txt") << "not YAML: [";
  const auto table = SourceTable::load(directory);
  std::filesystem::remove_all(directory);
  ASSERT_TRUE(table) << to_string(table.error());
  EXPECT_THAT(Seen(R"({"sensor":"ACME-7"})", {}, *table).sources(), ElementsAre("acme//door"));
  EXPECT_THAT(Seen(sysmon(1), {}, *table).sources(), ElementsAre("windows/process_creation/sysmon"));
  EXPECT_FALSE(SourceTable::load(directory));
}

}  // namespace
}  // namespace tocsin::detect
