#pragma once
// JSON files of others: bounded, typed reading.

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::enrich {

// kInvalidSyntax with "byte N"; kInvalidInput when it is no object. `op` is what was attempted.
Result<boost::json::object> parse_json_object(std::string_view text, std::string_view op);

// Empty when it is missing or no text.
std::string text_member(const boost::json::object& object, std::string_view name);

}  // namespace tocsin::enrich
