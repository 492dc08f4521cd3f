// Recursive descent over the grammar of docs/query-language.md; the depth is bounded.

#include <algorithm>

#include "base/ascii.h"
#include "base/suggest.h"
#include "model/field_values.h"
#include "query/query.h"
#include "query/scanner.h"
#include "query/values.h"

namespace tocsin::query {
namespace {

using model::Comparison;
using model::Condition;

// Parts of one kind in a condition of that kind become its own; one part stands for itself.
Condition joined(Condition::Kind kind, std::vector<Condition> parts) {
  Condition whole;
  whole.kind = kind;
  for (auto& part : parts) {
    if (part.kind == kind) {
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(whole.parts));
    } else {
      whole.parts.push_back(std::move(part));
    }
  }
  if (whole.parts.size() == 1) return Condition(std::move(whole.parts.front()));
  return whole;
}

Condition negated(Condition inner) {
  Condition condition;
  condition.kind = Condition::Kind::kNot;
  condition.parts.push_back(std::move(inner));
  return condition;
}

// Values that one test can hold are gathered in it.
void add_value(std::vector<Condition>& tests, Condition value) {
  const bool mergeable = value.kind == Condition::Kind::kTest && value.test.how != Comparison::kInRange &&
                         value.test.how != Comparison::kExists;
  const auto same = std::find_if(tests.begin(), tests.end(), [&](const Condition& one) {
    return mergeable && one.kind == Condition::Kind::kTest && one.test.how == value.test.how;
  });
  if (same == tests.end()) {
    if (std::find(tests.begin(), tests.end(), value) == tests.end()) tests.push_back(std::move(value));
    return;
  }
  auto& kept = same->test.values;
  for (auto& operand : value.test.values) {
    if (std::find(kept.begin(), kept.end(), operand) == kept.end()) kept.push_back(std::move(operand));
  }
}

// Choices in their own order, so that one set has one text.
void sort_choices(const FieldInfo& field, std::vector<Condition>& tests) {
  if (field.values.empty()) return;
  for (auto& one : tests) std::sort(one.test.values.begin(), one.test.values.end());
}

bool has_parts(const Condition& condition) {
  return condition.kind == Condition::Kind::kAll || condition.kind == Condition::Kind::kAny;
}

// Of parentheses and negations in the canonical text, which a list of networks or a "none" can make deeper
// than what was typed.
std::size_t printed_depth(const Condition& condition) {
  const bool is_not = condition.kind == Condition::Kind::kNot;
  std::size_t deepest = 0;
  for (const auto& part : condition.parts) {
    const bool in_parentheses = has_parts(part) || (is_not && part.kind == Condition::Kind::kNot);
    deepest = std::max(deepest, printed_depth(part) + (in_parentheses ? 1 : 0));
  }
  return deepest + (is_not ? 1 : 0);
}

struct Sign {
  std::string_view text;
  bool is_comparison = false;
};
// Longer ones first.
constexpr Sign kSigns[] = {{">=", true}, {"<=", true}, {"!="}, {">", true}, {"<", true}, {"~"}, {"="}, {":"}};

const Sign* sign_at(const Scanner& scanner, std::size_t ahead) {
  for (const auto& sign : kSigns) {
    bool here = true;
    for (std::size_t i = 0; i < sign.text.size(); ++i) here = here && scanner.peek(ahead + i) == sign.text[i];
    if (here) return &sign;
  }
  return nullptr;
}

bool is_only_signs(std::string_view text) {
  return !text.empty() && text.find_first_not_of("<>=!~:") == std::string_view::npos;
}

class Parser {
 public:
  Parser(std::string_view text, Subject subject) : scanner_(text), subject_(subject) {}

  Result<Condition> whole() {
    if (!scanner_.skip_blanks()) return Condition{};
    TOCSIN_TRY(condition, any());
    if (printed_depth(condition) > kMaxDepth) return too_deep(0);
    if (scanner_.skip_blanks())
      return scanner_.wrong(scanner_.at(), "this parenthesis closes nothing", "remove it");
    return condition;
  }

 private:
  Result<Condition> any() {
    std::vector<Condition> parts;
    do {
      TOCSIN_TRY(part, all());
      parts.push_back(std::move(part));
      scanner_.skip_blanks();
    } while (scanner_.take_operator("OR"));
    return joined(Condition::Kind::kAny, std::move(parts));
  }

  Result<Condition> all() {
    std::vector<Condition> parts;
    for (bool more = true; more;) {
      TOCSIN_TRY(part, unary());
      parts.push_back(std::move(part));
      scanner_.skip_blanks();
      more = scanner_.take_operator("AND") || starts_a_part();
    }
    return joined(Condition::Kind::kAll, std::move(parts));
  }

  bool starts_a_part() {
    if (scanner_.at_end() || scanner_.peek() == ')') return false;
    const auto at = scanner_.at();
    const bool is_or = scanner_.take_operator("OR");
    scanner_.go_back(at);
    return !is_or;
  }

  Result<Condition> unary() {
    if (!scanner_.skip_blanks() || scanner_.peek() == ')') return missing("a term");
    const auto at = scanner_.at();
    if (scanner_.take_operator("OR") || scanner_.take_operator("AND")) {
      return scanner_.wrong(at, "there is nothing before this operator",
                            "put it between two terms, or in quotes to search for the word");
    }
    const bool has_minus = scanner_.peek() == '-' && !is_blank(scanner_.peek(1)) && scanner_.peek(1) != '\0';
    const bool is_not = has_minus ? scanner_.take("-") : scanner_.take_operator("NOT");
    if (!is_not && scanner_.peek() != '(') return term();
    if (++depth_ > kMaxDepth) return too_deep(at);
    auto inner = is_not ? unary() : group();
    --depth_;
    if (!inner || !is_not) return inner;
    return negated(*std::move(inner));
  }

  Error too_deep(std::size_t at) const {
    return scanner_.wrong(at, "nested deeper than " + std::to_string(kMaxDepth), "split the query");
  }

  Result<Condition> group() {
    const auto opened = scanner_.at();
    scanner_.take("(");
    TOCSIN_TRY(inner, any());
    scanner_.skip_blanks();
    if (!scanner_.take(")")) return scanner_.wrong(opened, "this parenthesis is never closed", "add a )");
    return inner;
  }

  Error missing(std::string what) const {
    return scanner_.wrong(scanner_.at(), what + " is missing here",
                          "write a word, \"a phrase\" or field:value");
  }

  Result<Condition> term() {
    ++terms_;
    TOCSIN_CHECK(check_terms(scanner_.at()));
    const auto name = scanner_.peek_name();
    const auto* sign = name.empty() ? nullptr : sign_at(scanner_, name.size());
    if (sign == nullptr) return words();
    const bool is_link =
        sign->text == ":" && scanner_.peek(name.size() + 1) == '/' && scanner_.peek(name.size() + 2) == '/';
    const auto* field = find_field(subject_, name);
    if (is_link || (sign->text != ":" && field == nullptr)) return words();
    const auto at = scanner_.at();
    if (field == nullptr && name == "has") return exists(at);
    if (field == nullptr) return unknown_field(at, name);
    scanner_.take(name);
    scanner_.take(sign->text);
    return field_term(*field, *sign, at);
  }

  Result<void> check_terms(std::size_t at) const {
    if (terms_ <= kMaxTerms) return {};
    return scanner_.wrong(at, "a query has at most " + std::to_string(kMaxTerms) + " terms",
                          "split the query");
  }

  Result<Condition> words() {
    TOCSIN_TRY(word, scanner_.word(false));
    if (word.plain.empty()) return scanner_.wrong(word.at, "there is no word here", "remove it");
    if (!word.quoted && is_only_signs(word.plain)) {
      return scanner_.wrong(word.at, "a comparison without a field", "write priority>=80, without blanks");
    }
    Condition condition;
    condition.kind = Condition::Kind::kWords;
    condition.words = std::move(word.plain);
    return condition;
  }

  Error unknown_field(std::size_t at, std::string_view name) const {
    std::vector<std::string_view> names;
    for (const auto& field : fields(subject_)) names.push_back(field.name);
    names.push_back("has");
    return scanner_.wrong(at, "unknown field \"" + std::string(name) + "\"",
                          name_hint(name, names) + "; put it in quotes to search for the text");
  }

  Result<Condition> exists(std::size_t at) {
    scanner_.take("has:");
    const auto name_at = scanner_.at();
    TOCSIN_TRY(word, scanner_.word(false));
    const auto* field = find_field(subject_, word.plain);
    if (word.plain.empty()) return scanner_.wrong(at, "\"has:\" has no value", "write has:assignee");
    if (field == nullptr) return unknown_field(name_at, word.plain);
    if (model::shape_of(field->field) != model::FieldShape::kText)
      return scanner_.wrong(name_at, std::string(field->name) + " is always there", "write has:assignee");
    Condition condition;
    condition.kind = Condition::Kind::kTest;
    condition.test.field = field->field;
    return condition;
  }

  Result<Condition> field_term(const FieldInfo& field, Sign sign, std::size_t at) {
    const auto* second = sign.text == ":" && has_order(field.type) ? sign_at(scanner_, 0) : nullptr;
    if (second != nullptr && second->is_comparison) {
      scanner_.take(second->text);
      sign = *second;
    }
    TOCSIN_CHECK(check_sign(field, sign, at));
    if (sign.is_comparison) return compared(field, sign.text, at);
    const bool contains = sign.text == "~" || (sign.text == ":" && field.type == ValueType::kText);
    TOCSIN_TRY(condition, values(field, contains, at));
    if (sign.text != "!=") return condition;
    return negated(std::move(condition));
  }

  Result<void> check_sign(const FieldInfo& field, const Sign& sign, std::size_t at) const {
    const auto known = operators(field.type);
    if (sign.text == "=" || std::find(known.begin(), known.end(), sign.text) != known.end()) return {};
    std::string hint = "it takes";
    for (const auto one : known) hint += " " + std::string(one);
    return scanner_.wrong(at, std::string(field.name) + " does not take " + std::string(sign.text), hint);
  }

  Result<Condition> values(const FieldInfo& field, bool contains, std::size_t at) {
    const bool in_parentheses = scanner_.take("(");
    const auto opened = scanner_.at();
    const bool commas = in_parentheses || takes_commas(field.type);
    std::vector<Condition> tests;
    for (bool more = true; more;) {
      if (in_parentheses) scanner_.skip_blanks();
      TOCSIN_TRY(one, value(field, contains, commas, at));
      add_value(tests, std::move(one));
      if (in_parentheses) scanner_.skip_blanks();
      more =
          (commas && scanner_.take(",")) || (in_parentheses && !scanner_.at_end() && scanner_.peek() != ')');
      TOCSIN_CHECK(check_count(tests));
    }
    if (in_parentheses && !scanner_.take(")"))
      return scanner_.wrong(opened - 1, "this parenthesis is never closed", "add a )");
    sort_choices(field, tests);
    terms_ += tests.size() - 1;  // ranges and the like are terms of their own
    TOCSIN_CHECK(check_terms(at));
    return joined(Condition::Kind::kAny, std::move(tests));
  }

  Result<void> check_count(const std::vector<Condition>& tests) const {
    std::size_t count = tests.size();
    for (const auto& one : tests) count = std::max(count, one.test.values.size());
    if (count > kMaxListValues)
      return scanner_.wrong(scanner_.at(),
                            "a list has at most " + std::to_string(kMaxListValues) + " values");
    if (values_ > kMaxValues)
      return scanner_.wrong(scanner_.at(), "a query has at most " + std::to_string(kMaxValues) + " values");
    return {};
  }

  Result<Condition> value(const FieldInfo& field, bool contains, bool commas, std::size_t at) {
    ++values_;
    TOCSIN_TRY(word, scanner_.word(commas));
    if (word.plain.empty()) {
      return scanner_.wrong(word.quoted ? word.at : at, "\"" + std::string(field.name) + ":\" has no value",
                            "write " + std::string(field.example));
    }
    const auto dots = word.plain.find("..");
    if (!word.quoted && has_order(field.type) && dots != std::string::npos) return range(field, word, dots);
    return placed(read_value(field, word, contains), word.at);
  }

  template <class T>
  Result<T> placed(Value<T> read, std::size_t at) const {
    if (auto* fault = std::get_if<ValueFault>(&read))
      return scanner_.wrong(at, std::move(fault->what), std::move(fault->hint));
    return std::get<T>(std::move(read));
  }

  static Condition range_of(const FieldInfo& field, std::optional<model::Bound> low,
                            std::optional<model::Bound> high) {
    Condition condition;
    condition.kind = Condition::Kind::kTest;
    condition.test = {field.field, Comparison::kInRange, {}, std::move(low), std::move(high)};
    return condition;
  }

  // "70..90", "70..", "..90", "now-2d..<now-1d"
  Result<Condition> range(const FieldInfo& field, const Word& word, std::size_t dots) {
    const std::string_view text = word.plain;
    const auto first = text.substr(0, dots);
    auto last = text.substr(dots + 2);
    const bool open_end = last.starts_with("<");
    if (open_end) last.remove_prefix(1);
    if (first.empty() && last.empty()) return scanner_.wrong(word.at, "a range without ends", "write 70..90");
    std::optional<model::Bound> low, high;
    if (!first.empty()) {
      TOCSIN_TRY(point, placed(read_point(field, first), word.at));
      low = model::Bound{std::move(point.value), true};
    }
    if (!last.empty()) {
      TOCSIN_TRY(point, placed(read_point(field, last), word.at));
      high = upper(std::move(point), open_end);
    }
    return range_of(field, std::move(low), std::move(high));
  }

  // A day as an upper end is in it as a whole.
  static model::Bound upper(Point point, bool open_end) {
    if (point.day_end && !open_end) return {*std::move(point.day_end), false};
    return {std::move(point.value), !open_end};
  }

  Result<Condition> compared(const FieldInfo& field, std::string_view sign, std::size_t at) {
    TOCSIN_TRY(word, scanner_.word(false));
    if (word.plain.empty())
      return scanner_.wrong(at, "there is no value to compare with", "write " + std::string(field.example));
    TOCSIN_TRY(point, placed(read_point(field, word.plain), word.at));
    if (sign == ">=") return range_of(field, model::Bound{std::move(point.value), true}, {});
    if (sign == "<") return range_of(field, {}, model::Bound{std::move(point.value), false});
    if (sign == "<=") return range_of(field, {}, upper(std::move(point), false));
    auto low = upper(std::move(point), false);  // beyond a day is from its end on
    low.inclusive = !low.inclusive;
    return range_of(field, std::move(low), {});
  }

  Scanner scanner_;
  Subject subject_;
  std::size_t depth_ = 0;
  std::size_t terms_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

Result<Condition> parse(std::string_view text, Subject subject) {
  if (text.size() > kMaxBytes) {
    return error(ErrorKind::kInvalidInput, "read query",
                 "the query is longer than " + std::to_string(kMaxBytes) + " bytes", "split it", "q");
  }
  return Parser(text, subject).whole();
}

}  // namespace tocsin::query
