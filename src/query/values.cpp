#include "query/values.h"

#include <algorithm>
#include <charconv>

#include "base/suggest.h"
#include "model/attack.h"
#include "model/field_values.h"
#include "model/network.h"
#include "query/moments.h"
#include "query/query.h"

namespace tocsin::query {
namespace {

using model::Comparison;
using model::Condition;
using model::Field;
using model::Operand;

ValueFault not_a_value(const FieldInfo& field, std::string_view text,
                       std::span<const std::string_view> known) {
  return {"\"" + std::string(text) + "\" is not a value of " + std::string(field.name),
          name_hint(text, known)};
}

Condition test_of(const FieldInfo& field, Comparison how, std::vector<Operand> values) {
  Condition condition;
  condition.kind = Condition::Kind::kTest;
  condition.test = {field.field, how, std::move(values), {}, {}};
  return condition;
}

Condition not_of(Condition inner) {
  Condition condition;
  condition.kind = Condition::Kind::kNot;
  condition.parts.push_back(std::move(inner));
  return condition;
}

Condition range_of(const FieldInfo& field, std::optional<model::Bound> low,
                   std::optional<model::Bound> high) {
  auto condition = test_of(field, Comparison::kInRange, {});
  condition.test.low = std::move(low);
  condition.test.high = std::move(high);
  return condition;
}

Value<std::int64_t> read_choice(const FieldInfo& field, std::string_view text) {
  const auto found = std::find(field.values.begin(), field.values.end(), text);
  if (found != field.values.end()) return std::int64_t{found - field.values.begin()};
  std::vector<std::string_view> known(field.values.begin(), field.values.end());
  if (field.field == Field::kStatus && field.values.front() == "new") known.push_back("open");
  return not_a_value(field, text, known);
}

std::string limits_of(const FieldInfo& field) {
  return " from " + std::to_string(field.least) + " to " + std::to_string(field.most);
}

Value<Operand> read_number(const FieldInfo& field, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  if (whole && number >= field.least && number <= field.most) return Operand(number);
  return ValueFault{std::string(field.name) + " is a whole number" + limits_of(field),
                    "write " + std::string(field.example)};
}

Value<Operand> read_fraction(const FieldInfo& field, std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  if (whole && number >= static_cast<double>(field.least) && number <= static_cast<double>(field.most)) {
    return Operand(number + 0.0);  // -0 is 0
  }
  return ValueFault{std::string(field.name) + " is a number" + limits_of(field),
                    "write " + std::string(field.example)};
}

template <class Id>
Value<Condition> read_id(const FieldInfo& field, const Word& word) {
  if (const auto id = Id::parse(word.plain)) return test_of(field, Comparison::kEquals, {id->str()});
  return ValueFault{"not an id", "they look like " + Id::make(from_unix_nanos(0)).str()};
}

Value<Condition> read_flag(const FieldInfo& field, const Word& word) {
  static constexpr std::string_view kFlags[] = {"false", "true"};
  const auto* found = std::find(std::begin(kFlags), std::end(kFlags), word.plain);
  if (found == std::end(kFlags)) return not_a_value(field, word.plain, kFlags);
  return test_of(field, Comparison::kEquals, {std::int64_t{found - kFlags}});
}

Value<Condition> read_choices(const FieldInfo& field, const Word& word) {
  const bool has_open = field.field == Field::kStatus && field.values.front() == "new";
  if (has_open && word.plain == "open") {
    return test_of(field, Comparison::kEquals, {std::int64_t{0}, std::int64_t{1}});
  }
  auto choice = read_choice(field, word.plain);
  if (auto* fault = std::get_if<ValueFault>(&choice)) return std::move(*fault);
  return test_of(field, Comparison::kEquals, {std::get<std::int64_t>(choice)});
}

Value<Condition> read_tactic(const FieldInfo& field, const Word& word) {
  if (const auto place = model::find_tactic(word.plain)) {
    return test_of(field, Comparison::kEquals, {std::string(model::tactics()[*place].id)});
  }
  std::vector<std::string_view> known;
  for (const auto& tactic : model::tactics()) known.push_back(tactic.name);
  return not_a_value(field, word.plain, known);
}

Value<Condition> read_technique(const FieldInfo& field, const Word& word) {
  if (const auto* technique = model::find_technique(word.plain)) {
    return test_of(field, Comparison::kEquals, {std::string(technique->id)});
  }
  return ValueFault{"\"" + word.plain + "\" is not in the ATT&CK table",
                    "write an id (T1110, T1110.001) or an exact name in quotes"};
}

Value<Condition> read_person(const FieldInfo& field, const Word& word) {
  if (!word.quoted && word.plain == "none") return not_of(test_of(field, Comparison::kExists, {}));
  if (!word.quoted && (word.plain == "me" || word.plain == "@me")) {
    return test_of(field, Comparison::kEquals, {model::Caller{}});
  }
  return test_of(field, Comparison::kEquals, {word.plain});
}

Value<Condition> read_network(const FieldInfo& field, std::string_view text) {
  const auto network = model::parse_network(text);
  if (!network) {
    return ValueFault{"\"" + std::string(text) + "\" is not a network", "write cidr(10.0.0.0/8)"};
  }
  return test_of(field, Comparison::kInNetwork, {to_string(*network)});
}

Value<Condition> read_address(const FieldInfo& field, const Word& word) {
  const std::string_view text = word.plain;
  if (!word.quoted && text.starts_with("cidr(") && text.ends_with(")"))
    return read_network(field, text.substr(5, text.size() - 6));
  if (!word.quoted && text.find('/') != std::string_view::npos) return read_network(field, text);
  return test_of(field, Comparison::kEquals, {word.plain});
}

// A moment that names a day is that day.
Value<Condition> read_ordered(const FieldInfo& field, const Word& word) {
  auto read = read_point(field, word.plain);
  if (auto* fault = std::get_if<ValueFault>(&read)) return std::move(*fault);
  auto& point = std::get<Point>(read);
  if (point.day_end)
    return range_of(field, model::Bound{point.value, true}, model::Bound{*point.day_end, false});
  if (field.type != ValueType::kTime && field.type != ValueType::kDuration)
    return test_of(field, Comparison::kEquals, {point.value});
  if (std::holds_alternative<model::RelativeTime>(point.value) || field.type == ValueType::kDuration) {
    const auto name = std::string(field.name);
    return ValueFault{name + " is hardly ever exactly that",
                      "write " + name + (field.type == ValueType::kTime ? ">=" : "<") + word.plain};
  }
  return range_of(field, model::Bound{point.value, true}, model::Bound{point.value, true});
}

bool takes_patterns(ValueType type) {
  return type <= ValueType::kAddress || type == ValueType::kPerson;
}

Value<Condition> read_pattern(const FieldInfo& field, const Word& word) {
  const bool anything = word.plain.size() == word.stars;
  if (anything && model::shape_of(field.field) == model::FieldShape::kText)
    return test_of(field, Comparison::kExists, {});
  if (!takes_patterns(field.type)) {
    return ValueFault{std::string(field.name) + " takes no *", "write " + std::string(field.example)};
  }
  if (word.stars > kMaxStars)
    return ValueFault{"a value has at most " + std::to_string(kMaxStars) + " *", {}};
  return test_of(field, Comparison::kMatches, {word.pattern});
}

bool is_plain_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80 || c == '_' || c == '.' || c == '-' || c == '+';
}

}  // namespace

Value<Point> read_point(const FieldInfo& field, std::string_view text) {
  if (field.type == ValueType::kTime) return read_moment(field, text);
  if (field.type == ValueType::kDuration) return read_duration(field, text);
  if (field.type == ValueType::kLevel) {
    auto choice = read_choice(field, text);
    if (auto* fault = std::get_if<ValueFault>(&choice)) return std::move(*fault);
    return Point{std::get<std::int64_t>(choice), {}};
  }
  auto number = field.type == ValueType::kNumber ? read_number(field, text) : read_fraction(field, text);
  if (auto* fault = std::get_if<ValueFault>(&number)) return std::move(*fault);
  return Point{std::get<Operand>(number), {}};
}

Value<Condition> read_value(const FieldInfo& field, const Word& word, bool contains) {
  if (word.stars > 0) return read_pattern(field, word);
  if (contains) return test_of(field, Comparison::kContains, {word.plain});
  switch (field.type) {
    case ValueType::kName:
    case ValueType::kText:
    case ValueType::kEntity:
      return test_of(field, Comparison::kEquals, {word.plain});
    case ValueType::kAddress:
      return read_address(field, word);
    case ValueType::kAlertId:
      return read_id<AlertId>(field, word);
    case ValueType::kIncidentId:
      return read_id<IncidentId>(field, word);
    case ValueType::kPerson:
      return read_person(field, word);
    case ValueType::kTechnique:
      return read_technique(field, word);
    case ValueType::kTactic:
      return read_tactic(field, word);
    case ValueType::kChoice:
    case ValueType::kLevel:
      return read_choices(field, word);
    case ValueType::kFlag:
      return read_flag(field, word);
    default:
      return read_ordered(field, word);
  }
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string print_text(std::string_view text) {
  const bool plain = !text.empty() && text.front() != '-' && text != "AND" && text != "OR" && text != "NOT" &&
                     std::all_of(text.begin(), text.end(), is_plain_letter);
  return plain ? std::string(text) : quoted(text);
}

namespace {

std::string print_string(const FieldInfo& field, const std::string& text) {
  const bool has_meaning = field.type == ValueType::kPerson && (text == "me" || text == "none");
  return has_meaning ? quoted(text) : print_text(text);
}

std::string print_integer(const FieldInfo& field, std::int64_t number) {
  if (field.type == ValueType::kFlag) return number != 0 ? "true" : "false";
  if (field.type == ValueType::kDuration) return print_duration(number);
  if (field.values.empty()) return std::to_string(number);
  const auto place = static_cast<std::size_t>(number);
  return std::string(place < field.values.size() ? field.values[place] : "?");
}

std::string print_fraction(double number) {
  char text[32];
  const auto [end, failed] = std::to_chars(text, text + sizeof text, number);
  return {text, end};
}

}  // namespace

std::string print_operand(const FieldInfo& field, const Operand& operand) {
  struct Printer {
    const FieldInfo& field;
    std::string operator()(std::int64_t number) const { return print_integer(field, number); }
    std::string operator()(double number) const { return print_fraction(number); }
    std::string operator()(const std::string& text) const { return print_string(field, text); }
    std::string operator()(Timestamp time) const { return print_time(time); }
    std::string operator()(const model::RelativeTime& time) const { return print_relative(time); }
    std::string operator()(model::Caller) const { return "@me"; }
  };
  return std::visit(Printer{field}, operand);
}

}  // namespace tocsin::query
