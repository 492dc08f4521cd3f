#pragma once
// The condition of a rule: when do its selections amount to a match?
//
//   selection and not 1 of filter_*        2 of them        (a or b) and not c
//
// Sigma specification 2.1.0, "Condition". From loosest to tightest: or, and, not, x of, ( ). Names and
// patterns are resolved while reading, so that what is left refers to selections by their place.

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/sigma/position.h"

namespace tocsin::detect::sigma {

struct Condition {
  enum class Kind : std::uint8_t {
    kSelection,  // the one at `selection`
    kNot,        // of the one part
    kAll,        // and, all of
    kAny,        // or, 1 of
    kAtLeast,    // `count` of the parts, 2 or more but not all
  };
  Kind kind = Kind::kAll;
  std::size_t selection = 0;
  std::size_t count = 0;
  std::vector<Condition> parts;  // of kAll and kAny at least one
  bool operator==(const Condition&) const = default;
};

// `names` in the order of the selections; a condition refers to them by place. `at` is where the text starts.
// Refused with what is wrong and where: unknown names, patterns that nothing fits, more than 64 levels of
// nesting, and the aggregations of Sigma 1 ("| count() by user > 5"), which are correlation rules now.
Result<Condition> parse_condition(std::string_view text, std::span<const std::string> names, Position at);

// `passes(place)` tells whether that selection does; it is only asked for what decides.
template <class Passes>
bool holds(const Condition& condition, const Passes& passes) {
  const auto part_holds = [&](const Condition& part) { return holds(part, passes); };
  const auto& parts = condition.parts;
  switch (condition.kind) {
    case Condition::Kind::kSelection:
      return passes(condition.selection);
    case Condition::Kind::kNot:
      return !part_holds(parts.front());
    case Condition::Kind::kAll:
      return std::all_of(parts.begin(), parts.end(), part_holds);
    case Condition::Kind::kAny:
      return std::any_of(parts.begin(), parts.end(), part_holds);
    case Condition::Kind::kAtLeast: {
      std::size_t missing = condition.count;
      return std::any_of(parts.begin(), parts.end(),
                         [&](const Condition& part) { return part_holds(part) && --missing == 0; });
    }
  }
  return false;
}

}  // namespace tocsin::detect::sigma
