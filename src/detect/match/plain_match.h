#pragma once
// Which rules match an event, found the plain way: each view, each rule that may see it, the interpreter.
// What RuleMatcher is held to.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/sigma/rule.h"
#include "detect/source/source_table.h"

namespace tocsin::detect {

// Places of the rules, ascending. kInvalidSyntax when it is no JSON object.
Result<std::vector<std::uint32_t>> match_plainly(std::string_view json, const LogSource& given,
                                                 std::span<const sigma::Rule> rules,
                                                 const SourceTable& sources);

}  // namespace tocsin::detect
