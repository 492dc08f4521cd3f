#include "query/query.h"
#include "query/values.h"

namespace tocsin::query {
namespace {

using model::Comparison;
using model::Condition;

std::string print_list(const FieldInfo& field, const std::vector<std::string>& texts, std::string_view sign) {
  std::string out(field.name);
  out += sign;
  if (texts.size() == 1) return out + texts.front();
  out += '(';
  for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : ",") + texts[i];
  return out + ')';
}

// What stands between the stars, each piece as it needs it.
std::string print_pattern(std::string_view pattern) {
  std::string out, piece;
  const auto end_piece = [&] {
    if (!piece.empty()) out += print_text(piece);
    piece.clear();
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      end_piece();
      out += '*';
      continue;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    piece += pattern[i];
  }
  end_piece();
  return out;
}

std::vector<std::string> print_values(const FieldInfo& field, const model::Test& test) {
  std::vector<std::string> texts;
  for (const auto& value : test.values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && test.how == Comparison::kMatches) {
      texts.push_back(print_pattern(*text));
    } else if (text != nullptr && test.how == Comparison::kInNetwork) {
      texts.push_back("cidr(" + *text + ")");
    } else if (text != nullptr && test.how == Comparison::kContains) {
      texts.push_back(print_text(*text));
    } else {
      texts.push_back(print_operand(field, value));
    }
  }
  return texts;
}

std::string print_range(const FieldInfo& field, const model::Test& test) {
  const std::string name(field.name);
  const auto text = [&](const model::Bound& bound) { return print_operand(field, bound.value); };
  if (!test.high) return name + (test.low->inclusive ? ">=" : ">") + text(*test.low);
  if (!test.low) return name + (test.high->inclusive ? "<=" : "<") + text(*test.high);
  return name + ":" + text(*test.low) + (test.high->inclusive ? ".." : "..<") + text(*test.high);
}

std::string print_test(const model::Test& test, Subject subject) {
  const auto& field = *find_field(subject, test.field);
  switch (test.how) {
    case Comparison::kExists:
      return "has:" + std::string(field.name);
    case Comparison::kInRange:
      return print_range(field, test);
    case Comparison::kContains:
      return print_list(field, print_values(field, test), "~");
    case Comparison::kEquals:
      return print_list(field, print_values(field, test), field.type == ValueType::kText ? "=" : ":");
    default:
      return print_list(field, print_values(field, test), ":");
  }
}

std::string print_in(const Condition& condition, Subject subject);

std::string print_parts(const Condition& condition, Subject subject, std::string_view between) {
  std::string out;
  for (const auto& part : condition.parts) {
    if (!out.empty()) out += between;
    out += print_in(part, subject);
  }
  return out;
}

// As a part of something else: what has parts of its own gets parentheses.
std::string print_in(const Condition& condition, Subject subject) {
  const bool has_parts = condition.kind == Condition::Kind::kAll || condition.kind == Condition::Kind::kAny;
  const auto text = print(condition, subject);
  return has_parts ? "(" + text + ")" : text;
}

}  // namespace

std::string print(const Condition& condition, Subject subject) {
  switch (condition.kind) {
    case Condition::Kind::kAll:
      return print_parts(condition, subject, " ");
    case Condition::Kind::kAny:
      return print_parts(condition, subject, " OR ");
    case Condition::Kind::kNot: {
      const auto& inner = condition.parts.front();
      const auto text = print_in(inner, subject);
      return inner.kind == Condition::Kind::kNot ? "-(" + text + ")" : "-" + text;
    }
    case Condition::Kind::kTest:
      return print_test(condition.test, subject);
    case Condition::Kind::kWords:
      return print_text(condition.words);
  }
  return {};
}

}  // namespace tocsin::query
