#pragma once
// Values of the query language: from words to operands of a field's type and back. Internal to the module.

#include <string>
#include <vector>

#include "model/condition.h"
#include "query/fields.h"
#include "query/query.h"
#include "query/scanner.h"

namespace tocsin::query {

// What is wrong with a value, without a place.
struct ValueFault {
  std::string what;
  std::string hint;
};
template <class T>
using Value = std::variant<T, ValueFault>;

// A point of an ordered type; a day also knows where it ends.
struct Point {
  model::Operand value;
  std::optional<model::Operand> day_end;
};
Value<Point> read_point(const FieldInfo& field, std::string_view text);

// One value of a field after ":", as a whole test (a day is a range, a word with stars a pattern).
Value<model::Condition> read_value(const FieldInfo& field, const Word& word, bool contains);

std::string quoted(std::string_view text);
// As a bare word when nothing in it could be read as something else, else quoted.
std::string print_text(std::string_view text);

}  // namespace tocsin::query
