#pragma once
// A rule as its author wrote it, for who reads, copies or changes it.

#include <string>
#include <string_view>

#include "detect/engine/rule_catalog.h"

namespace tocsin::detect {

// The YAML document that a rule or a correlation of the catalog was read from; empty for one made without.
std::string rule_text(const RuleCatalog& catalog, const std::string& file, sigma::Position at);
// The document among those of a file's text that has the line; empty when there is none.
std::string document_at(std::string_view text, int line);

}  // namespace tocsin::detect
