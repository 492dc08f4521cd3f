#include <gtest/gtest.h>

#include "base/hash.h"
#include "ingest/file/file_reader.h"
#include "ingest/file/rows.h"
#include "ingest/mapping.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

constexpr std::string_view kSuricata =
    R"({"timestamp":"2026-01-04T12:00:00.000000+0000","event_type":"alert","flow_id":1,"src_ip":"203.0.113.9",)"
    R"("dest_ip":"10.0.0.5","alert":{"signature_id":2001219,"signature":"ET SCAN SSH","severity":2}})";

struct Read {
  FileShape shape;
  Normalised all;
  std::size_t items = 0;
  std::vector<std::uint64_t> hashes;
};

Read read_in_pieces(std::string_view text, std::size_t piece, const FileShape& shape,
                    const Options& options) {
  Read read{shape, {}, 0, {}};
  FileReader reader(shape, options);
  FileChunk chunk;
  const auto take = [&] {
    while (reader.next(chunk)) {
      for (auto& one : chunk.normalised.records) read.all.records.push_back(std::move(one));
      for (auto& one : chunk.normalised.rejections) read.all.rejections.push_back(std::move(one));
      read.items += chunk.items;
      read.hashes.push_back(chunk.content_hash);
    }
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    reader.feed(text.substr(0, piece));
    take();
  }
  reader.finish();
  take();
  return read;
}

Read read_file(std::string_view text, std::string_view source = "auto", const Options& options = {}) {
  const auto shape = find_file_shape(text, source, options);
  EXPECT_TRUE(shape) << (shape ? "" : to_string(shape.error()));
  return shape ? read_in_pieces(text, 1U << 20, *shape, options) : Read{};
}

Error fault_of(std::string_view text, std::string_view source = "auto") {
  const auto shape = find_file_shape(text, source, {});
  EXPECT_FALSE(shape) << shape->source;
  return shape ? Error{} : shape.error();
}

std::vector<std::size_t> lines_of(const Read& read) {
  std::vector<std::size_t> lines;
  for (const auto& record : read.all.records) lines.push_back(record.index);
  return lines;
}

TEST(FileShape, SaysWhyAndHowSure) {
  const auto read = read_file(std::string(kSuricata) + '\n' + std::string(kSuricata) + "\n{\"odd\":1}\n");
  EXPECT_EQ(read.shape.source, "suricata");
  EXPECT_TRUE(read.shape.detected);
  EXPECT_NEAR(read.shape.confidence, 2.0 / 3, 0.001);
  EXPECT_EQ(read.shape.why, "2 of the first 3 items have event_type with an alert, flow_id or in_iface");
}

TEST(FileShape, CountsTheLastLineWithoutItsEnd) {
  const auto read = read_file(std::string(kSuricata) + "\n{\"torn\n" + std::string(kSuricata));
  EXPECT_EQ(read.shape.why, "2 of the first 3 items have event_type with an alert, flow_id or in_iface");
}

TEST(FileShape, EverySourceSaysByWhatItIsRecognised) {
  for (const auto name : known_sources()) EXPECT_FALSE(recognised_by(name).empty()) << name;
}

TEST(FileShape, SeveralSourcesInOneFileAreReadEachByItsShape) {
  const auto cef = "CEF:0|Acme|Wall|1|7|Port scan|7|src=203.0.113.9 dst=10.0.0.5";
  const auto leef = "LEEF:1.0|Acme|IPS|2|SYN|src=203.0.113.9\tdst=10.0.0.5\tsev=5";
  const auto read = read_file(std::string(cef) + '\n' + leef + '\n' + std::string(kSuricata) + '\n');
  EXPECT_EQ(read.shape.source, "auto");
  ASSERT_EQ(read.all.records.size(), 3U);
  EXPECT_EQ(read.all.records[0].alert.source, "cef");
  EXPECT_EQ(read.all.records[1].alert.source, "leef");
  EXPECT_EQ(read.all.records[2].alert.source, "suricata");
}

TEST(FileShape, WhatNobodyCanTellNamesTheCandidates) {
  EXPECT_NE(fault_of("some words\nand more of them\n").hint.find("fortinet-fortigate"), std::string::npos);
  EXPECT_NE(fault_of(R"([{"a":1},{"b":2}])").hint.find("crowdstrike"), std::string::npos);
  EXPECT_EQ(fault_of("").message, "the file is empty");
  EXPECT_EQ(fault_of("{}", "nonesuch").kind, ErrorKind::kNotFound);
}

TEST(FileShape, BinaryFormatsAreNamed) {
  using namespace std::string_view_literals;
  EXPECT_NE(fault_of("ElfFile\0\0\0"sv).message.find(".evtx"), std::string::npos);
  EXPECT_NE(fault_of("PK\x03\x04..."sv).message.find("ZIP"), std::string::npos);
  EXPECT_NE(fault_of("\xFF\xFE<\0?\0"sv).message.find("UTF-16"), std::string::npos);
  EXPECT_EQ(fault_of("abc\0def"sv, "syslog").kind, ErrorKind::kUnsupported);
}

TEST(FileCsv, HeaderNamesAreThoseOfGenericOrTheirSynonyms) {
  const auto read = read_file(
      "Title,Severity,Source IP,user_name,Tags,MITRE Technique,Cost Centre\r\n"
      "\"Beacon, again\",high,203.0.113.9,bob,c2;beacon,T1071.001,9\r\n"
      "\r\n"
      "\"Two\nlines\",75,203.0.113.10,eve,,,\r\n");
  ASSERT_EQ(read.all.records.size(), 2U) << read.all.rejections.size();
  EXPECT_EQ(read.shape.kind, FileKind::kCsv);
  EXPECT_EQ(read.shape.ignored_columns, std::vector<std::string>{"Cost Centre"});
  EXPECT_EQ(lines_of(read), (std::vector<std::size_t>{2, 4}));
  const auto& alert = read.all.records[0].alert;
  EXPECT_EQ(alert.title, "Beacon, again");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(find_entity(alert, EntityKind::kIp, {EntityRole::kSource}), "203.0.113.9");
  EXPECT_EQ(find_entity(alert, EntityKind::kUser, {EntityRole::kTarget}), "bob");
  EXPECT_EQ(alert.tags, (std::vector<std::string>{"c2", "beacon", "time-missing"}));
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1071.001"});
  EXPECT_EQ(alert.raw.find("\"Cost Centre\":\"9\"") == std::string::npos, false);
  EXPECT_EQ(read.all.records[1].alert.severity, Severity::kHigh);
}

TEST(FileCsv, AMappingReadsRowsByItsOwnNames) {
  Mappings mappings;
  mappings.list.push_back(
      *parse_mapping("source: acme\ntitle: What happened\nseverity: Level\n"
                     "entities:\n  - {path: Box, kind: host, role: target}\n",
                     "acme.yaml"));
  const Options options{.mappings = &mappings};
  const auto read = read_file("What happened;Box;Level\nDoor open;srv-1;high\n", "acme", options);
  ASSERT_EQ(read.all.records.size(), 1U);
  EXPECT_EQ(read.all.records[0].alert.source, "acme");
  EXPECT_EQ(read.all.records[0].alert.title, "Door open");
  EXPECT_EQ(find_entity(read.all.records[0].alert, EntityKind::kHost, {EntityRole::kTarget}), "srv-1");
}

TEST(FileCsv, WrongRowsAreRefusedWithTheirLine) {
  const auto read = read_file("title,severity\nGood,high\nToo,many,columns\n,low\nLast,\"open\nNext,low\n");
  ASSERT_EQ(read.all.rejections.size(), 3U);
  EXPECT_EQ(read.all.rejections[0].index, 3U);
  EXPECT_EQ(read.all.rejections[0].fragment, "Too,many,columns\n");
  EXPECT_EQ(read.all.rejections[1].index, 4U);
  EXPECT_EQ(read.all.rejections[2].error.message, "a quote is opened and not closed");
  EXPECT_EQ(lines_of(read), (std::vector<std::size_t>{2, 6}));
}

TEST(FileCsv, AHeaderThatSaysNothingIsRefusedWithItsColumns) {
  const auto fault = fault_of("colour,weight\nred,3\n");
  EXPECT_NE(fault.message.find("colour, weight"), std::string::npos);
  EXPECT_NE(fault.hint.find("title"), std::string::npos);
}

TEST(FileLines, NameValuePairsBecomeAlerts) {
  const auto read =
      read_file("time=2026-01-04T12:00:00Z msg=\"Port scan\" src=203.0.113.9 dst=10.0.0.5 sev=low\n");
  ASSERT_EQ(read.all.records.size(), 1U);
  EXPECT_EQ(read.shape.kind, FileKind::kKeyValues);
  EXPECT_EQ(read.all.records[0].alert.message, "Port scan");
  EXPECT_EQ(read.all.records[0].alert.severity, Severity::kLow);
  EXPECT_EQ(find_entity(read.all.records[0].alert, EntityKind::kIp, {EntityRole::kDestination}), "10.0.0.5");
}

TEST(FileJson, ElementsOfAnArrayKeepTheirLines) {
  const auto one = std::string(kSuricata);
  const auto read = read_file("[\n  " + one + ",\n\n  {\"event_type\": tru},\n  " + one + "\n]\n");
  EXPECT_EQ(lines_of(read), (std::vector<std::size_t>{2, 5}));
  ASSERT_EQ(read.all.rejections.size(), 1U);
  EXPECT_EQ(read.all.rejections[0].index, 4U);
}

TEST(FileJson, ABrokenObjectTakesNothingWithIt) {
  const auto one = std::string(kSuricata);
  const auto read = read_file(one + "\n{\"event_type\":\"alert\"\n" + one + "\n");
  EXPECT_EQ(lines_of(read), (std::vector<std::size_t>{1, 3}));
  ASSERT_EQ(read.all.rejections.size(), 1U);
  EXPECT_EQ(read.all.rejections[0].index, 2U);
}

// Bytes that are not handed out as an item are handed out as a fault, blanks and layout apart.
TEST(FileJson, NothingOfABrokenArrayIsLost) {
  const std::string text = "[" + std::string(kSuricata) + ", oops " + std::string(2'000'000, 'x') + "]";
  FileShape shape{.kind = FileKind::kJson, .source = "suricata"};
  const auto read = read_in_pieces(text, 100'000, shape, {});
  std::size_t kept = 0;
  for (const auto& rejection : read.all.rejections) kept += rejection.fragment.size();
  EXPECT_EQ(read.all.records.size(), 1U);
  EXPECT_EQ(kept, text.size() - kSuricata.size() - 5);  // without the brackets, the comma and two blanks
}

TEST(FileXml, EventsAreCutOutOfAnExport) {
  const std::string one =
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
      "Name='Microsoft-Windows-"
      "Security-Auditing'/><EventID>4625</EventID><TimeCreated "
      "SystemTime='2026-01-04T12:00:00Z'/><Computer>srv-1"
      "</Computer></System><EventData><Data Name='TargetUserName'>bob</Data></EventData></Event>";
  const auto text = "<?xml version=\"1.0\"?>\n<Events>\n" + one + "\n" + one + "\n<Event><System></Events>";
  const auto read = read_file(text);
  EXPECT_EQ(read.shape.kind, FileKind::kXmlEvents);
  EXPECT_EQ(lines_of(read), (std::vector<std::size_t>{3, 4}));
  ASSERT_EQ(read.all.rejections.size(), 1U);
  EXPECT_EQ(read.all.rejections[0].error.message, "this <Event> element is not closed");
}

TEST(FileTable, PartsShareTheHeader) {
  std::string text = "#separator \\x09\n#path\tnotice\n#fields\tts\tuid\tnote\tmsg\tsrc\n";
  for (int i = 0; i < 1201; ++i) {
    text += "17675280" + std::to_string(10 + i % 90) + ".0\tC" + std::to_string(i) +
            "\tScan::Port_Scan\tscan " + std::to_string(i) + "\t203.0.113.9\n";
  }
  const auto read = read_file(text);
  EXPECT_EQ(read.all.records.size(), 1201U);
  EXPECT_EQ(read.items, 3U);
  EXPECT_EQ(read.all.rejections.size(), 0U);
}

TEST(FileTable, BlankLinesHideNothing) {
  std::string text = "#separator \\x09\n#path\tnotice\n#fields\tts\tuid\tnote\tmsg\tsrc\n";
  const std::string row = "1767528010.0\tC1\tScan::Port_Scan\tscan\t203.0.113.9\n";
  text += row + std::string(2000, '\n') + row;
  EXPECT_EQ(read_file(text).all.records.size(), 2U);
}

TEST(FileTable, ARowMayBeginWithAnEmptyField) {
  const std::string text = "host\ttitle\tseverity\n\n\tlogon failed\thigh\n \n\tport scan\tlow\n";
  const auto read = read_file(text, "generic");
  ASSERT_EQ(read.all.records.size(), 2U);
  EXPECT_EQ(read.all.records[0].alert.title, "logon failed");
  EXPECT_EQ(read.all.records[1].alert.title, "port scan");
}

// Each brace begins a value that never ends: looked for so often, and then the rest is handed out as it
// stands.
TEST(FileJson, ValuesThatNeverEndCostABoundedSearch) {
  std::string text;
  for (int i = 0; i < 400'000; ++i) text += "{\n";
  const auto read = read_file(text, "generic");
  EXPECT_GT(read.items, 1U);
  EXPECT_LT(read.items, 3'000U + text.size() / FileItems::kMaxFragment);
  std::size_t kept = 0;
  for (const auto& one : read.all.rejections) kept += one.fragment.size();
  EXPECT_EQ(kept, text.size());
}

TEST(FileEvents, WhatIsNoElementIsHandedOutInPieces) {
  const std::string text = "<Events><Event></Event>" + std::string(3 << 20, 'x');
  const auto read = read_file(text, "windows-eventlog");
  EXPECT_GE(read.all.rejections.size(), 6U);
}

// Wherever the network or the disk cuts a file, its items, lines and chunks are the same.
TEST(FileReader, PiecesOfAnySizeGiveTheSame) {
  const std::string samples[] = {
      std::string(kSuricata) + "\n\n" + std::string(kSuricata) + "\n{\"broken\n" + std::string(kSuricata),
      "[" + std::string(kSuricata) + ",\n" + std::string(kSuricata) + ",{\"a\":nul}]",
      "[" + std::string(kSuricata) + "},\nrubbish that ends with the file",
      "title,severity,host\n\"a\nb\",high,h\nc,low,\"d\"\"e\"\n",
      "\xEF\xBB\xBF"
      "CEF:0|Acme|Wall|1|7|Port scan|7|src=203.0.113.9\r\nrubbish\r\n",
  };
  for (const auto& text : samples) {
    const auto shape = find_file_shape(text, "auto", {});
    ASSERT_TRUE(shape) << text;
    const auto whole = read_in_pieces(text, text.size(), *shape, {});
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 50U}) {
      const auto cut = read_in_pieces(text, piece, *shape, {});
      EXPECT_EQ(cut.hashes, whole.hashes) << text << " in pieces of " << piece;
      EXPECT_EQ(lines_of(cut), lines_of(whole));
      EXPECT_EQ(cut.all.rejections.size(), whole.all.rejections.size());
    }
  }
}

TEST(FileReader, ChunksAreBounded) {
  std::string text;
  for (int i = 0; i < 2500; ++i) text += std::string(kSuricata) + '\n';
  const auto read = read_file(text);
  EXPECT_EQ(read.items, 2500U);
  EXPECT_EQ(read.hashes.size(), 3U);
}

TEST(FileRows, NamesAreUnderstood) {
  EXPECT_EQ(generic_name("Source IP"), "source_ip");
  EXPECT_EQ(generic_name("srcip"), "src_ip");
  EXPECT_EQ(generic_name("Alert Name"), "title");
  EXPECT_EQ(generic_name("Cost Centre"), "");
  EXPECT_EQ(split_row("a;\"b;\"\"c\";", ';'), (std::vector<std::string>{"a", "b;\"c", ""}));
  EXPECT_EQ(row_object({"Severity", "sev", "x"}, {"80", "1", ""}, true), R"({"severity":80})");
}

}  // namespace
}  // namespace tocsin::ingest
