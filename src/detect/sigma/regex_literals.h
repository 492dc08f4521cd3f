#pragma once
// Texts without which an expression cannot match, so that a matcher need not ask it of every text.

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

// One of them, folded (case_fold.h), is in the folded form of every text in which `pattern` is found. Empty
// when nothing is known. `pattern`: as compiled, in RE2 syntax with its flags.
std::vector<std::string> needed_literals(const std::string& pattern);

}  // namespace tocsin::detect::sigma
