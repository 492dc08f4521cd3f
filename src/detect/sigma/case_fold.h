#pragma once
// Upper and lower case made the same, for all comparisons that are not `cased`.
//
// Each character by itself goes to its simple lower-case form (Unicode), and one rule is ours: what is not
// ASCII never becomes ASCII (KELVIN SIGN is no "k"). So a text of ASCII letters can only match ASCII, and may
// be compared bytewise.

#include <string>
#include <string_view>

namespace tocsin::detect::sigma {

// Bytes that are not UTF-8 stay as they are.
std::string fold_case(std::string_view text);

}  // namespace tocsin::detect::sigma
