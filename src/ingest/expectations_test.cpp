// Recall on what vendors really send: tests/expectations/<source>.json says, for each payload of the data
// folder, what a reader of that payload would want to find. Facts are counted, not alerts: a title is one, an
// entity is one.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "ingest/ingest.h"

namespace tocsin::ingest {
namespace {

namespace fs = std::filesystem;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr double kWantedRecall = 0.97;

fs::path payload_dir() {
  const char* given = std::getenv("TOCSIN_SHARED_DATA");
  const fs::path data = given != nullptr ? fs::path(given) : fs::path(TOCSIN_SOURCE_DIR) / "../shared/data";
  return data / "payloads";
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string or_null(const std::optional<std::string>& text) {
  return text ? *text : "null";
}

// Everything the record says, as "member=value".
std::set<std::string> facts_of(const Record& record) {
  const auto& alert = record.alert;
  std::set<std::string> facts{"kind=" + std::string(to_text(record.kind)),
                              "type=" + alert.type,
                              "title=" + alert.title,
                              "severity=" + std::string(to_text(alert.severity)),
                              "occurred_at=" + to_rfc3339(alert.occurred_at),
                              "source_id=" + or_null(alert.source_id),
                              "source_url=" + or_null(alert.source_url),
                              "vendor_status=" + or_null(alert.vendor_status),
                              "vendor_verdict=" + or_null(alert.vendor_verdict),
                              "command_line=" + or_null(alert.process.command_line),
                              "parent=" + or_null(alert.process.parent)};
  for (const auto& entity : alert.entities) {
    facts.insert("entities=" + std::string(to_text(entity.kind)) + ':' + entity.value + ':' +
                 std::string(to_text(entity.role)));
  }
  for (const auto& ioc : alert.iocs) facts.insert("iocs=" + std::string(to_text(ioc.kind)) + ':' + ioc.value);
  for (const auto& id : alert.attack.techniques) facts.insert("techniques=" + id);
  for (const auto& id : alert.attack.tactics) facts.insert("tactics=" + id);
  for (const auto& tag : alert.tags) facts.insert("tags=" + tag);
  return facts;
}

std::vector<std::string> facts_of(const object& expected) {
  std::vector<std::string> facts;
  const auto add = [&](std::string_view member, const element& value) {
    std::string_view text;
    const bool is_text = !value.get(text);
    facts.push_back(std::string(member) + '=' + (is_text ? std::string(text) : "null"));
  };
  for (const auto [member, value] : expected) {
    simdjson::dom::array list;
    if (value.get(list)) {
      add(member, value);
    } else {
      for (const element item : list) add(member, item);
    }
  }
  return facts;
}

struct Score {
  int wanted = 0;
  int found = 0;
};

constexpr std::string_view kForbidden = "not_";  // "not_iocs": values that must not be there

void score_record(const object& expected, const Record* record, const std::string& where, Score& score) {
  const auto got = record != nullptr ? facts_of(*record) : std::set<std::string>();
  for (const auto& fact : facts_of(expected)) {
    if (fact.starts_with(kForbidden)) {
      EXPECT_EQ(got.count(fact.substr(kForbidden.size())), 0U) << where << ": " << fact;
      continue;
    }
    ++score.wanted;
    if (got.count(fact) != 0) {
      ++score.found;
    } else {
      std::cout << "missing in " << where << ": " << fact << '\n';
    }
  }
}

void score_file(std::string_view source, std::string_view name, const simdjson::dom::array& expected,
                Score& score) {
  const auto body = read_file(payload_dir() / source / name);
  const Options options{*parse_time("2026-11-21T00:00:00Z")};
  const auto result = normalise(source, body, options);
  ASSERT_TRUE(result.ok()) << name << ": " << to_string(result.error());
  EXPECT_TRUE(result->rejections.empty()) << name;
  EXPECT_EQ(result->records.size(), expected.size()) << name;
  std::size_t place = 0;
  for (const object record : expected) {
    const auto* got = place < result->records.size() ? &result->records[place] : nullptr;
    score_record(record, got, std::string(name) + '#' + std::to_string(place), score);
    ++place;
  }
}

// Every source that has expectations, by the names of their files.
std::vector<std::string> expected_sources() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(TOCSIN_SOURCE_DIR) / "tests/expectations"))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class RealPayloads : public testing::TestWithParam<std::string> {};

TEST_P(RealPayloads, GiveWhatAReaderWouldWant) {
  const auto& source = GetParam();
  if (!fs::exists(payload_dir() / source)) {
    GTEST_SKIP() << "SKIPPED: no payloads in " << payload_dir() << "; set TOCSIN_SHARED_DATA";
  }
  const auto path = fs::path(TOCSIN_SOURCE_DIR) / "tests/expectations" / (source + ".json");
  const auto text = read_file(path);
  simdjson::dom::parser parser;
  Score score;
  for (const auto [file, records] : object(parser.parse(text))) score_file(source, file, records, score);
  const double recall = static_cast<double>(score.found) / score.wanted;
  std::cout << source << ": " << score.found << " of " << score.wanted << " facts\n";
  EXPECT_GE(score.wanted, 8);
  EXPECT_GE(recall, kWantedRecall);
}

INSTANTIATE_TEST_SUITE_P(Sources, RealPayloads, testing::ValuesIn(expected_sources()));

}  // namespace
}  // namespace tocsin::ingest
