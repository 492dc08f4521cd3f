#include "detect/match/plan.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "detect/sigma/case_fold.h"

namespace tocsin::detect {
namespace {

using sigma::Condition;
using sigma::Matcher;
using sigma::Text;
using sigma::TextShape;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// What a text is found by. A cased one is found by its folded literal and then checked; folding a part of a
// character could differ from folding all of it, so only ASCII is taken there.
std::string_view literal_to_index(const Text& text) {
  std::string_view best;
  for (const auto& piece : text.pieces) {
    if (piece.kind == sigma::PieceKind::kLiteral && piece.literal.size() > best.size()) best = piece.literal;
  }
  return text.cased && !is_ascii(best) ? std::string_view{} : best;
}

// What must be there for something to hold: one of these predicates. `cost` is how often that may be, at a
// guess.
struct Necessary {
  std::vector<PredicateId> any_of;
  double cost = 0;
};
using MaybeNecessary = std::optional<Necessary>;

class PlanMaker {
 public:
  PlanMaker(std::uint32_t serial, std::span<const sigma::Rule> rules, const SlotsOf& slots_of)
      : rules_(rules), slots_of_(slots_of) {
    plan_.serial = serial;
  }

  void add(std::uint32_t place) {
    const auto& rule = rules_[place];
    PlanRule made{place, &rule.condition, {}};
    for (const auto& selection : rule.selections) {
      auto& branches = made.selections.emplace_back();
      for (const auto& branch : selection.branches) {
        auto& items = branches.emplace_back();
        for (const auto& item : branch.items) items.push_back(plan_item(item));
      }
    }
    plan_.rules.push_back(std::move(made));
  }

  Plan finish() && {
    wake_rules();
    build_fields();
    build_raw_filter();
    return std::move(plan_);
  }

 private:
  PlanItem plan_item(const sigma::Item& item) {
    PlanItem made{item.all_values, item.negated, {}};
    for (const auto& alternatives : item.values) {
      auto& predicates = made.values.emplace_back();
      for (const auto& matcher : alternatives) predicates.push_back(predicate_of(item.field, matcher));
    }
    return made;
  }

  std::uint32_t field_of(const std::optional<std::string>& name) {
    const auto key = name ? "f" + *name : "k";
    const auto known = plan_.field_by_name.find(key);
    if (known != plan_.field_by_name.end()) return known->second;
    const auto place = static_cast<std::uint32_t>(plan_.fields.size());
    auto& field = plan_.fields.emplace_back();
    field.name = name.value_or("");
    if (name) field.slots = slots_of_(*name);
    plan_.field_by_name.emplace(key, place);
    return place;
  }

  PredicateId predicate_of(const std::optional<std::string>& name, const Matcher& matcher) {
    const auto field = field_of(name);
    if (const auto* reference = std::get_if<sigma::FieldReference>(&matcher)) field_of(reference->field);
    auto& alike = known_[alike_key(field, matcher)];
    for (const auto id : alike) {
      if (*plan_.predicates[id].matcher == matcher) return id;
    }
    const auto id = static_cast<PredicateId>(plan_.predicates.size());
    alike.push_back(id);
    Predicate made{field, &matcher, !name, can_index(matcher, !name), {}, {}};
    if (!made.is_indexed) {
      made.item.field = name;
      made.item.values = {{matcher}};
    }
    plan_.predicates.push_back(std::move(made));
    return id;
  }

  // Equal questions have the same.
  static std::string alike_key(std::uint32_t field, const Matcher& matcher) {
    auto key = std::to_string(field) + '/' + std::to_string(matcher.index()) + '/';
    if (const auto* text = std::get_if<Text>(&matcher)) key += literal_to_index(*text);
    if (const auto* regex = std::get_if<sigma::Regex>(&matcher)) key += regex->pattern;
    return key;
  }

  // What a keyword looks for must stand in it: the raw filter looks for it.
  static bool can_index(const Matcher& matcher, bool is_keyword) {
    if (const auto* regex = std::get_if<sigma::Regex>(&matcher)) return !is_keyword && !regex->needs.empty();
    if (const auto* text = std::get_if<Text>(&matcher))
      return text->pieces.empty() || !literal_to_index(*text).empty();
    const auto* number = std::get_if<sigma::NumberTest>(&matcher);
    return number != nullptr && number->how == sigma::Comparison::kEqual &&
           std::holds_alternative<std::int64_t>(number->bound);
  }

  // --- what a rule needs ---

  double cost_of(PredicateId id) const {
    const auto& predicate = plan_.predicates[id];
    const double keyword = plan_.fields[predicate.field].name.empty() ? 8 : 1;
    const auto cost_of_literal = [](std::string_view literal, bool is_whole) {
      return std::max(1e-4, (is_whole ? 0.05 : 0.5) * std::pow(0.7, static_cast<double>(literal.size())));
    };
    if (const auto* regex = std::get_if<sigma::Regex>(predicate.matcher)) {
      double sum = 0;
      for (const auto& literal : regex->needs) sum += cost_of_literal(literal, false);
      return sum;
    }
    const auto* text = std::get_if<Text>(predicate.matcher);
    if (text == nullptr) return 0.03 * keyword;  // an event id
    const bool exact = sigma::shape_of(*text) == TextShape::kEquals;
    return keyword * cost_of_literal(literal_to_index(*text), exact);
  }

  MaybeNecessary needs(const std::vector<PredicateId>& alternatives) const {
    Necessary out;
    for (const auto id : alternatives) {
      if (!plan_.predicates[id].is_indexed) return std::nullopt;
      out.any_of.push_back(id);
      out.cost += cost_of(id);
    }
    return out;
  }

  template <class Parts, class Ask>
  static MaybeNecessary best_of(const Parts& parts, const Ask& ask) {
    MaybeNecessary best;
    for (const auto& part : parts) {
      auto one = ask(part);
      if (one && (!best || one->cost < best->cost)) best = std::move(one);
    }
    return best;
  }

  template <class Parts, class Ask>
  static MaybeNecessary any_of(const Parts& parts, const Ask& ask) {
    Necessary all;
    for (const auto& part : parts) {
      auto one = ask(part);
      if (!one) return std::nullopt;
      all.any_of.insert(all.any_of.end(), one->any_of.begin(), one->any_of.end());
      all.cost += one->cost;
    }
    return all;
  }

  MaybeNecessary needs(const PlanItem& item) const {
    if (item.negated) return std::nullopt;
    const auto ask = [this](const std::vector<PredicateId>& value) { return needs(value); };
    return item.all_values ? best_of(item.values, ask) : any_of(item.values, ask);
  }

  MaybeNecessary needs(const PlanSelection& selection) const {
    return any_of(selection, [this](const PlanBranch& branch) {
      return best_of(branch, [this](const PlanItem& item) { return needs(item); });
    });
  }

  MaybeNecessary needs(const PlanRule& rule, const Condition& condition) const {
    const auto ask = [&](const Condition& part) { return needs(rule, part); };
    switch (condition.kind) {
      case Condition::Kind::kSelection:
        return needs(rule.selections[condition.selection]);
      case Condition::Kind::kAll:
        return best_of(condition.parts, ask);
      case Condition::Kind::kAny:
      case Condition::Kind::kAtLeast:
        return any_of(condition.parts, ask);
      case Condition::Kind::kNot:
        return std::nullopt;
    }
    return std::nullopt;
  }

  void wake_rules() {
    for (std::uint32_t i = 0; i < plan_.rules.size(); ++i) {
      auto necessary = needs(plan_.rules[i], *plan_.rules[i].condition);
      if (!necessary) {
        plan_.always.push_back(i);
        continue;
      }
      auto& ids = necessary->any_of;
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      for (const auto id : ids) {
        plan_.predicates[id].wakes.push_back(i);
        plan_.fields[plan_.predicates[id].field].wakes_rules = true;
      }
    }
  }

  // --- indexes ---

  void build_fields() {
    std::vector<std::map<std::string, std::size_t, std::less<>>> places(plan_.fields.size());
    for (PredicateId id = 0; id < plan_.predicates.size(); ++id) {
      const auto& predicate = plan_.predicates[id];
      if (predicate.is_indexed) index(id, plan_.fields[predicate.field], places[predicate.field]);
    }
    for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
      std::vector<std::string> literals(places[i].size());
      for (const auto& [literal, place] : places[i]) literals[place] = literal;
      for (const auto& literal : literals) plan_.fields[i].literal_sizes.push_back(literal.size());
      plan_.fields[i].literals = LiteralSet(literals);
      if (plan_.fields[i].wakes_rules) plan_.waking_fields.push_back(static_cast<std::uint32_t>(i));
    }
  }

  void index(PredicateId id, PlanField& field, std::map<std::string, std::size_t, std::less<>>& places) {
    const auto& matcher = *plan_.predicates[id].matcher;
    if (const auto* number = std::get_if<sigma::NumberTest>(&matcher)) {
      field.numbers[std::get<std::int64_t>(number->bound)].push_back(id);
      return;
    }
    const auto add = [&](const std::string& literal, const PlanField::Use& use) {
      const auto [known, is_new] = places.emplace(literal, places.size());
      if (is_new) field.literal_uses.emplace_back();
      field.literal_uses[known->second].push_back(use);
    };
    if (const auto* regex = std::get_if<sigma::Regex>(&matcher)) {
      for (const auto& literal : regex->needs) add(literal, {id, LiteralUse::kCheck, nullptr, regex});
      return;
    }
    const auto& text = std::get<Text>(matcher);
    const auto shape = sigma::shape_of(text);
    const auto literal = sigma::fold_case(literal_to_index(text));
    PlanField::Use use{id, use_of(shape, text), &text, nullptr};
    if (shape == TextShape::kEquals) {
      field.equals[literal].push_back(use);
      field.longest_equal = std::max(field.longest_equal, literal.size());
      return;
    }
    add(literal, use);
  }

  static LiteralUse use_of(TextShape shape, const Text& text) {
    if (text.cased) return LiteralUse::kCheck;
    switch (shape) {
      case TextShape::kStartsWith:
        return LiteralUse::kStartsWith;
      case TextShape::kEndsWith:
        return LiteralUse::kEndsWith;
      case TextShape::kPattern:
        return LiteralUse::kCheck;
      default:
        return LiteralUse::kContains;  // also of equal texts, which are found as a whole
    }
  }

  void build_raw_filter() {
    const auto keywords = plan_.field_by_name.find("k");
    if (keywords == plan_.field_by_name.end()) return;
    auto& field = plan_.fields[keywords->second];
    std::vector<std::string> parts;
    for (const auto& predicate : plan_.predicates) {
      if (predicate.field != keywords->second || predicate.wakes.empty()) continue;
      const auto* text = std::get_if<Text>(predicate.matcher);
      parts.push_back(text == nullptr ? std::string()
                                      : RawFilter::raw_part(sigma::fold_case(literal_to_index(*text))));
      if (parts.back().empty()) return;
    }
    field.raw_filter_suffices = true;
    plan_.raw_filter = RawFilter(std::move(parts));
  }

  std::span<const sigma::Rule> rules_;
  const SlotsOf& slots_of_;
  Plan plan_;
  std::unordered_map<std::string, std::vector<PredicateId>> known_;
};

}  // namespace

Plan make_plan(std::uint32_t serial, std::span<const sigma::Rule> rules,
               std::span<const std::uint32_t> chosen, const SlotsOf& slots_of) {
  PlanMaker maker(serial, rules, slots_of);
  for (const auto place : chosen) maker.add(place);
  return std::move(maker).finish();
}

}  // namespace tocsin::detect
