#include "detect/sigma/interpreter.h"

#include "detect/sigma/case_fold.h"

namespace tocsin::detect::sigma {
namespace {

bool fits(std::partial_ordering order, Comparison how) {
  switch (how) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessOrEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterOrEqual:
      return order >= 0;
  }
  return false;
}

bool stands_in(std::string_view part, std::string_view whole, TextShape how) {
  switch (how) {
    case TextShape::kStartsWith:
      return whole.starts_with(part);
    case TextShape::kEndsWith:
      return whole.ends_with(part);
    case TextShape::kContains:
      return whole.find(part) != std::string_view::npos;
    default:
      return whole == part;
  }
}

// Asks one matcher of one value that is not null.
struct ValueTest {
  const Value& value;
  const Event& event;

  bool operator()(const Text& text) const { return matches(text, text.cased ? value.text : value.folded); }
  bool operator()(const Regex& regex) const { return matches(regex, value.text); }
  bool operator()(const NumberTest& test) const {
    const auto number = value.kind == ValueKind::kBoolean ? std::nullopt : parse_number(value.text);
    return number && fits(compare(*number, test.bound), test.how);
  }
  bool operator()(const InNetwork& block) const {
    const auto address = model::parse_address(value.text);
    return address && model::contains(block.network, *address);
  }
  bool operator()(const TimeTest& test) const {
    const auto part = read_time_part(value.text, test.part);
    return part && fits(compare(*part, test.bound), test.how);
  }
  bool operator()(const FieldReference& reference) const {
    const auto* others = event.find(reference.field);
    if (others == nullptr) return false;
    return std::any_of(others->begin(), others->end(), [&](const Value& other) {
      if (other.kind == ValueKind::kNull) return false;
      return reference.cased ? stands_in(other.text, value.text, reference.how)
                             : stands_in(other.folded, value.folded, reference.how);
    });
  }
  // Asked of the field below.
  bool operator()(const IsNull& /*test*/) const { return false; }
  bool operator()(const Exists& /*test*/) const { return false; }
};

bool field_passes(const Matcher& matcher, const std::vector<Value>* values) {
  if (const auto* exists = std::get_if<Exists>(&matcher)) return (values != nullptr) == exists->wanted;
  if (!std::holds_alternative<IsNull>(matcher)) return false;
  const auto is_null = [](const Value& value) { return value.kind == ValueKind::kNull; };
  return values == nullptr || std::any_of(values->begin(), values->end(), is_null);
}

bool value_passes(const Alternatives& alternatives, const Value& value, const Event& event) {
  if (value.kind == ValueKind::kNull) return false;
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const Matcher& matcher) {
    return std::visit(ValueTest{value, event}, matcher);
  });
}

// What is asked of a field, or of all values of the event, once its values are at hand.
class ItemTest {
 public:
  ItemTest(const Item& item, const Event& event)
      : item_(item), event_(event), values_(item.field ? event.find(*item.field) : nullptr) {}

  bool passes() const {
    const auto met = [this](const Alternatives& alternatives) { return is_met(alternatives, nullptr); };
    const auto& wanted = item_.values;
    const bool holds = item_.all_values ? std::all_of(wanted.begin(), wanted.end(), met)
                                        : std::any_of(wanted.begin(), wanted.end(), met);
    return holds != item_.negated;
  }

  // The first value of the event that meets what is wanted; nullopt when none is there, as for null.
  std::optional<std::string> first_value() const {
    for (const auto& alternatives : item_.values) {
      std::optional<std::string> found;
      if (is_met(alternatives, &found) && found) return found;
    }
    return std::nullopt;
  }

 private:
  bool is_met(const Alternatives& alternatives, std::optional<std::string>* found) const {
    const auto passes = [&](const Value& value) {
      if (!value_passes(alternatives, value, event_)) return false;
      if (found != nullptr) *found = value.text;
      return true;
    };
    if (!item_.field) return event_.any_value(passes);
    if (values_ != nullptr && std::any_of(values_->begin(), values_->end(), passes)) return true;
    return std::any_of(alternatives.begin(), alternatives.end(),
                       [&](const Matcher& matcher) { return field_passes(matcher, values_); });
  }

  const Item& item_;
  const Event& event_;
  const std::vector<Value>* values_;
};

bool matches(const Branch& branch, const Event& event) {
  return std::all_of(branch.items.begin(), branch.items.end(),
                     [&](const Item& item) { return sigma::matches(item, event); });
}

}  // namespace

bool matches(const Item& item, const Event& event) {
  return ItemTest(item, event).passes();
}

bool matches(const Selection& selection, const Event& event) {
  return std::any_of(selection.branches.begin(), selection.branches.end(),
                     [&](const Branch& branch) { return matches(branch, event); });
}

bool matches(const Rule& rule, const Event& event) {
  return holds(rule.condition, [&](std::size_t place) { return matches(rule.selections[place], event); });
}

std::vector<Evidence> evidence(const Rule& rule, const Event& event) {
  std::vector<Evidence> found;
  for (const auto& selection : rule.selections) {
    for (const auto& branch : selection.branches) {
      if (!matches(branch, event)) continue;
      for (const auto& item : branch.items)
        found.push_back(
            {selection.name, item.field.value_or(""), ItemTest(item, event).first_value().value_or("")});
    }
  }
  return found;
}

}  // namespace tocsin::detect::sigma
