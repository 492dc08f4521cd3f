#include "ingest/ingest.h"

#include <gtest/gtest.h>

#include "ingest/json_scan.h"

namespace tocsin::ingest {
namespace {

using namespace std::string_literals;
using model::EntityKind;
using model::EntityRole;

const Options kOptions{*parse_time("2026-01-20T00:00:00Z")};

AlertBody parsed(std::string_view body, BodyFormat format = BodyFormat::kJson) {
  auto result = parse_alerts(body, format, kOptions);
  EXPECT_TRUE(result.ok()) << (result ? "" : to_string(result.error()));
  return result ? *std::move(result) : AlertBody{};
}

Error refused(std::string_view body, BodyFormat format = BodyFormat::kJson) {
  auto result = parse_alerts(body, format, kOptions);
  EXPECT_FALSE(result.ok()) << body;
  return result ? Error{} : result.error();
}

bool has(const model::Alert& alert, EntityKind kind, EntityRole role, std::string_view value) {
  return std::find(alert.entities.begin(), alert.entities.end(),
                   model::Entity{kind, std::string(value), role}) != alert.entities.end();
}

TEST(ParseAlerts, ReadsTheReferenceSystemsInputs) {
  const auto s0 = parsed(R"({"ts":"2026-01-04T12:00:00Z","source":"demo","alert_type":"ssh_bruteforce",
    "message":"Realtime test alert","user":"admin","host":"web-01","ip":"1.2.3.4","severity":"high"})");
  ASSERT_TRUE(s0.single);
  const auto& alert = s0.normalised.records.at(0).alert;
  EXPECT_EQ(alert.source, "demo");
  EXPECT_EQ(alert.type, "ssh_bruteforce");
  EXPECT_EQ(alert.title, "Realtime test alert");
  EXPECT_EQ(alert.severity, model::Severity::kHigh);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2026-01-04T12:00:00.000Z");
  EXPECT_TRUE(has(alert, EntityKind::kUser, EntityRole::kTarget, "admin"));
  EXPECT_TRUE(has(alert, EntityKind::kHost, EntityRole::kTarget, "web-01"));
  EXPECT_TRUE(has(alert, EntityKind::kIp, EntityRole::kSource, "1.2.3.4"));
  ASSERT_EQ(alert.iocs.size(), 1U);

  const auto s2 =
      parsed(R"({"id":"alert_001","severity":"high","description":"Malicious PowerShell execution detected",
    "source_ip":"192.168.1.100","target_user":"admin","timestamp":"2024-01-15T10:30:00Z"})");
  const auto& second = s2.normalised.records.at(0).alert;
  EXPECT_EQ(second.source_id, "alert_001");
  EXPECT_EQ(second.source, "api");
  EXPECT_EQ(second.type, "malicious_powershell_execution_detected");
  EXPECT_TRUE(second.iocs.empty());  // a private address
}

TEST(ParseAlerts, KeepsEachItemByteForByte) {
  const auto body =
      parsed(R"([ {"message":"a", "n":1.50} , {"message":"b","huge":123456789012345678901234567890} ])");
  ASSERT_EQ(body.normalised.records.size(), 2U);
  EXPECT_EQ(body.normalised.records[0].alert.raw, R"({"message":"a", "n":1.50})");
  EXPECT_EQ(body.normalised.records[1].alert.raw, R"({"message":"b","huge":123456789012345678901234567890})");
  EXPECT_EQ(body.normalised.records[1].index, 1U);
  EXPECT_EQ(parsed("{\"message\":\n \"a\"}").normalised.records.at(0).alert.raw, R"({"message":"a"})");
}

TEST(ParseAlerts, RefusesWrongTypesWithThePointer) {
  const auto cases = std::to_array<std::pair<const char*, const char*>>({
      {R"([{"message":"x","severity":[1]}])", "/0/severity"},
      {R"([{"message":"x","severity":"loud"}])", "/0/severity"},
      {R"([{"message":"x","severity":101}])", "/0/severity"},
      {R"([{"message":5}])", "/0/message"},
      {R"([{"message":"x"},{"message":"x","ip":{}}])", "/1/ip"},
      {R"([{"message":"x","ts":"yesterday"}])", "/0/ts"},
      {R"([{"message":"x","ts":"2199-01-01T00:00:00Z"}])", "/0/ts"},
      {R"([{"message":"x","asset_tier":"gold"}])", "/0/asset_tier"},
      {R"([{"message":"x","entities":[{"kind":"ghost","value":"v"}]}])", "/0/entities/0/kind"},
      {R"([{"message":"x","tags":"a"}])", "/0/tags"},
      {R"([3])", "/0"},
      {R"([{}])", "/0"},
      {R"([{"host":"a"}])", "/0"},
  });
  for (const auto& [body, where] : cases) {
    const auto result = parsed(body);
    ASSERT_EQ(result.normalised.rejections.size(), 1U) << body;
    EXPECT_EQ(result.normalised.rejections[0].error.where, where) << body;
    EXPECT_EQ(result.normalised.rejections[0].error.kind, ErrorKind::kInvalidInput);
    EXPECT_FALSE(result.normalised.rejections[0].error.message.empty());
  }
  EXPECT_NE(parsed("{}").normalised.rejections.at(0).error.hint.find("alert_type"), std::string::npos);
}

TEST(ParseAlerts, NamesTheByteWhereABodyBreaks) {
  const auto cases = std::to_array<std::pair<std::string, const char*>>({
      {"", "byte 0"},
      {"  ", "byte 0"},
      {R"({"a":1)", "byte 6"},
      {R"({"message":"x"} x)", "byte 16"},
      {R"([{"message":"x"},{"message":}])", "byte 28"},
      {R"([{"message":"x"} {"message":"y"}])", "byte 17"},
      {R"({"message":nul})", "byte 11"},
      {R"({"message":01})", "byte 12"},
      {"{\"message\":\"a\xFF\"}", "byte 13"},
      {"{\"message\":\"a\nb\"}", "byte 13"},
      {R"({"message":"\ud800"})", "byte 18"},
      {R"({"message":"\x"})", "byte 13"},
      {R"({message:"x"})", "byte 1"},
      {"[1,]", "byte 3"},
      {"\x01", "byte 0"},
  });
  for (const auto& [body, where] : cases) {
    const auto fault = refused(body);
    EXPECT_EQ(fault.kind, ErrorKind::kInvalidSyntax) << body;
    EXPECT_EQ(fault.where, where) << body << ": " << fault.message;
  }
}

TEST(Normalise, SaysThatAnArrayWasCutOff) {
  const auto empty = normalise("generic", "[", kOptions);
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().kind, ErrorKind::kInvalidSyntax);
  EXPECT_EQ(empty.error().where, "byte 1");
  const auto begun = normalise("generic", R"([{"message":"taken"})", kOptions);
  ASSERT_TRUE(begun.ok());
  EXPECT_EQ(begun->records.size(), 1U);
  EXPECT_EQ(begun->rejections.size(), 1U);
}

TEST(ParseAlerts, RefusesWhatIsNeitherObjectNorArray) {
  EXPECT_EQ(refused("42").kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(refused("\"text\"").kind, ErrorKind::kInvalidInput);
}

TEST(ParseAlerts, BoundsDepthAndNumberOfItems) {
  const auto nested = [](std::size_t depth) {
    std::string body = R"({"message":"x","n":)";
    return body.append(depth, '[').append(depth, ']').append("}");
  };
  EXPECT_EQ(parsed(nested(60)).normalised.records.size(), 1U);
  EXPECT_EQ(refused(nested(64)).kind, ErrorKind::kInvalidSyntax);
  EXPECT_NE(refused(nested(100'000)).message.find("deep"), std::string::npos);
  std::string many = "[";
  for (int i = 0; i < 10'001; ++i) many += R"({"message":"x"},)";
  many.back() = ']';
  EXPECT_EQ(refused(many).kind, ErrorKind::kTooLarge);
}

TEST(ParseAlerts, ReadsLinesAndRefusesThemOneByOne) {
  const auto body =
      parsed("{\"message\":\"a\"}\n\n{broken\n{\"message\":7}\r\n{\"message\":\"b\"}", BodyFormat::kNdjson);
  EXPECT_FALSE(body.single);
  ASSERT_EQ(body.normalised.records.size(), 2U);
  EXPECT_EQ(body.normalised.records[1].index, 4U);
  ASSERT_EQ(body.normalised.rejections.size(), 2U);
  EXPECT_EQ(body.normalised.rejections[0].index, 2U);
  EXPECT_EQ(body.normalised.rejections[0].error.where, "byte 18");
  EXPECT_EQ(body.normalised.rejections[0].fragment, "{broken");
  EXPECT_EQ(body.normalised.rejections[1].error.where, "/message");
}

TEST(ParseAlerts, BoundsEveryText) {
  std::string huge(3U << 20, 'x');
  const auto body =
      parsed(R"({"message":")" + huge + R"(","user":")" + huge + R"(","id":")" + huge + R"("})");
  const auto& alert = body.normalised.records.at(0).alert;
  EXPECT_LE(alert.title.size(), 512U);
  EXPECT_EQ(alert.message.size(), 16U << 10);
  EXPECT_EQ(alert.entities.at(0).value.size(), 2U << 10);
  EXPECT_LE(alert.source_id->size(), 256U);
  EXPECT_LE(alert.type.size(), 96U);
}

TEST(ParseAlerts, FirstOfDuplicateKeysWins) {
  const auto body = parsed(R"({"message":"first","message":"second","user":"a","user":"b"})");
  EXPECT_EQ(body.normalised.records.at(0).alert.message, "first");
}

TEST(ParseAlerts, NulBytesAndOtherControlsAreKeptAsText) {
  const auto body = parsed(R"({"message":"a\u0000b","user":"x\u0000y"})");
  EXPECT_EQ(body.normalised.records.at(0).alert.message, "a\0b"s);
}

TEST(Normalise, KnowsItsSourcesAndAliases) {
  EXPECT_EQ(canonical_source("guardduty"), "aws-guardduty");
  EXPECT_EQ(canonical_source("sentinel"), "microsoft-sentinel");
  EXPECT_EQ(canonical_source("nosuch"), "");
  const auto unknown = normalise("nosuch", "{}", kOptions);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
  for (const auto name : known_sources())
    EXPECT_NE(unknown.error().hint.find(name), std::string::npos) << name;
}

TEST(Normalise, RefusesOtherVendorsShapesWithAHint) {
  for (const auto* source : {"suricata", "wazuh", "aws-guardduty", "microsoft-sentinel", "microsoft-defender",
                             "splunk", "cef", "generic"}) {
    const auto result = normalise(source, R"({"unrelated":{"a":1}})", kOptions);
    ASSERT_TRUE(result.ok()) << source;
    ASSERT_EQ(result->rejections.size(), 1U) << source;
    EXPECT_FALSE(result->rejections[0].error.hint.empty()) << source;
    EXPECT_TRUE(result->records.empty());
  }
}

TEST(Normalise, ReadsOnAfterABrokenLine) {
  const std::string good =
      R"({"timestamp":"2026-01-04T12:00:00Z","event_type":"alert","alert":{"signature":"S","severity":1}})";
  const auto result = normalise("suricata", good + "\n{\"event_type\":\"al\n" + good + "\n", kOptions);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->records.size(), 2U);
  EXPECT_EQ(result->rejections.size(), 1U);
  EXPECT_EQ(normalise("suricata", "{\"event_type\":", kOptions).error().kind, ErrorKind::kInvalidSyntax);
  EXPECT_EQ(normalise("suricata", "", kOptions).error().kind, ErrorKind::kInvalidSyntax);
}

TEST(Normalise, RefusesBrokenBodiesInBoundedWork) {
  std::string open_braces;
  for (int i = 0; i < 200'000; ++i) open_braces += "{\n";
  std::string unclosed_lines;
  for (int i = 0; i < 20'000; ++i) unclosed_lines += "{\"a\":\"\n";
  for (const auto& body : {open_braces, unclosed_lines, "[" + open_braces,
                           open_braces + std::string(200'000, '}'), std::string("{}0"), std::string("[{}")}) {
    const auto result = normalise("suricata", body, kOptions);
    if (!result) continue;
    EXPECT_LE(result->rejections.size(), 16U) << body.substr(0, 8);
    for (const auto& rejection : result->rejections) EXPECT_FALSE(rejection.error.message.empty());
  }
}

TEST(Normalise, AMissingTimeBecomesNowAndSaysSo) {
  const auto result = normalise(
      "suricata", R"({"event_type":"alert","timestamp":"9999","alert":{"signature":"S"}})", kOptions);
  const auto& alert = result->records.at(0).alert;
  EXPECT_EQ(alert.occurred_at, kOptions.now);
  EXPECT_NE(std::find(alert.tags.begin(), alert.tags.end(), "time-missing"), alert.tags.end());
}

std::uint64_t print_of(std::string_view source, std::string_view body) {
  const auto result = normalise(source, body, kOptions);
  EXPECT_TRUE(result.ok() && result->records.size() == 1) << body;
  return result.ok() && !result->records.empty() ? fingerprint(result->records[0].alert) : 0;
}

std::string eve(const char* source_ip, int port, int rule, const char* time) {
  return R"({"timestamp":")"s + time + R"(","event_type":"alert","src_ip":")" + source_ip +
         R"(","src_port":)" + std::to_string(port) +
         R"(,"dest_ip":"10.0.0.5","alert":{"signature":"ET SCAN x","signature_id":)" + std::to_string(rule) +
         "}}";
}

Normalised defender(std::string_view body) {
  auto result = normalise("defender", body, kOptions);
  EXPECT_TRUE(result.ok()) << (result ? "" : to_string(result.error()));
  return result ? *std::move(result) : Normalised{};
}

TEST(Defender, RowsOfOneAlertInOneDeliveryAreOneAlert) {
  const auto read = defender(R"({"records":[
    {"time":"2026-01-04T12:00:00Z","properties":{"AlertId":"a1","EntityType":"Machine","DeviceName":"ws-1"}},
    {"properties":{"AlertId":"a2","Title":"Other","Severity":"Low"}},
    {"properties":{"AlertId":"a1","Title":"Regsvr32 abuse","Severity":"High"}},
    {"properties":{"AlertId":"a1","EntityType":"User","AccountUpn":"ana@corp.example","Severity":"Low"}},
    {"properties":{"AlertId":"a1","EntityType":"Ip","RemoteIP":"203.0.113.9"}}]})");
  ASSERT_EQ(read.records.size(), 2U);
  EXPECT_TRUE(read.rejections.empty());
  const auto& alert = read.records[0].alert;
  EXPECT_EQ(alert.source_id, "a1");
  EXPECT_EQ(alert.title, "Regsvr32 abuse");
  EXPECT_EQ(alert.severity, model::Severity::kHigh);
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2026-01-04T12:00:00.000Z");
  EXPECT_TRUE(has(alert, EntityKind::kHost, EntityRole::kTarget, "ws-1"));
  EXPECT_TRUE(has(alert, EntityKind::kUser, EntityRole::kTarget, "ana@corp.example"));
  EXPECT_TRUE(has(alert, EntityKind::kIp, EntityRole::kSource, "203.0.113.9"));
  EXPECT_TRUE(alert.raw.starts_with(R"({"records":[{)"));
  for (const auto* part : {"\"ws-1\"", "Regsvr32", "ana@corp", "203.0.113.9"})
    EXPECT_NE(alert.raw.find(part), std::string::npos) << part;
  EXPECT_EQ(alert.raw.find("a2"), std::string::npos);
  EXPECT_EQ(read.records[1].alert.title, "Other");
}

TEST(Defender, EvidenceWithoutATitleDoesNotTakeTheAlertsId) {
  const auto read =
      defender(R"({"records":[{"properties":{"AlertId":"a1","EntityType":"Ip","RemoteIP":"203.0.113.9"}}]})");
  ASSERT_EQ(read.records.size(), 1U);
  const auto& alert = read.records[0].alert;
  EXPECT_FALSE(alert.source_id);
  EXPECT_NE(std::find(alert.tags.begin(), alert.tags.end(), "alert:a1"), alert.tags.end());
}

struct CefId {
  std::string_view line;
  std::string_view id;  // empty: none
};
void PrintTo(const CefId& id, std::ostream* out) {
  *out << id.line;
}
class CefIds : public testing::TestWithParam<CefId> {};

TEST_P(CefIds, AreRecordsNotSessions) {
  const auto read = normalise("cef", GetParam().line, kOptions);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->records.size(), 1U);
  EXPECT_EQ(read->records[0].alert.source_id.value_or(""), GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(
    All, CefIds,
    testing::Values(CefId{"CEF:0|Fortinet|Fortigate|v7|13|deny|3|externalId=7781 src=192.0.2.7", ""},
                    CefId{"CEF:0|Darktrace|DCIP|5|x|Beaconing|7|externalId=991 src=192.0.2.7", "991"},
                    CefId{"CEF:0|Acme|IDS|1|x|Scan|7|externalId=4 eventId=12", "12"},
                    CefId{"CEF:0|FireEye|MPS|6|x|Callback|7|externalId=0", ""}));

TEST(Fingerprint, RepeatsAgreeAndOtherTargetsRulesAndUsersDiffer) {
  const auto base = print_of("suricata", eve("203.0.113.1", 1000, 7, "2026-01-04T12:00:00Z"));
  EXPECT_EQ(base, print_of("suricata", eve("203.0.113.1", 2000, 7, "2026-01-05T12:00:00Z")));
  EXPECT_NE(base, print_of("suricata", eve("203.0.113.2", 1000, 7, "2026-01-04T12:00:00Z")));
  EXPECT_NE(base, print_of("suricata", eve("203.0.113.1", 1000, 8, "2026-01-04T12:00:00Z")));
  const auto login = [](const char* count, const char* user) {
    return print_of("generic", R"({"title":")"s + count + R"( failed logins","user":")" + user + R"("})");
  };
  EXPECT_EQ(login("12", "ann"), login("13", "ANN"));
  EXPECT_NE(login("12", "ann"), login("12", "bob"));
}

TEST(JsonScan, FaultFinderAgreesWithTheParserOnSoundTexts) {
  for (const auto* text :
       {"{}", "[]", "[1,-2.5e3,true,null,\"\\u00e9\\ud83d\\ude00\"]", R"({"a":{"b":[{}]}})", " 7 "}) {
    EXPECT_EQ(find_json_fault(text, 64).message, "") << text;
  }
  EXPECT_EQ(quote_huge_numbers(R"({"a":123456789012345678901,"b":12,"c":"9e999","d":9e999,"e":-0.5})"),
            R"({"a":"123456789012345678901","b":12,"c":"9e999","d":"9e999","e":-0.5})");
  EXPECT_EQ(find_member(R"({"x":"a","list": [1, {"y":2}] ,"z":1})", "list"), R"([1, {"y":2}])");
  EXPECT_EQ(find_member("{\"x\":", "x"), "");
}

TEST(Normalise, RefusesWhatOnlyLooksLikeAHugeNumber) {
  const Options options{*parse_time("2026-01-20T00:00:00Z")};
  EXPECT_FALSE(normalise("suricata", R"({"event_type":"flow","flow_id":1203948571203&#x41;948})", options));
  EXPECT_TRUE(
      normalise("suricata", R"({"event_type":"flow","flow_id":120394857120394857120394857})", options));
}

}  // namespace
}  // namespace tocsin::ingest
