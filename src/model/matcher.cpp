#include "model/matcher.h"

#include <algorithm>

#include "model/field_values.h"
#include "model/search_text.h"
#include "model/text_match.h"

namespace tocsin::model {
namespace {

template <class Number>
bool in_range(const Test& test, Number value) {
  const auto* low = test.low ? std::get_if<Number>(&test.low->value) : nullptr;
  const auto* high = test.high ? std::get_if<Number>(&test.high->value) : nullptr;
  if (low != nullptr && (test.low->inclusive ? value < *low : value <= *low)) return false;
  return high == nullptr || !(test.high->inclusive ? value > *high : value >= *high);
}

template <class Number>
bool passes_number(const Test& test, const std::optional<Number>& value) {
  if (!value) return false;
  if (test.how == Comparison::kInRange) return in_range(test, *value);
  return std::any_of(test.values.begin(), test.values.end(),
                     [&](const Operand& one) { return one == Operand(*value); });
}

bool words_hold(const SearchQuestion& question, const Alert& alert) {
  return question.empty() || question.matches(search_words(alert));
}

// An incident is searched by the parts of its title.
bool words_hold(const SearchQuestion& question, const Incident& incident) {
  return std::all_of(question.words.begin(), question.words.end(), [&](const std::string& word) {
    const TextTest part({Field::kTitle, Comparison::kContains, {word}, {}, {}});
    return part.passes(incident.title);
  });
}

}  // namespace

struct Matcher::Node {
  explicit Node(const Condition& condition)
      : kind(condition.kind), test(condition.test), text(condition.test) {
    question = parse_question(condition.words);
    question.prefix = condition.prefix;
    for (const auto& part : condition.parts) parts.emplace_back(part);
  }

  Condition::Kind kind;
  Test test;
  TextTest text;
  SearchQuestion question;
  std::vector<Node> parts;
};

Matcher::Matcher(const Condition& resolved) : root_(std::make_unique<Node>(resolved)) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

template <class Item>
bool Matcher::holds(const Node& node, const Item& item) {
  const auto part_holds = [&](const Node& part) { return holds(part, item); };
  switch (node.kind) {
    case Condition::Kind::kAll:
      return std::all_of(node.parts.begin(), node.parts.end(), part_holds);
    case Condition::Kind::kAny:
      return std::any_of(node.parts.begin(), node.parts.end(), part_holds);
    case Condition::Kind::kNot:
      return !part_holds(node.parts.front());
    case Condition::Kind::kWords:
      return words_hold(node.question, item);
    case Condition::Kind::kTest:
      break;
  }
  switch (shape_of(node.test.field)) {
    case FieldShape::kInteger:
      return passes_number(node.test, integer_of(item, node.test.field));
    case FieldShape::kReal:
      return passes_number(node.test, real_of(item, node.test.field));
    case FieldShape::kText:
      break;
  }
  return any_text(item, node.test.field, [&](std::string_view text) { return node.text.passes(text); });
}

bool Matcher::matches(const Alert& alert) const {
  return holds(*root_, alert);
}

bool Matcher::matches(const Incident& incident) const {
  return holds(*root_, incident);
}

}  // namespace tocsin::model
