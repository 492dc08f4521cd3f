// The rules of SigmaHQ and its regression events, where they lie beside the project.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <set>
#include <sstream>

#include "base/testing/temp_dir.h"
#include "detect/sigma/interpreter.h"
#include "detect/sigma/rule_set.h"
#include "detect/source/event_values.h"
#include "detect/source/source_table.h"
#include "detect/testing/shared_archive.h"

namespace tocsin::detect::sigma {
namespace {

namespace fs = std::filesystem;
using PathList = std::vector<fs::path>;

class SigmaHq : public testing::Test {
 protected:
  void SetUp() override {
    const auto folder = test::shared_data() / "sigma";
    if (!fs::exists(folder))
      GTEST_SKIP() << "SKIPPED: no Sigma rules in " << folder << "; set TOCSIN_SHARED_DATA";
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".xz") test::unpack(entry.path(), files_.path());
    }
  }

  PathList folders(std::initializer_list<const char*> names) const {
    PathList paths;
    for (const auto* name : names) paths.push_back(files_.path() / "sigmahq" / name);
    return paths;
  }

  // The benchmark set: 3,754 files of one rule each.
  PathList all_rules() const { return folders({"rules", "rules-emerging-threats", "rules-threat-hunting"}); }

  std::vector<std::string> lines(const std::string& file) const {
    std::ifstream in(files_.path() / "sigma-regression" / file);
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }

  test::TempDir files_;
};

TEST_F(SigmaHq, EveryRuleLoadsButThoseThatLackPlaceholders) {
  const auto set = RuleSet::load(all_rules());
  EXPECT_EQ(set.files, 3'754u);
  EXPECT_EQ(set.rules.size() + set.refusals.size(), 3'754u);
  EXPECT_LE(set.refusals.size(), 2u);
  for (const auto& refusal : set.refusals)
    EXPECT_NE(refusal.message.find("%known_cdcs%"), std::string::npos) << to_string(refusal);
}

TEST_F(SigmaHq, EveryRuleLoadsOncePlaceholdersHaveValues) {
  LoadOptions options;
  options.placeholders["known_cdcs"] = {"dc-*"};
  const auto set = RuleSet::load(all_rules(), options);
  EXPECT_EQ(set.rules.size(), 3'754u);
  EXPECT_TRUE(set.refusals.empty()) << to_string(set.refusals.front());
}

TEST_F(SigmaHq, RulesWithPlaceholdersSayWhatTheyLack) {
  const auto set = RuleSet::load(folders({"rules-placeholder"}));
  EXPECT_EQ(set.refusals.size(), 23u);
  for (const auto& refusal : set.refusals)
    EXPECT_NE(refusal.message.find("has no values here"), std::string::npos) << to_string(refusal);
}

TEST_F(SigmaHq, OldAggregationsAreRefusedAsSuch) {
  const auto set = RuleSet::load(folders({"unsupported"}));
  const auto old = std::count_if(set.refusals.begin(), set.refusals.end(), [](const Error& refusal) {
    return refusal.message.find("Sigma 1") != std::string::npos;
  });
  EXPECT_GE(old, 50);
}

TEST_F(SigmaHq, EveryRegressionCaseIsMatchedByItsRule) {
  std::map<std::string, Rule> rules;
  for (auto& rule : RuleSet::load(all_rules()).rules) rules.emplace(rule.id, rule);
  std::vector<JsonEvent> events;
  for (const auto& line : lines("events.flat.jsonl")) {
    auto event = JsonEvent::parse(line);
    ASSERT_TRUE(event.ok()) << line;
    events.push_back(*std::move(event));
  }
  simdjson::dom::parser parser;
  std::set<std::string> missed;
  std::size_t cases = 0;
  for (const auto& line : lines("cases.jsonl")) {
    const simdjson::dom::element one = parser.parse(line);
    const std::string id{one["rule_id"].get_string().value()};
    bool fired = false;
    for (auto at = one["first_line"].get_uint64().value(); at <= one["last_line"].get_uint64().value(); ++at)
      fired = fired || matches(rules.at(id), events.at(at - 1));
    if (!fired) missed.insert(id);
    ++cases;
  }
  EXPECT_EQ(cases, 144u);
  EXPECT_EQ(missed, std::set<std::string>{});
}

// The ids of all rules that fire on the event, those of every view of it that a rule may see.
std::set<std::string> firing(const std::vector<Rule>& rules, simdjson::dom::element event) {
  std::set<std::string> ids;
  for (const auto& view : SourceTable::built_in().recognise(event)) {
    const ViewedEvent viewed(event, view);
    for (const auto& rule : rules) {
      if (may_see(rule.log_source, view.provenance) && matches(rule, viewed)) ids.insert(rule.id);
    }
  }
  return ids;
}

std::set<std::string> ids_in(simdjson::dom::element list) {
  std::set<std::string> ids;
  for (simdjson::dom::element id : simdjson::dom::array(list)) ids.emplace(id.get_string().value());
  return ids;
}

TEST_F(SigmaHq, OnTheRegressionEventsExactlyTheExpectedRulesFire) {
  const auto rules = RuleSet::load(all_rules()).rules;
  const auto events = lines("events.flat.jsonl");
  const auto expected = lines("expected.jsonl");
  ASSERT_EQ(events.size(), 176u);
  ASSERT_EQ(expected.size(), events.size());
  simdjson::dom::parser event_parser;
  simdjson::dom::parser expected_parser;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const simdjson::dom::element event = event_parser.parse(events[i]);
    const simdjson::dom::element wanted = expected_parser.parse(expected[i])["reference_rule_ids"];
    EXPECT_EQ(firing(rules, event), ids_in(wanted)) << "line " << i + 1;
  }
}

// Line numbers to the rules that a second implementation names for that line of a file in shared/data/events.
std::map<std::size_t, std::set<std::string>> reference_matches(std::string_view file) {
  std::istringstream lines(test::unpacked(test::shared_data() / "events/reference-matches.jsonl.xz"));
  std::map<std::size_t, std::set<std::string>> found;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(lines, line);) {
    const simdjson::dom::element match = parser.parse(line);
    if (match["file"].get_string().value() == file)
      found[match["line"].get_uint64()] = ids_in(match["rule_ids"]);
  }
  return found;
}

// Reads the lines that the reference names, and every n-th; calls with the event, what fires, and what
// should.
template <class Check>
void compare_with_reference(const std::vector<Rule>& rules, const std::string& file, std::size_t every,
                            const Check& check) {
  const auto reference = reference_matches(file);
  std::istringstream lines(test::unpacked(test::shared_data() / ("events/" + file + ".xz")));
  simdjson::dom::parser parser;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto found = reference.find(++number);
    if (found == reference.end() && number % every != 0) continue;
    const simdjson::dom::element event = parser.parse(line);
    check(event, firing(rules, event), found == reference.end() ? std::set<std::string>{} : found->second,
          number);
  }
}

TEST_F(SigmaHq, OnCloudTrailTheSameRulesFireAsInTheReference) {
  const auto rules = RuleSet::load(all_rules()).rules;
  compare_with_reference(rules, "cloudtrail.jsonl", 1,
                         [](auto, const auto& fired, const auto& wanted, auto line) {
                           EXPECT_EQ(fired, wanted) << "line " << line;
                         });
}

// Security 4688 is a process creation by Sigma's taxonomy; the reference has rules for process starts see
// Sysmon alone.
TEST_F(SigmaHq, OnWindowsTheSameRulesFireAsInTheReferenceAndMoreOnEvent4688) {
  const auto rules = RuleSet::load(all_rules()).rules;
  compare_with_reference(
      rules, "windows.jsonl", 50, [](auto event, const auto& fired, const auto& wanted, auto line) {
        if (event["EventID"].get_int64().value() == 4688) {
          EXPECT_TRUE(std::includes(fired.begin(), fired.end(), wanted.begin(), wanted.end()))
              << "line " << line;
        } else {
          EXPECT_EQ(fired, wanted) << "line " << line;
        }
      });
}

}  // namespace
}  // namespace tocsin::detect::sigma
