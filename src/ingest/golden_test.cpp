// examples/<source>/<name>: what goes in, and beside it what comes out. Members that an expected record lists
// must be equal; what it leaves out (raw, times of ours) is not compared.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ingest/ingest.h"
#include "model/alert_json.h"

namespace tocsin::ingest {
namespace {

namespace fs = std::filesystem;

const fs::path kExamples = fs::path(TOCSIN_SOURCE_DIR) / "examples";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> payloads() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(kExamples)) {
    const auto name = entry.path().filename().string();
    const bool payload = entry.is_regular_file() && name.find(".expected.") == std::string::npos &&
                         (name.ends_with(".json") || name.ends_with(".xml") || name.ends_with(".log") ||
                          name.ends_with(".eml"));
    if (payload) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Members of each expected record as compact JSON text.
using Members = std::vector<std::pair<std::string, std::string>>;

Members members_of(const simdjson::dom::object& object) {
  Members members;
  for (const auto [key, value] : object) members.emplace_back(std::string(key), simdjson::minify(value));
  return members;
}

std::vector<Members> read_records(const std::string& text) {
  std::vector<Members> records;
  simdjson::dom::parser parser;
  for (const simdjson::dom::object record : parser.parse(text).get_array())
    records.push_back(members_of(record));
  return records;
}

std::string as_json_array(const Normalised& normalised) {
  std::string text = "[";
  for (const auto& record : normalised.records) {
    if (text.size() > 1) text += ',';
    model::append_record_json(text, record.kind, record.alert, false);
  }
  return text + ']';
}

Normalised run(const fs::path& payload, std::string_view source) {
  const Options options{*parse_time("2026-01-20T00:00:00Z")};
  auto result = normalise(source, read_file(payload), options);
  EXPECT_TRUE(result.ok()) << payload << ": " << (result ? "" : to_string(result.error()));
  return result ? *std::move(result) : Normalised{};
}

void expect_same(const Members& want, const Members& got, const std::string& where) {
  for (const auto& [key, value] : want) {
    const auto found = std::ranges::find(got, key, &Members::value_type::first);
    ASSERT_NE(found, got.end()) << where << " lacks " << key;
    EXPECT_EQ(found->second, value) << where << ' ' << key;
  }
}

TEST(Examples, ComeOutAsWrittenBesideThem) {
  const auto files = payloads();
  ASSERT_GE(files.size(), 8U);
  for (const auto& payload : files) {
    const auto expected = payload.parent_path() / (payload.stem().string() + ".expected.json");
    ASSERT_TRUE(fs::exists(expected)) << expected;
    const auto normalised = run(payload, payload.parent_path().filename().string());
    EXPECT_TRUE(normalised.rejections.empty()) << payload;
    const auto want = read_records(read_file(expected));
    const auto got = read_records(as_json_array(normalised));
    ASSERT_EQ(got.size(), want.size()) << payload;
    for (std::size_t i = 0; i < want.size(); ++i) {
      expect_same(want[i], got[i], payload.filename().string() + '#' + std::to_string(i));
    }
  }
}

TEST(Examples, AutoRecognisesEachVendor) {
  for (const auto& payload : payloads()) {
    for (const auto& record : run(payload, "auto").records) {
      EXPECT_EQ(record.alert.source, payload.parent_path().filename().string()) << payload;
    }
  }
}

}  // namespace
}  // namespace tocsin::ingest
