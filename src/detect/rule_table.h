#pragma once
// The rules on one event, as a table; and the counting rules' names, severities and words.

#include <string>
#include <string_view>
#include <vector>

#include "detect/event_facts.h"
#include "model/event.h"

namespace tocsin::detect {

struct Rule {
  std::string_view name;
  std::string_view type;      // of the alert
  std::string_view headline;  // of the alert
  std::string_view reason;    // a sentence; "{}" stands for what fired
  model::Severity severity = model::Severity::kMedium;
  std::vector<std::string_view> event_types;  // without case and separators
  std::vector<std::string_view> words;        // of the message (base/phrase_matcher.h)
  std::vector<std::string_view> harmless;     // phrases that take the words back: "no malware"
  bool on_failed_sign_in = false;
  bool actor_is_user = false;
};

const std::vector<Rule>& rule_table();
// Of a name that is in the table.
const Rule& get_rule(std::string_view name);
// In order of the table.
std::vector<const Rule*> match_rules(const model::Event& event, const EventFacts& facts);
std::string describe(const Rule& rule, const model::Event& event);

}  // namespace tocsin::detect
