#pragma once
// What an alert or an incident holds under each field of a condition.

#include <functional>
#include <optional>
#include <string_view>

#include "model/alert.h"
#include "model/condition.h"
#include "model/incident.h"

namespace tocsin::model {

enum class FieldShape : std::uint8_t { kInteger, kReal, kText };
FieldShape shape_of(Field field);

// Calls `visit` for each text until it says true; tells whether it did. Absent values are not visited.
using TextVisitor = std::function<bool(std::string_view)>;
bool any_text(const Alert& alert, Field field, const TextVisitor& visit);
bool any_text(const Incident& incident, Field field, const TextVisitor& visit);

// Enums by their place, flags as 0 or 1, times in nanoseconds since 1970. Absent when the field has no
// integer.
std::optional<std::int64_t> integer_of(const Alert& alert, Field field);
std::optional<std::int64_t> integer_of(const Incident& incident, Field field);
std::optional<double> real_of(const Alert& alert, Field field);
std::optional<double> real_of(const Incident& incident, Field field);

}  // namespace tocsin::model
