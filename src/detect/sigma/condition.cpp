#include "detect/sigma/condition.h"

#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "detect/sigma/text.h"

namespace tocsin::detect::sigma {
namespace {

using Kind = Condition::Kind;
constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxBytes = 16'384;
constexpr std::size_t kMaxParts = 10'000;  // that patterns may stand for, all together

struct Token {
  std::string_view text;  // "(", ")", "|" or a word; empty at the end
  Position at;
};

bool is_sign(char c) {
  return c == '(' || c == ')' || c == '|';
}

std::vector<Token> split(std::string_view text, Position at) {
  std::vector<Token> tokens;
  std::size_t next = 0;
  const auto position = [&] { return Position{at.line, at.column + static_cast<int>(next)}; };
  while (next < text.size()) {
    if (is_blank(text[next])) {
      ++next;
      continue;
    }
    std::size_t end = next + 1;
    while (!is_sign(text[next]) && end < text.size() && !is_blank(text[end]) && !is_sign(text[end])) ++end;
    tokens.push_back({text.substr(next, end - next), position()});
    next = end;
  }
  tokens.push_back({{}, position()});
  return tokens;
}

// kAll or kAny of the parts; one part alone is itself.
Condition joined(Kind kind, std::vector<Condition> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Condition whole;
  whole.kind = kind;
  whole.parts = std::move(parts);
  return whole;
}

Condition at_least(std::size_t count, std::vector<Condition> parts) {
  if (count == 1) return joined(Kind::kAny, std::move(parts));
  if (count == parts.size()) return joined(Kind::kAll, std::move(parts));
  auto whole = joined(Kind::kAtLeast, std::move(parts));
  whole.count = count;
  return whole;
}

Condition selection_at(std::size_t place) {
  Condition leaf;
  leaf.kind = Kind::kSelection;
  leaf.selection = place;
  return leaf;
}

// One function a level of the grammar:
//
//   or   := and ("or" and)*          not   := "not" not | unit
//   and  := not ("and" not)*         unit  := "(" or ")" | quantity "of" pattern | name
class Parser {
 public:
  Parser(std::vector<Token> tokens, std::span<const std::string> names)
      : tokens_(std::move(tokens)), names_(names) {}

  Result<Condition> whole() {
    TOCSIN_TRY(condition, chain(Kind::kAny));
    if (next().text.empty()) return condition;
    if (next().text == "|")
      return fault(next().at, "aggregations after '|' ended with Sigma 1",
                   "Write a correlation rule of type event_count or value_count that refers to this rule.");
    return fault(next().at, "unexpected '" + std::string(next().text) + "'",
                 "Join two parts with 'and' or 'or'.");
  }

 private:
  const Token& next() const { return tokens_[at_]; }
  const Token& second() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }

  bool is_name(std::string_view word) const {
    return std::find(names_.begin(), names_.end(), word) != names_.end();
  }
  // A selection may be called "and": then it is one.
  bool at_word(std::string_view word) const {
    return equal_ignoring_case(next().text, word) && !is_name(next().text);
  }
  bool take_word(std::string_view word) {
    const bool there = at_word(word);
    at_ += there ? 1 : 0;
    return there;
  }

  Result<Condition> chain(Kind kind) {
    const bool any = kind == Kind::kAny;
    std::vector<Condition> parts;
    do {
      TOCSIN_TRY(part, any ? chain(Kind::kAll) : negation());
      parts.push_back(std::move(part));
    } while (take_word(any ? "or" : "and"));
    return joined(kind, std::move(parts));
  }

  Result<Condition> negation() {
    if (!at_word("not")) return unit();
    if (++depth_ > kMaxDepth) return too_deep();
    ++at_;
    TOCSIN_TRY(part, negation());
    --depth_;
    Condition negated;
    negated.kind = Kind::kNot;
    negated.parts.push_back(std::move(part));
    return negated;
  }

  Result<Condition> unit() {
    if (next().text == "(") return group();
    if (equal_ignoring_case(second().text, "of")) return quantified();
    const auto word = tokens_[at_];
    const auto found = std::find(names_.begin(), names_.end(), word.text);
    if (found == names_.end()) return not_a_name(word);
    ++at_;
    return selection_at(static_cast<std::size_t>(found - names_.begin()));
  }

  Result<Condition> group() {
    const auto open = next().at;
    if (++depth_ > kMaxDepth) return too_deep();
    ++at_;
    TOCSIN_TRY(inner, chain(Kind::kAny));
    if (next().text != ")") return fault(open, "this '(' is never closed");
    ++at_;
    --depth_;
    return inner;
  }

  Result<Condition> quantified() {
    const auto quantity = tokens_[at_];
    const auto pattern = tokens_[std::min(at_ + 2, tokens_.size() - 1)];
    if (pattern.text.empty() || is_sign(pattern.text.front()))
      return fault(pattern.at, "expected a pattern or 'them' after 'of'", "Example: 1 of selection_*");
    auto parts = selections_like(pattern.text);
    if (parts.empty()) return fault(pattern.at, "no selection is called '" + std::string(pattern.text) + "'");
    parts_ += parts.size();
    if (parts_ > kMaxParts)
      return fault(pattern.at,
                   "the patterns stand for more than " + std::to_string(kMaxParts) + " selections");
    TOCSIN_TRY(count, count_of(quantity, parts.size()));
    at_ += 3;
    return at_least(count, std::move(parts));
  }

  static Result<std::size_t> count_of(const Token& quantity, std::size_t most) {
    if (equal_ignoring_case(quantity.text, "all")) return most;
    if (equal_ignoring_case(quantity.text, "any")) return std::size_t{1};
    std::size_t count = 0;
    const auto* end = quantity.text.data() + quantity.text.size();
    const auto [stop, wrong] = std::from_chars(quantity.text.data(), end, count);
    if (wrong != std::errc() || stop != end || count == 0)
      return fault(quantity.at, "'" + std::string(quantity.text) + " of' is no quantity",
                   "Write 'all of', '1 of' or another number.");
    if (count > most)
      return fault(quantity.at,
                   "asks for " + std::to_string(count) + " of only " + std::to_string(most) + " selections");
    return count;
  }

  // Names that begin with `_` take part only when the pattern says so.
  std::vector<Condition> selections_like(std::string_view pattern) const {
    const bool them = equal_ignoring_case(pattern, "them") && !is_name(pattern);
    auto glob = parse_text(them ? "*" : pattern);
    glob.cased = true;
    std::vector<Condition> found;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const bool hidden = names_[i].starts_with('_') && !pattern.starts_with('_');
      if (!hidden && matches(glob, names_[i])) found.push_back(selection_at(i));
    }
    return found;
  }

  static Error not_a_name(const Token& word) {
    if (word.text.empty()) return fault(word.at, "the condition ends where a selection is expected");
    return fault(word.at, "no selection is called '" + std::string(word.text) + "'");
  }
  Error too_deep() const {
    return fault(next().at,
                 "more than " + std::to_string(kMaxDepth) + " parentheses and negations inside each other");
  }

  std::vector<Token> tokens_;
  std::span<const std::string> names_;
  std::size_t at_ = 0;
  std::size_t parts_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Condition> parse_condition(std::string_view text, std::span<const std::string> names, Position at) {
  if (text.size() > kMaxBytes)
    return fault(at, "the condition is longer than " + std::to_string(kMaxBytes) + " bytes");
  return Parser(split(text, at), names).whole();
}

}  // namespace tocsin::detect::sigma
