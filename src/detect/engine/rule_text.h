#pragma once
// A rule as its author wrote it, for who reads, copies or changes it.

#include <string>

#include "base/result.h"
#include "detect/sigma/position.h"

namespace tocsin::detect {

// The YAML document of a rule file at that place. kUnavailable when the file is gone or has become too short
// since it was loaded.
Result<std::string> read_rule_text(const std::string& file, sigma::Position at);
// The document among those of a file's text that has the line; empty when there is none.
std::string document_at(std::string_view text, int line);

}  // namespace tocsin::detect
