#pragma once
// Events as detections see them: names and the values under them.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::detect::sigma {

enum class ValueKind : std::uint8_t { kNull, kBoolean, kNumber, kString };

struct Value {
  ValueKind kind = ValueKind::kNull;
  std::string text;    // "true", "false"; a number as the event writes it; "" for null
  std::string folded;  // the same by fold_case
};
Value make_value(ValueKind kind, std::string text);

class Event {
 public:
  virtual ~Event() = default;

  // The values under that name: one, or those of a list. nullptr when the event has no such field; an object
  // or an empty list is a field without values. Parts of nested names are joined by dots, names mind case.
  virtual const std::vector<Value>* find(std::string_view field) const = 0;

  // Calls `visit` for every value in the event, whatever its name, until it says true; tells whether it did.
  virtual bool any_value(const std::function<bool(const Value&)>& visit) const = 0;
};

// An event read from a JSON object, for the interpreter and for tests: {"a":{"b":[1,2]}} has "a" without
// values and "a.b" with two. Objects inside lists add their members under the list's name; a name that is
// there twice has both values.
class JsonEvent : public Event {
 public:
  // kInvalidSyntax when it is no JSON object. Names longer than 512 bytes and what lies deeper than 64 levels
  // are only seen by `any_value`.
  static Result<JsonEvent> parse(std::string_view json);

  const std::vector<Value>* find(std::string_view field) const override;
  bool any_value(const std::function<bool(const Value&)>& visit) const override;

 private:
  friend class JsonReader;
  std::map<std::string, std::vector<Value>, std::less<>> fields_;
  std::vector<Value> unnamed_;
};

}  // namespace tocsin::detect::sigma
