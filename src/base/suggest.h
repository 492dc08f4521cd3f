#pragma once
// "did you mean": the known name that is nearest to a mistyped one.

#include <span>
#include <string>
#include <string_view>

namespace tocsin {

// Empty when nothing is near (more than a third of the letters differ). Looks at the first 40 bytes.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> known);

// A hint to put into an error: `did you mean "status"?`, else the list of known names.
std::string name_hint(std::string_view typed, std::span<const std::string_view> known);

}  // namespace tocsin
