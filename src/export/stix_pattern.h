#pragma once
// Indicators as STIX 2.1 patterns (specification §9).

#include <optional>
#include <string>

#include "model/alert.h"

namespace tocsin::exports {

// "[ipv4-addr:value = '203.0.113.7']". Whatever the value holds, it is one string literal: quote and
// backslash are the only characters that mean something in it (§9.2) and are escaped. Absent for a CVE, which
// is no observable.
std::optional<std::string> stix_pattern(const model::Ioc& ioc);

}  // namespace tocsin::exports
