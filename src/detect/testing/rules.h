#pragma once
// Rules and events from their text, for tests.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "detect/sigma/interpreter.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::test {

inline detect::sigma::JsonEvent event_of(std::string_view json) {
  auto event = detect::sigma::JsonEvent::parse(json);
  if (event) return *std::move(event);
  ADD_FAILURE() << to_string(event.error()) << ": " << json;
  return {};
}

// A rule file of one rule; `detection` is what stands under that word, in lines that begin with two blanks.
inline std::string rule_text(std::string_view detection) {
  return "title: T\nlogsource: {product: p}\ndetection:\n" + std::string(detection);
}

inline detect::sigma::RuleSet parse_rules(std::string_view text,
                                          const detect::sigma::Placeholders& placeholders = {}) {
  return detect::sigma::RuleSet::parse(text, "t.yml", {placeholders});
}

inline detect::sigma::Rule rule_of(std::string_view detection,
                                   const detect::sigma::Placeholders& placeholders = {}) {
  auto set = parse_rules(rule_text(detection), placeholders);
  for (const auto& refusal : set.refusals) ADD_FAILURE() << to_string(refusal);
  return set.rules.size() == 1 ? std::move(set.rules.front()) : detect::sigma::Rule{};
}

// Whether a rule of this one selection matches the event.
inline bool item_matches(std::string_view item, std::string_view json,
                         const detect::sigma::Placeholders& placeholders = {}) {
  const auto rule = rule_of("  s:\n    " + std::string(item) + "\n  condition: s\n", placeholders);
  return !rule.selections.empty() && detect::sigma::matches(rule, event_of(json));
}

// The one refusal of that text.
inline Error refusal_of(std::string_view text) {
  const auto set = parse_rules(text);
  EXPECT_EQ(set.refusals.size(), 1u) << text;
  return set.refusals.empty() ? Error{} : set.refusals.front();
}

inline Error item_refusal(std::string_view item) {
  return refusal_of(rule_text("  s:\n    " + std::string(item) + "\n  condition: s\n"));
}

}  // namespace tocsin::test
