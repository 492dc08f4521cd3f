#pragma once
// One YAML document as the rule, filter or correlation that it is.

#include "detect/sigma/correlation.h"
#include "detect/sigma/filter.h"
#include "detect/sigma/lower.h"
#include "detect/sigma/rule.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect::sigma {

// `file` is left empty. Each is refused with the position and the reason.
Result<Rule> parse_rule(const Yaml& document, const Placeholders& placeholders);
Result<Filter> parse_filter(const Yaml& document, const Placeholders& placeholders);
Result<Correlation> parse_correlation(const Yaml& document);

}  // namespace tocsin::detect::sigma
