#pragma once
// One written value, with the modifiers of its key, as the matchers of which any must pass.

#include "detect/sigma/lower.h"
#include "detect/sigma/modifiers.h"

namespace tocsin::detect::sigma {

// Refused with the reason: values of a kind that the modifiers cannot work on, placeholders without values.
Result<Alternatives> lower_value(const ItemKey& key, const Yaml& value, const Placeholders& placeholders);

// What a scalar is by the core schema of YAML 1.2, unless it is quoted.
std::optional<Number> number_of(const Yaml& scalar);
std::optional<bool> boolean_of(const Yaml& scalar);

}  // namespace tocsin::detect::sigma
