#pragma once
// Where events come from, in Sigma's three words (appendix "taxonomy" of the specification), and which rules
// may therefore see an event.

#include <algorithm>
#include <string>
#include <vector>

#include "detect/sigma/rule.h"

namespace tocsin::detect {

// What a rule asks for, or what a sender says of its events. An empty part says nothing.
using sigma::LogSource;

// What is known of an event. An event may be of several categories: a registry value that is set is a
// registry_set and a registry_event.
struct Provenance {
  std::string product, service;
  std::vector<std::string> categories;

  bool operator==(const Provenance&) const = default;
};

// A rule is asked only when the event is known to have each part that the rule names. What is not known of an
// event fits no rule that names it: a rule on process starts never sees a log of unknown kind.
inline bool may_see(const LogSource& rule, const Provenance& event) {
  return (rule.product.empty() || rule.product == event.product) &&
         (rule.service.empty() || rule.service == event.service) &&
         (rule.category.empty() || std::find(event.categories.begin(), event.categories.end(),
                                             rule.category) != event.categories.end());
}

}  // namespace tocsin::detect
