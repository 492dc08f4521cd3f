#pragma once
// Does a rule match an event? The plain answer, one question after the other: what rules mean, and what every
// faster matcher is held to. The log source is not looked at: which rules see an event is decided elsewhere.

#include <string>
#include <vector>

#include "detect/sigma/event.h"
#include "detect/sigma/rule.h"

namespace tocsin::detect::sigma {

bool matches(const Rule& rule, const Event& event);
bool matches(const Selection& selection, const Event& event);
bool matches(const Item& item, const Event& event);

// Why a rule matched: an item that passed in a selection that passed.
struct Evidence {
  std::string selection;
  std::string field;  // "" for keywords
  std::string value;  // the first that met the item; "" where the absence of one did
  bool operator==(const Evidence&) const = default;
};

// Of all selections of the rule that pass, in the order of the rule; to be asked once a rule has matched.
std::vector<Evidence> evidence(const Rule& rule, const Event& event);

}  // namespace tocsin::detect::sigma
