#pragma once
// A Sigma rule as it is matched: plain values, with every modifier of the specification lowered to a few
// questions that are asked of a field. The interpreter (interpreter.h) says what each means; fast matchers
// compile the same values.
//
//   Rule       log source, named selections, and a condition over them
//   Selection  any of its branches;  Branch  all of its items
//   Item       a field, and values of which any or all must be met
//   value      alternatives of one matcher each: what one written value became (|windash, |base64offset)

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "detect/sigma/condition.h"
#include "detect/sigma/number.h"
#include "detect/sigma/position.h"
#include "detect/sigma/regex.h"
#include "detect/sigma/text.h"
#include "detect/sigma/time_part.h"
#include "model/network.h"

namespace tocsin::detect::sigma {

enum class Level : std::uint8_t { kInformational, kLow, kMedium, kHigh, kCritical };
enum class Status : std::uint8_t { kStable, kTest, kExperimental, kDeprecated, kUnsupported };

enum class Comparison : std::uint8_t { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// The value is this number: written as a JSON number or as the text of a decimal number.
struct NumberTest {
  Comparison how = Comparison::kEqual;
  Number bound;
  bool operator==(const NumberTest&) const = default;
};

struct TimeTest {
  TimePart part = TimePart::kHour;
  Comparison how = Comparison::kEqual;
  Number bound;
  bool operator==(const TimeTest&) const = default;
};

// The value is an address in this block.
struct InNetwork {
  model::Network network;
  bool operator==(const InNetwork&) const = default;
};

// The field is absent, or null is one of its values.
struct IsNull {
  bool operator==(const IsNull&) const = default;
};

// The event has the field, be it null or empty; or has it not.
struct Exists {
  bool wanted = true;
  bool operator==(const Exists&) const = default;
};

// Some value of the field is, or starts with, ends with, contains, some value of the other field.
struct FieldReference {
  std::string field;
  TextShape how = TextShape::kEquals;  // kEquals, kStartsWith, kEndsWith or kContains
  bool cased = false;
  bool operator==(const FieldReference&) const = default;
};

// IsNull and Exists are asked of the field; all others of its values, of which any may pass. Null passes none
// of them. Text and Regex see booleans as "true" and "false", numbers as they are written in the event.
using Matcher = std::variant<Text, Regex, NumberTest, InNetwork, TimeTest, FieldReference, IsNull, Exists>;
using Alternatives = std::vector<Matcher>;  // never empty; any of them

struct Item {
  std::optional<std::string> field;  // none: keywords, asked of every value in the event
  bool all_values = false;  // every one of `values` must be met, be it by different values of the field
  bool negated = false;     // |neq: the item passes when it otherwise would not
  std::vector<Alternatives> values;  // never empty
  Position at;                       // of the key in the file
};

struct Branch {
  std::vector<Item> items;  // never empty; all of them
};

struct Selection {
  std::string name;
  std::vector<Branch> branches;  // never empty; any of them
};

// As written, in lower case; empty where the rule says nothing.
struct LogSource {
  std::string product;
  std::string category;
  std::string service;
  std::string definition;  // words for people
  bool operator==(const LogSource&) const = default;
};

struct Rule {
  std::string id;    // may be empty: the specification only recommends one
  std::string name;  // what correlations and filters may call it by
  std::string title;
  std::string description;
  std::string author;  // to be kept with every match: the rule licence asks for it
  std::string license;
  std::string date;
  std::string modified;
  Level level = Level::kMedium;  // a rule that does not say is neither hidden nor raised
  std::optional<Status> status;
  std::vector<std::string> tags;
  std::vector<std::string> references;
  std::vector<std::string> false_positives;
  std::vector<std::string> fields;  // of interest to whoever looks at a match
  std::string taxonomy;             // whose field names these are; "" is Sigma's own
  LogSource log_source;
  std::vector<Selection> selections;
  Condition condition;               // over the places in `selections`
  std::vector<std::string> filters;  // titles of the filters that are part of it (filter.h)
  std::string file;
  Position at;  // of the document in the file
};

std::string_view to_string(Level level);
std::string_view to_string(Status status);
std::optional<Level> parse_level(std::string_view name);
std::optional<Status> parse_status(std::string_view name);

}  // namespace tocsin::detect::sigma
