#pragma once
// Filters: tuning that is written once for many rules. Sigma filters specification 2.1.0.

#include <string>
#include <vector>

#include "detect/sigma/rule.h"

namespace tocsin::detect::sigma {

struct Filter {
  std::string id;
  std::string title;
  LogSource log_source;
  bool any_rule = false;           // `rules: any`
  std::vector<std::string> rules;  // ids or names
  std::vector<Selection> selections;
  Condition condition;  // has to hold too; filters exclude with "not selection"
  std::string file;
  Position at;
};

// Whether the rule is named, and what the filter says of the log source is also said by the rule.
bool applies_to(const Filter& filter, const Rule& rule);

// The rule whose condition is its own and the filter's.
Rule filtered(Rule rule, const Filter& filter);

}  // namespace tocsin::detect::sigma
