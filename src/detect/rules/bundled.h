#pragma once
// The Sigma rules that ship with the program (data/rules), as one set.

#include <vector>

#include "detect/sigma/rule_set.h"

namespace tocsin::detect {

// Their files: paths in the project, and texts that live as long as the program.
std::vector<sigma::RuleText> bundled_rule_files();

// Read anew with each call (some 20 ms); a refused rule is a bug, and a test asks for none.
sigma::RuleSet bundled_rules();

}  // namespace tocsin::detect
