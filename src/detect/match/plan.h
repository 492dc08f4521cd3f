#pragma once
// The rules that may see one view of events, made ready to be asked together: what they ask of a field is
// asked once, and a rule is looked at only when something fired without which it cannot match.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/match/literal_set.h"
#include "detect/match/path_tree.h"
#include "detect/match/raw_filter.h"
#include "detect/sigma/rule.h"
#include "detect/source/source_table.h"

namespace tocsin::detect {

using PredicateId = std::uint32_t;

// One question to the values of a field, shared by all rules that ask it.
struct Predicate {
  std::uint32_t field = 0;  // place in Plan::fields
  const sigma::Matcher* matcher = nullptr;
  bool is_of_all_values = false;  // a keyword
  bool is_indexed = false;        // answered by scanning the field; else by the interpreter when a rule asks
  std::vector<std::uint32_t> wakes;  // places in Plan::rules: each needs this one or another that wakes it
  sigma::Item item;                  // the same question for the interpreter, where it is not indexed
};

enum class LiteralUse : std::uint8_t { kContains, kStartsWith, kEndsWith, kCheck };

struct PlanField {
  std::string name;                  // "": all values of the event, for keywords
  std::vector<std::uint32_t> slots;  // the first that has a value counts
  bool wakes_rules = false;          // scanned for every event; the others only when a rule asks
  bool raw_filter_suffices = false;  // keywords: the filter of the plan says when there is nothing to find

  struct Use {
    PredicateId predicate = 0;
    LiteralUse how = LiteralUse::kContains;
    const sigma::Text* check = nullptr;   // of kCheck: what the whole value must be
    const sigma::Regex* regex = nullptr;  // or what must be found in it
  };
  std::vector<std::size_t> literal_sizes;
  std::vector<std::vector<Use>> literal_uses;  // by literal
  LiteralSet literals;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::vector<Use>, TextHash, std::equal_to<>> equals;
  std::size_t longest_equal = 0;
  std::unordered_map<std::int64_t, std::vector<PredicateId>> numbers;

  bool asks_numbers() const noexcept { return !numbers.empty(); }
  bool asks_texts() const noexcept { return !equals.empty() || !literals.empty(); }
};

struct PlanItem {
  bool all_values = false;
  bool negated = false;
  std::vector<std::vector<PredicateId>> values;
};
using PlanBranch = std::vector<PlanItem>;
using PlanSelection = std::vector<PlanBranch>;

struct PlanRule {
  std::uint32_t rule = 0;  // its place in the set
  const sigma::Condition* condition = nullptr;
  std::vector<PlanSelection> selections;
};

struct Plan {
  std::uint32_t serial = 0;  // no other plan of the set has it, nor had; not 0
  std::vector<PlanField> fields;
  std::map<std::string, std::uint32_t, std::less<>> field_by_name;
  std::vector<Predicate> predicates;
  std::vector<PlanRule> rules;
  std::vector<std::uint32_t> waking_fields;
  std::vector<std::uint32_t> always;  // rules that no predicate wakes: asked of every event
  RawFilter raw_filter;
};

// The slots of each field that rules name, in the order in which they count.
using SlotsOf = std::function<std::vector<std::uint32_t>(const std::string& field)>;

// `chosen`: places in `rules`, which must outlive the plan.
Plan make_plan(std::uint32_t serial, std::span<const sigma::Rule> rules,
               std::span<const std::uint32_t> chosen, const SlotsOf& slots_of);

}  // namespace tocsin::detect
