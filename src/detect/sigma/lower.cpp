#include "detect/sigma/lower.h"

#include "detect/sigma/lower_value.h"

namespace tocsin::detect::sigma {
namespace {

// About what a matcher takes in memory.
struct Size {
  std::size_t operator()(const Text& text) const {
    std::size_t bytes = 0;
    for (const auto& piece : text.pieces) bytes += sizeof(Piece) + piece.literal.size();
    return bytes;
  }
  std::size_t operator()(const Regex& regex) const { return 4'096 + regex.pattern.size() * 64; }
  template <class Other>
  std::size_t operator()(const Other& /*other*/) const {
    return 0;
  }
};

std::size_t bytes_of(const Alternatives& alternatives) {
  std::size_t bytes = 0;
  for (const auto& matcher : alternatives) bytes += sizeof(Matcher) + std::visit(Size{}, matcher);
  return bytes;
}

}  // namespace

Result<Alternatives> Lowering::alternatives(const ItemKey& key, const Yaml& value) {
  TOCSIN_TRY(lowered, lower_value(key, value, placeholders_));
  if (!budget_.take(bytes_of(lowered)))
    return fault(value.at, "the rule grows beyond 16 MiB", "Use fewer placeholders, dashes or values.");
  return lowered;
}

Result<Item> Lowering::item(const ItemKey& key, std::span<const Yaml> values, Position at) {
  if (values.empty()) return fault(at, "the list of values is empty");
  Item item{key.field, key.all, key.negated, {}, at};
  for (const auto& value : values) {
    TOCSIN_TRY(lowered, alternatives(key, value));
    item.values.push_back(std::move(lowered));
  }
  return item;
}

Result<Branch> Lowering::branch(const Yaml& map) {
  if (map.members.empty()) return fault(map.at, "there is nothing in this map");
  Branch branch;
  for (const auto& member : map.members) {
    TOCSIN_TRY(key, parse_item_key(member.key, member.at));
    const auto& value = member.value;
    const auto values = value.is_list() ? std::span(value.items) : std::span(&value, 1);
    TOCSIN_TRY(item, this->item(key, values, member.at));
    branch.items.push_back(std::move(item));
  }
  return branch;
}

Result<Selection> Lowering::selection(const YamlMember& written) {
  Selection selection{written.key, {}};
  const auto& value = written.value;
  const auto parts = value.is_list() ? std::span(value.items) : std::span(&value, 1);
  std::vector<Yaml> keywords;
  for (const auto& part : parts) {
    if (!part.is_map()) {
      keywords.push_back(part);
      continue;
    }
    TOCSIN_TRY(branch, this->branch(part));
    selection.branches.push_back(std::move(branch));
  }
  if (!keywords.empty()) {
    TOCSIN_TRY(item, this->item({}, keywords, written.at));
    selection.branches.push_back({{std::move(item)}});
  }
  if (selection.branches.empty()) return fault(value.at, "the selection '" + written.key + "' is empty");
  return selection;
}

Result<std::vector<Selection>> Lowering::selections(const Yaml& detection,
                                                    std::span<const std::string_view> but) {
  std::vector<Selection> selections;
  for (const auto& member : detection.members) {
    if (std::find(but.begin(), but.end(), member.key) != but.end()) continue;
    if (member.key == "timeframe")
      return fault(member.at, "'timeframe' ended with Sigma 1", "Write a correlation rule with a timespan.");
    TOCSIN_TRY(selection, this->selection(member));
    selections.push_back(std::move(selection));
  }
  if (selections.empty()) return fault(detection.at, "there is no selection");
  return selections;
}

Result<Condition> lower_condition(const Yaml& parent, std::span<const Selection> selections) {
  const auto* written = parent.find("condition");
  if (written == nullptr) return fault(parent.at, "there is no 'condition'");
  std::vector<std::string> names;
  for (const auto& selection : selections) names.push_back(selection.name);
  const auto texts = written->is_list() ? std::span(written->items) : std::span(written, 1);
  std::vector<Condition> any;
  for (const auto& text : texts) {
    if (!text.is_scalar()) return fault(text.at, "a condition is a text");
    const int quote = text.quoted ? 1 : 0;
    TOCSIN_TRY(condition, parse_condition(text.text, names, {text.at.line, text.at.column + quote}));
    any.push_back(std::move(condition));
  }
  if (any.empty()) return fault(written->at, "the list of conditions is empty");
  if (any.size() == 1) return std::move(any.front());
  Condition whole;
  whole.kind = Condition::Kind::kAny;
  whole.parts = std::move(any);
  return whole;
}

}  // namespace tocsin::detect::sigma
