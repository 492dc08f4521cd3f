#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/history/history_reader.h"
#include "ingest/history/verdict_words.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;
using model::Verdict;

const Options kOptions{.now = *parse_time("2026-11-23T00:00:00Z")};

HistoryChunk read_in_pieces(std::string_view text, std::size_t piece, std::string_view source = "auto") {
  HistoryChunk all;
  auto reader = HistoryReader::create(text, source, kOptions);
  EXPECT_TRUE(reader.ok()) << (reader.ok() ? "" : to_string(reader.error()));
  if (!reader) return all;
  HistoryChunk chunk;
  const auto take = [&] {
    while (reader->next(chunk)) {
      for (auto& one : chunk.alerts) all.alerts.push_back(std::move(one));
      for (auto& one : chunk.rejections) all.rejections.push_back(std::move(one));
      for (const auto& [word, count] : chunk.unknown_verdicts) all.unknown_verdicts[word] += count;
      all.undecided += chunk.undecided;
      all.items += chunk.items;
    }
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    reader->feed(text.substr(0, piece));
    take();
  }
  reader->finish();
  take();
  return all;
}

HistoryChunk read(std::string_view text, std::string_view source = "auto") {
  return read_in_pieces(text, text.size() + 1, source);
}

ClosedAlert read_one(std::string_view text) {
  auto all = read(text);
  EXPECT_EQ(all.alerts.size(), 1u);
  for (const auto& one : all.rejections) ADD_FAILURE() << one.line << ' ' << one.column << ' ' << one.reason;
  return all.alerts.empty() ? ClosedAlert{} : std::move(all.alerts.front());
}

std::string_view entity(const ClosedAlert& closed, EntityKind kind) {
  return find_entity(
      closed.alert, kind,
      {EntityRole::kTarget, EntityRole::kSource, EntityRole::kDestination, EntityRole::kRelated});
}

TEST(VerdictWords, AreThoseOfToolsAndPeople) {
  for (const auto* word : {"TruePositive", "true_positive", "True Positive - Suspicious Activity", "TP",
                           "Closed as true positive", "disposition:1", "malicious", "confirmed compromised"})
    EXPECT_EQ(verdict_of_words(word), Verdict::kTruePositive) << word;
  for (const auto* word : {"BenignPositive", "Benign Positive - Suspicious But Expected", "BTP",
                           "InformationalExpectedActivity", "benign true positive", "True Positive Benign"})
    EXPECT_EQ(verdict_of_words(word), Verdict::kBenignPositive) << word;
  for (const auto* word : {"FalsePositive", "False Positive - Inaccurate Data", "FP - scanner", "false alarm",
                           "Resolved: not malicious", "disposition:4"})
    EXPECT_EQ(verdict_of_words(word), Verdict::kFalsePositive) << word;
  for (const auto* word : {"Undetermined", "Indeterminate", "Duplicated", "Other", "unknown"})
    EXPECT_EQ(verdict_of_words(word), Verdict::kUndecided) << word;
  for (const auto* word : {"", "closed", "resolved", "not a true positive", "tpx", "falsepositiveish", "1"})
    EXPECT_FALSE(verdict_of_words(word)) << word;
}

TEST(HistoryReader, ReadsPlainColumns) {
  const auto closed = read_one(
      "Title;Rule;Severity;Host;User;Source IP;Created;Closed;Verdict;Closed by;Reason;Minutes spent\n"
      "\"Scan; again\";Port scan;low;srv-1;ann;10.0.0.7;2026-01-04 12:00:00;2026-01-04 12:30:00;FP;bob;"
      "our scanner;7.5\n");
  EXPECT_EQ(closed.alert.title, "Scan; again");
  EXPECT_EQ(closed.alert.type, "port_scan");
  EXPECT_EQ(closed.alert.severity, Severity::kLow);
  EXPECT_EQ(entity(closed, EntityKind::kHost), "srv-1");
  EXPECT_EQ(entity(closed, EntityKind::kUser), "ann");
  EXPECT_EQ(closed.alert.occurred_at, *parse_time("2026-01-04T12:00:00Z"));
  EXPECT_EQ(closed.closed_at, parse_time("2026-01-04T12:30:00Z"));
  EXPECT_EQ(closed.verdict, Verdict::kFalsePositive);
  EXPECT_EQ(closed.closed_by, "bob");
  EXPECT_EQ(closed.reason, "our scanner");
  EXPECT_EQ(closed.minutes, 7.5);
  EXPECT_EQ(closed.line, 2u);
}

TEST(HistoryReader, ReadsTheTableOfSentinelsIncidents) {
  const auto closed = read_one(
      "TimeGenerated,IncidentName,IncidentNumber,Title,Severity,Status,Classification,ClassificationReason,"
      "ClassificationComment,Owner,CreatedTime,ClosedTime\n"
      "2026-01-06T00:00:00Z,0b1c,4711,Rare sign-in,Medium,Closed,BenignPositive,SuspiciousButExpected,"
      "\"travel, \"\"known\"\"\",ann@example.com,2026-01-04T12:00:00Z,2026-01-05T08:00:00Z\n");
  EXPECT_EQ(closed.verdict, Verdict::kBenignPositive);
  EXPECT_EQ(closed.alert.source_id, "4711");
  EXPECT_EQ(closed.alert.occurred_at, *parse_time("2026-01-04T12:00:00Z"));
  EXPECT_EQ(closed.closed_at, parse_time("2026-01-05T08:00:00Z"));
  EXPECT_EQ(closed.closed_by, "ann@example.com");
  EXPECT_EQ(closed.reason, "travel, \"known\"");
}

TEST(HistoryReader, ReadsSplunksNotables) {
  const auto closed = read_one(
      "_time,event_id,search_name,rule_title,src,dest,user,urgency,owner,status_label,disposition_label\n"
      "2026-01-04T12:00:00.000+0100,A@@n@@1,Access - Brute Force - Rule,Brute force from 10.0.0.7,10.0.0.7,"
      "dc-1,ann,high,bob,Closed,True Positive - Suspicious Activity\n");
  EXPECT_EQ(closed.verdict, Verdict::kTruePositive);
  EXPECT_EQ(closed.alert.title, "Brute force from 10.0.0.7");
  EXPECT_EQ(closed.alert.type, "access_brute_force_rule");
  EXPECT_EQ(closed.alert.severity, Severity::kHigh);
  EXPECT_EQ(entity(closed, EntityKind::kHost), "dc-1");
  EXPECT_EQ(closed.alert.occurred_at, *parse_time("2026-01-04T11:00:00Z"));
  EXPECT_FALSE(closed.closed_at);
  EXPECT_EQ(closed.closed_by, "bob");
}

TEST(HistoryReader, ReadsCasesOfTheHiveAndKibanasRows) {
  const auto hive = read_one(
      R"({"_id":"~1","caseId":7,"title":"Phishing","severity":3,"status":"Resolved",)"
      R"("resolutionStatus":"FalsePositive","startDate":1767528000000,"endDate":1767531600000,"owner":"ann",)"
      R"("tags":["mail","malicious"],"summary":"newsletter"})");
  EXPECT_EQ(hive.verdict, Verdict::kFalsePositive);
  EXPECT_EQ(hive.alert.severity, Severity::kHigh);
  EXPECT_EQ(hive.alert.occurred_at, *parse_time("2026-01-04T12:00:00Z"));
  EXPECT_EQ(hive.closed_at, parse_time("2026-01-04T13:00:00Z"));
  const auto kibana = read_one(
      "@timestamp,kibana.alert.rule.name,kibana.alert.severity,host.name,user.name,kibana.alert.workflow_"
      "status,"
      "kibana.alert.workflow_reason,kibana.alert.workflow_status_updated_at\n"
      "2026-01-04T12:00:00Z,LSASS dump,critical,pc-1,ann,closed,true_positive,2026-01-04T14:00:00Z\n");
  EXPECT_EQ(kibana.verdict, Verdict::kTruePositive);
  EXPECT_EQ(kibana.alert.type, "lsass_dump");
  EXPECT_EQ(kibana.alert.severity, Severity::kCritical);
  EXPECT_EQ(entity(kibana, EntityKind::kHost), "pc-1");
  EXPECT_EQ(kibana.closed_at, parse_time("2026-01-04T14:00:00Z"));
}

TEST(HistoryReader, ReadsVendorsOwnShapesByTheirNormaliser) {
  const auto closed = read_one(
      R"({"id":"/subscriptions/x/incidents/1","name":"1","properties":{"title":"Rare sign-in","severity":"High",)"
      R"("status":"Closed","classification":"TruePositive","classificationComment":"stolen",)"
      R"("createdTimeUtc":"2026-01-04T12:00:00Z","lastModifiedTimeUtc":"2026-01-05T12:00:00Z",)"
      R"("incidentNumber":9,"owner":{"assignedTo":"Ann"}}})");
  EXPECT_EQ(closed.alert.source, "microsoft-sentinel");
  EXPECT_EQ(closed.verdict, Verdict::kTruePositive);
  EXPECT_EQ(closed.closed_at, parse_time("2026-01-05T12:00:00Z"));
  EXPECT_EQ(closed.closed_by, "Ann");
  EXPECT_EQ(closed.reason, "stolen");
}

TEST(HistoryReader, KeepsWhatItCannotReadWithLineColumnAndReason) {
  const auto all = read(
      "title,created,verdict\n"
      "a,2026-01-04T12:00:00Z,FP\n"
      "b,yesterday,FP\n"
      "c,2026-01-04T12:00:00Z,purple\n"
      "d,2026-01-04T12:00:00Z,\n"
      "e,2026-01-04T12:00:00Z,Undetermined\n"
      "f,2026-01-04T12:00:00Z,TP,more\n"
      ",2026-01-04T12:00:00Z,TP\n"
      "h,2099-01-01T00:00:00Z,TP\n");
  EXPECT_EQ(all.alerts.size(), 1u);
  EXPECT_EQ(all.undecided, 2u);
  ASSERT_EQ(all.rejections.size(), 5u);
  const auto is = [&](std::size_t at, std::size_t line, std::string_view column) {
    EXPECT_EQ(all.rejections[at].line, line);
    EXPECT_EQ(all.rejections[at].column, column);
    EXPECT_FALSE(all.rejections[at].reason.empty());
  };
  is(0, 3, "created");
  is(1, 4, "verdict");
  is(2, 7, "");
  is(3, 8, "");
  is(4, 9, "created");
  EXPECT_EQ(all.rejections[1].fragment, "c,2026-01-04T12:00:00Z,purple");
  EXPECT_EQ(all.unknown_verdicts, (std::map<std::string, std::size_t>{{"purple", 1}}));
}

TEST(HistoryReader, AClosingTimeThatCannotBeReadOrIsTooEarly) {
  const auto all = read(
      "title,created,closed_at,closed,verdict\n"
      "a,2026-01-04T12:00:00Z,soon,,FP\n"
      "b,2026-01-04T12:00:00Z,2026-01-01T00:00:00Z,,FP\n"
      "c,2026-01-04T12:00:00Z,,true,FP\n");
  ASSERT_EQ(all.rejections.size(), 1u);
  EXPECT_EQ(all.rejections[0].column, "closed_at");
  ASSERT_EQ(all.alerts.size(), 2u);
  EXPECT_EQ(all.alerts[0].closed_at, all.alerts[0].alert.occurred_at);
  EXPECT_FALSE(all.alerts[1].closed_at);
}

TEST(HistoryReader, BrokenLinesDoNotStopTheOthers) {
  const std::string good = R"({"title":"a","created":"2026-01-04T12:00:00Z","verdict":"TP"})";
  const auto all = read(good + "\n{\"title\":\n[1]\n" + good + "\n");
  EXPECT_EQ(all.alerts.size(), 2u);
  EXPECT_EQ(all.rejections.size(), 2u);
  EXPECT_EQ(all.alerts[1].line, 4u);
}

TEST(HistoryReader, PiecesChangeNothing) {
  std::string text = "title,created,verdict,comment\n";
  for (int i = 0; i < 50; ++i)
    text += "t" + std::to_string(i) + ",2026-01-04T12:00:00Z,FP,\"line\nbreak, \"\"quoted\"\"\"\n";
  const auto whole = read(text);
  EXPECT_EQ(whole.alerts.size(), 50u);
  for (const std::size_t piece : {1u, 7u, 64u}) {
    const auto cut = read_in_pieces(text, piece);
    ASSERT_EQ(cut.alerts.size(), whole.alerts.size()) << piece;
    EXPECT_EQ(cut.alerts.back().line, whole.alerts.back().line);
  }
}

TEST(HistoryReader, SaysWhichColumnIsMissing) {
  const auto refuse = [](std::string_view text) {
    const auto reader = HistoryReader::create(text, "auto", kOptions);
    return reader ? std::string("accepted") : reader.error().message;
  };
  EXPECT_THAT(refuse("title,created\na,b\n"), testing::HasSubstr("what became of the alerts"));
  EXPECT_THAT(refuse("title,verdict\na,b\n"), testing::HasSubstr("when the alerts came up"));
  EXPECT_THAT(refuse("created,verdict\na,b\n"), testing::HasSubstr("what the alerts are about"));
  EXPECT_THAT(refuse(""), testing::HasSubstr("empty"));
  EXPECT_THAT(refuse("just a line of text\n"), testing::HasSubstr("neither a table"));
  EXPECT_EQ(HistoryReader::create("a", "no-such-tool", kOptions).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace tocsin::ingest
