#pragma once
// The fields of the query language: one table for alerts, one for incidents. Everything that knows a field
// (the parser, the printer, the console's completion, the documentation of the API) reads it here.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/condition.h"

namespace tocsin::query {

enum class Subject : std::uint8_t { kAlerts, kIncidents };

std::string_view to_text(Subject subject);  // alerts incidents
std::optional<Subject> parse_subject(std::string_view text);

enum class ValueType : std::uint8_t {
  kName,        // exact, case matters
  kText,        // prose: ":" means contains
  kEntity,      // exact, case does not matter
  kAddress,     // as kEntity, and cidr()
  kAlertId,     // "AL-…"
  kIncidentId,  // "IN-…"
  kPerson,      // a name, me or none
  kTechnique,   // an ATT&CK id or name; sub-techniques included
  kTactic,
  kChoice,    // one of `values`
  kLevel,     // one of `values`, which have an order
  kFlag,      // true or false
  kNumber,    // whole, in least..most
  kFraction,  // in least..most
  kTime,
  kDuration,
};

struct FieldInfo {
  model::Field field;
  std::string_view name;
  std::array<std::string_view, 2> aliases;  // empty ones are none
  ValueType type;
  std::span<const std::string_view> values;  // of kChoice and kLevel, by their place in the enum
  std::int64_t least;                        // of kNumber and kFraction
  std::int64_t most;
  std::string_view description;
  std::string_view example;  // a whole query
};

std::span<const FieldInfo> fields(Subject subject);
// By name or alias; null when there is none.
const FieldInfo* find_field(Subject subject, std::string_view name);
// Null when the subject has no such field.
const FieldInfo* find_field(Subject subject, model::Field field);

std::string_view to_text(ValueType type);  // "name", "text" … for the API
// Signs that may follow the field's name, in the order in which they are offered.
std::span<const std::string_view> operators(ValueType type);
bool has_order(ValueType type);  // ranges and comparisons make sense
// a,b without parentheses is a list: types whose values hold no commas of their own.
bool takes_commas(ValueType type);

}  // namespace tocsin::query
