#pragma once
// A tenant's word on rules, as it is kept in the store and as it goes out.

#include <string>
#include <string_view>

#include "api/json_writer.h"
#include "base/result.h"
#include "detect/engine/rule_policy.h"

namespace tocsin::api {

// The setting of the store that holds it.
inline constexpr std::string_view kRulePolicyKey = "detection.policy";

std::string to_json(const detect::RulePolicyData& policy);
// Of text that to_json wrote. kInvalidSyntax when it is damaged.
Result<detect::RulePolicyData> read_rule_policy(std::string_view json);

void write_exception_members(JsonWriter& json, const detect::RuleException& exception);
void write_exception(JsonWriter& json, const detect::RuleException& exception);

}  // namespace tocsin::api
