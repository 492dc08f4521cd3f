#pragma once
// A template and the values of an incident become a query.

#include <optional>

#include "hunt/template.h"
#include "hunt/values.h"

namespace tocsin::hunt {

// Absent when a list of the template has no value, or none that the language can say.
std::optional<Query> render(const Template& source, Platform platform, const Case& incident,
                            const ValueLists& lists);
Language language_of(Platform platform);

}  // namespace tocsin::hunt
