// The rules that ship with the program keep the conventions of docs/bundled-rules.md.

#include "detect/rules/bundled.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/ascii.h"
#include "detect/correlation/correlator.h"
#include "detect/rule_tests/rule_tests.h"
#include "model/attack.h"

namespace tocsin::detect {
namespace {

bool is_random_uuid(std::string_view id) {
  if (id.size() != 36 || id[14] != '4' || std::string_view("89ab").find(id[19]) == std::string_view::npos)
    return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? id[i] != '-' : !is_hex(id[i]) || is_upper(id[i])) return false;
  }
  return true;
}

// "attack.t1003.001" or "attack.credential-access"; retired techniques are not known.
bool is_known_tag(std::string_view tag) {
  constexpr std::string_view kPrefix = "attack.";
  if (!tag.starts_with(kPrefix)) return false;
  tag.remove_prefix(kPrefix.size());
  if (model::find_tactic(tag)) return true;
  const auto* technique = model::find_technique(tag);
  return technique != nullptr && equal_ignoring_case(technique->id, tag);
}

template <class T>
void expect_conventions(const T& rule, std::set<std::string>& titles) {
  SCOPED_TRACE(rule.file + ": " + rule.title);
  EXPECT_TRUE(is_random_uuid(rule.id)) << rule.id;
  EXPECT_TRUE(titles.insert(to_lower(rule.title)).second) << "another rule has this title";
  EXPECT_GE(rule.description.size(), 80U);
  EXPECT_EQ(rule.author, "Tocsin contributors");
  EXPECT_EQ(rule.license, "Apache-2.0");
  EXPECT_TRUE(rule.status);
  EXPECT_FALSE(rule.references.empty());
  for (const auto& reference : rule.references) EXPECT_TRUE(reference.starts_with("https://")) << reference;
  EXPECT_FALSE(rule.false_positives.empty());
  for (const auto& one : rule.false_positives) EXPECT_GE(one.size(), 12U) << one;
  EXPECT_GE(rule.tags.size(), 2U);
  bool has_tactic = false;
  for (const auto& tag : rule.tags) {
    EXPECT_TRUE(is_known_tag(tag)) << tag;
    has_tactic = has_tactic || (tag.starts_with("attack.") && model::find_tactic(tag.substr(7)).has_value());
  }
  EXPECT_TRUE(has_tactic);
}

TEST(BundledRules, AreAllReadAndKeepTheConventions) {
  const auto set = bundled_rules();
  for (const auto& refusal : set.refusals) ADD_FAILURE() << to_string(refusal);
  std::set<std::string> titles;
  for (const auto& rule : set.rules) {
    expect_conventions(rule, titles);
    EXPECT_FALSE(rule.fields.empty()) << rule.file << ": " << rule.title;
    EXPECT_FALSE(rule.date.empty()) << rule.file << ": " << rule.title;
  }
  for (const auto& correlation : set.correlations) expect_conventions(correlation, titles);
}

TEST(BundledRules, AreManyAndTheirTableIsWhole) {
  const auto set = bundled_rules();
  EXPECT_GE(set.rules.size() + set.correlations.size(), 120U);
  std::ifstream file(TOCSIN_SOURCE_DIR "/docs/bundled-rules.md");
  const std::string doc{std::istreambuf_iterator<char>(file), {}};
  const auto expect_row = [&doc](const std::string& title, const std::string& path) {
    EXPECT_NE(doc.find("| [" + title + "](../" + path + ")"), std::string::npos)
        << title << ": run tools/bundled_rules_table.py";
  };
  for (const auto& rule : set.rules) expect_row(rule.title, rule.file);
  for (const auto& correlation : set.correlations) expect_row(correlation.title, correlation.file);
}

TEST(BundledRules, WhatAnAnalystShouldSeeIsNeverSilent) {
  const auto set = bundled_rules();
  const auto correlator = Correlator::create(set, CorrelatorOptions());
  ASSERT_TRUE(correlator);
  EXPECT_TRUE(correlator->refusals().empty());
  for (std::size_t i = 0; i < set.rules.size(); ++i)
    EXPECT_FALSE(set.rules[i].level >= sigma::Level::kMedium && correlator->is_silent(i))
        << set.rules[i].title;
  for (std::size_t i = 0; i < set.correlations.size(); ++i)
    EXPECT_FALSE(correlator->is_silent_correlation(i)) << set.correlations[i].title;
}

TEST(BundledRules, PassTheirOwnTests) {
  const auto report = test_rules(bundled_rule_files());
  for (const auto& fault : report.faults)
    ADD_FAILURE() << fault.where << ": " << fault.message << ". " << fault.hint;
  EXPECT_GT(report.rules, 0U);
}

}  // namespace
}  // namespace tocsin::detect
