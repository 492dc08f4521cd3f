#include "ingest/message.h"

#include <gtest/gtest.h>

#include "model/names.h"

namespace tocsin::ingest {
namespace {

using model::RecordKind;

Normalised read(std::string_view source, std::string_view message) {
  Options options;
  options.now = *parse_time("2026-01-18T12:00:00Z");
  Normalised result;
  normalise_message(source, message, 7, options, result);
  return result;
}

constexpr std::string_view kCef =
    "<134>Jan 18 11:07:53 gw1 CEF:0|Maker|Box|1|100|Worm stopped|8|src=10.1.1.1 dst=203.0.113.9";
constexpr std::string_view kEve =
    R"({"timestamp":"2026-01-18T11:07:53.000000+0000","event_type":"alert","src_ip":"10.0.0.1",)"
    R"("dest_ip":"203.0.113.7","proto":"TCP","alert":{"signature_id":1,"signature":"ET X","severity":1}})";

TEST(NormaliseMessage, ALineNobodyClaimsIsAnEvent) {
  const auto result = read("auto", "<38>Jan 18 11:07:53 web-1 sshd[42]: Failed password for root");
  ASSERT_EQ(result.records.size(), 1U);
  const auto& record = result.records[0];
  EXPECT_EQ(record.kind, RecordKind::kEvent);
  EXPECT_EQ(record.index, 7U);
  EXPECT_EQ(record.alert.source, "syslog");
  EXPECT_EQ(record.alert.type, "sshd");
  EXPECT_EQ(record.alert.message, "Failed password for root");
  EXPECT_EQ(to_rfc3339(record.alert.occurred_at), "2026-01-18T11:07:53.000Z");
  EXPECT_EQ(record.alert.entities.at(0).value, "web-1");
  EXPECT_EQ(record.alert.raw,
            R"({"event.original":"<38>Jan 18 11:07:53 web-1 sshd[42]: Failed password for root",)"
            R"("log.syslog.facility.code":"4","log.syslog.severity.code":"6","log.syslog.hostname":"web-1",)"
            R"("log.syslog.appname":"sshd","log.syslog.procid":"42","message":"Failed password for root"})");
}

TEST(NormaliseMessage, CefInsideIsAnAlertWhetherNamedOrRecognised) {
  for (const auto* source : {"auto", "cef"}) {
    const auto result = read(source, kCef);
    ASSERT_EQ(result.records.size(), 1U) << source;
    EXPECT_EQ(result.records[0].kind, RecordKind::kAlert);
    EXPECT_EQ(result.records[0].alert.title, "Worm stopped");
    EXPECT_EQ(to_rfc3339(result.records[0].alert.occurred_at), "2026-01-18T11:07:53.000Z");
  }
}

TEST(NormaliseMessage, JsonIsFoundBehindEachHeader) {
  const std::string eve(kEve);
  for (const auto& head : {std::string(), std::string("<134>Jan 18 11:07:53 ids suricata[9]: "),
                           std::string("<134>1 2026-01-18T11:07:53Z ids suricata 9 - - @cee: ")}) {
    for (const auto* source : {"auto", "suricata"}) {
      const auto result = read(source, head + eve);
      ASSERT_EQ(result.records.size(), 1U) << head << ' ' << source;
      EXPECT_EQ(result.records[0].alert.source, "suricata");
      EXPECT_EQ(result.records[0].alert.raw, eve);
    }
  }
}

TEST(NormaliseMessage, JsonThatNobodyClaimsIsAnEventAndGenericOnlyByName) {
  const std::string_view log = R"(<14>app: {"message":"user added","level":"info","user":"bo"})";
  const auto kept = read("auto", log);
  ASSERT_EQ(kept.records.size(), 1U);
  EXPECT_EQ(kept.records[0].kind, RecordKind::kEvent);
  EXPECT_EQ(kept.records[0].alert.message, "user added");
  const auto named = read("generic", log);
  ASSERT_EQ(named.records.size(), 1U);
  EXPECT_EQ(named.records[0].kind, RecordKind::kAlert);
}

TEST(NormaliseMessage, BrokenJsonIsRefusedAndTextWithABraceIsNot) {
  const auto broken = read("auto", R"(<14>app: {"message":"cut of)");
  ASSERT_EQ(broken.rejections.size(), 1U);
  EXPECT_EQ(broken.rejections[0].fragment, R"(<14>app: {"message":"cut of)");
  EXPECT_EQ(read("auto", "{worker 3} started").records.size(), 1U);
}

TEST(NormaliseMessage, ANamedSourceRefusesWhatIsNotItsOwn) {
  EXPECT_EQ(read("suricata", "<13>sshd[1]: hello").rejections.size(), 1U);
  EXPECT_EQ(read("cef", "<13>sshd[1]: hello").rejections.size(), 1U);
}

TEST(NormaliseMessage, BytesThatAreNoTextCannotHideAMessage) {
  const auto latin1 = read("auto", "<38>Jan 18 11:07:53 web-1 sshd: M\xfcller failed");
  ASSERT_EQ(latin1.records.size(), 1U);
  EXPECT_EQ(latin1.records[0].alert.message, "M\xEF\xBF\xBDller failed");
  const auto hello = read("auto", std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  ASSERT_EQ(hello.rejections.size(), 1U);
  EXPECT_EQ(hello.rejections[0].error.message, "binary data, not text");
}

TEST(NormaliseMessage, NothingComesOfBlanks) {
  for (const auto* blank : {"", " ", "\r\n"}) {
    const auto result = read("auto", blank);
    EXPECT_TRUE(result.records.empty() && result.rejections.empty());
  }
}

}  // namespace
}  // namespace tocsin::ingest
