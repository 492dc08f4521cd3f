// RuleMatcher and interpreter on SigmaHQ's rules and real events, where these lie beside the project. A part
// of the events in the usual run; all of them with TOCSIN_TEST_MODE=full.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <set>

#include "base/json_text.h"
#include "base/testing/temp_dir.h"
#include "detect/match/matcher.h"
#include "detect/match/plain_match.h"
#include "detect/sigma/rule_set.h"
#include "detect/source/event_data.h"
#include "detect/source/event_values.h"
#include "detect/testing/shared_archive.h"

namespace tocsin::detect {
namespace {

namespace fs = std::filesystem;

bool is_full_run() {
  const char* mode = std::getenv("TOCSIN_TEST_MODE");
  return mode != nullptr && std::string_view(mode) == "full";
}

// Calls f(line number from 1, line); each line may be read beyond its end.
template <class F>
void each_line(const std::string& text, std::size_t step, const F& f) {
  std::string padded = text + std::string(simdjson::SIMDJSON_PADDING, ' ');
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (++number % step == 0) f(number, std::string_view(padded).substr(at, end - at));
    at = end + 1;
  }
}

class SigmaHqMatch : public testing::Test {
 protected:
  void SetUp() override {
    const auto folder = test::shared_data() / "sigma";
    if (!fs::exists(folder))
      GTEST_SKIP() << "SKIPPED: no Sigma rules in " << folder << "; set TOCSIN_SHARED_DATA";
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".xz") test::unpack(entry.path(), files_.path());
    }
    std::vector<fs::path> paths;
    for (const auto* name : {"rules", "rules-emerging-threats", "rules-threat-hunting"})
      paths.push_back(files_.path() / "sigmahq" / name);
    matcher_ = std::make_unique<RuleMatcher>(sigma::RuleSet::load(paths).rules, SourceTable::built_in());
    scratch_ = std::make_unique<RuleMatcher::Scratch>(*matcher_);
  }

  std::set<std::string> ids(std::string_view event) {
    std::set<std::string> out;
    const auto matched = matcher_->match(event, {}, *scratch_);
    EXPECT_TRUE(matched) << event;
    if (!matched) return out;
    for (const auto rule : *matched) out.insert(matcher_->rules()[rule].id);
    return out;
  }

  void expect_same_as_interpreter(const std::string& events, std::size_t step) {
    each_line(events, step, [&](std::size_t number, std::string_view line) {
      const auto fast = matcher_->match(line, {}, *scratch_);
      const auto plain = match_plainly(line, {}, matcher_->rules(), SourceTable::built_in());
      ASSERT_TRUE(fast && plain) << number;
      EXPECT_EQ(std::vector<std::uint32_t>(fast->begin(), fast->end()), *plain) << number << ": " << line;
    });
  }

  std::string regression(const char* file) const {
    std::ifstream in(files_.path() / "sigma-regression" / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test::TempDir files_;
  std::unique_ptr<RuleMatcher> matcher_;
  std::unique_ptr<RuleMatcher::Scratch> scratch_;
};

TEST_F(SigmaHqMatch, SameAsTheInterpreterOnRegressionEvents) {
  expect_same_as_interpreter(regression("events.flat.jsonl"), is_full_run() ? 1 : 3);
  expect_same_as_interpreter(regression("events.nested.jsonl"), is_full_run() ? 1 : 7);
}

TEST_F(SigmaHqMatch, SameAsTheInterpreterOnSampleEvents) {
  const auto folder = test::shared_data() / "events";
  expect_same_as_interpreter(test::unpacked(folder / "windows.jsonl.xz"), is_full_run() ? 1 : 409);
  expect_same_as_interpreter(test::unpacked(folder / "cloudtrail.jsonl.xz"), is_full_run() ? 1 : 23);
  expect_same_as_interpreter(test::unpacked(folder / "zeek.jsonl.xz"), is_full_run() ? 1 : 23);
  expect_same_as_interpreter(test::unpacked(folder / "linux.jsonl.xz"), is_full_run() ? 1 : 3);
}

TEST_F(SigmaHqMatch, FlatAndNestedRegressionEventsHaveTheReferenceMatches) {
  std::vector<std::set<std::string>> flat, nested;
  each_line(regression("events.flat.jsonl"), 1,
            [&](std::size_t, std::string_view line) { flat.push_back(ids(line)); });
  each_line(regression("events.nested.jsonl"), 1,
            [&](std::size_t, std::string_view line) { nested.push_back(ids(line)); });
  EXPECT_EQ(flat, nested);
  simdjson::dom::parser parser;
  each_line(regression("expected.jsonl"), 1, [&](std::size_t number, std::string_view line) {
    const simdjson::dom::element expected = parser.parse(line.data(), line.size());
    std::set<std::string> reference;
    for (const auto id : expected["reference_rule_ids"].get_array())
      reference.insert(std::string(id.get_string().value()));
    EXPECT_EQ(flat.at(number - 1), reference) << "line " << number;
  });
}

// {"Event":{"System":{…},"EventData":{"A":1}}} as converters of XML write it: texts, in a list, with names.
std::string listed(std::string_view line) {
  simdjson::dom::parser parser;
  const simdjson::dom::element event = parser.parse(line.data(), line.size());
  std::string out = R"({"Event":{"System":)" + simdjson::to_string(event["Event"]["System"].value()) +
                    R"(,"EventData":{"Data":[)";
  simdjson::dom::object data;
  if (event["Event"]["EventData"].get(data) != simdjson::SUCCESS) return {};
  for (const auto [name, value] : data) {
    const auto text = to_text(value);
    if (!text) return {};  // is no element with a name
    out += out.back() == '[' ? R"({"@Name":)" : R"(,{"@Name":)";
    append_json_string(out, name);
    out += R"(,"#text":)";
    append_json_string(out, *text);
    out += '}';
  }
  return out + "]}}}";
}

TEST_F(SigmaHqMatch, ListedEventDataHasTheMatchesOfNamed) {
  std::size_t compared = 0, matched = 0;
  each_line(regression("events.nested.jsonl"), 1, [&](std::size_t number, std::string_view line) {
    const auto list = listed(line);
    if (list.empty()) return;
    std::string named;
    ASSERT_TRUE(append_named_data(list, named)) << list;
    named.reserve(named.size() + simdjson::SIMDJSON_PADDING);
    const auto expected = ids(line);
    EXPECT_EQ(ids(named), expected) << "line " << number;
    const auto plain = match_plainly(named, {}, matcher_->rules(), SourceTable::built_in());
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->size(), expected.size());
    ++compared;
    matched += expected.size();
  });
  EXPECT_GT(compared, 100U);
  EXPECT_GT(matched, 100U);
}

}  // namespace
}  // namespace tocsin::detect
