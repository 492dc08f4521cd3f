#include "detect/engine/rule_policy.h"

#include <algorithm>

#include "detect/sigma/lower.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect {

// JSON is YAML, so the questions are read by the very code that reads rules.
Result<sigma::Selection> parse_exception(std::string_view when) {
  if (when.size() > kMaxExceptionBytes)
    return error(ErrorKind::kInvalidInput, "read exception", "it is longer than 16 KiB",
                 "Use several exceptions, or a wildcard.");
  auto yaml = sigma::parse_yaml(when);
  if (yaml.fault) return *std::move(yaml.fault);
  if (yaml.documents.size() != 1 || !yaml.documents.front().is_map() ||
      yaml.documents.front().members.empty()) {
    return error(ErrorKind::kInvalidInput, "read exception", "it must be an object of fields and values",
                 R"(Write for example {"User":"svc_backup"}.)");
  }
  const sigma::Placeholders none;
  return sigma::Lowering(none).selection({"exception", {}, std::move(yaml.documents.front())});
}

Result<RulePolicy> RulePolicy::make(RulePolicyData data) {
  RulePolicy policy;
  for (std::size_t i = 0; i < data.exceptions.size(); ++i) {
    TOCSIN_TRY(question, parse_exception(data.exceptions[i].when));
    policy.questions_.push_back(std::move(question));
    policy.by_rule_[data.exceptions[i].rule].push_back(i);
  }
  policy.data_ = std::move(data);
  return policy;
}

bool RulePolicy::is_on(std::string_view rule) const {
  const auto found = data_.rules.find(rule);
  return found == data_.rules.end() || found->second.enabled;
}

sigma::Level RulePolicy::level_of(std::string_view rule, sigma::Level own) const {
  const auto found = data_.rules.find(rule);
  return found == data_.rules.end() ? own : found->second.level.value_or(own);
}

bool RulePolicy::hides(std::size_t place, const sigma::Event& event, Timestamp now) const {
  const auto& exception = data_.exceptions[place];
  if (exception.expires_at && *exception.expires_at <= now) return false;
  return sigma::matches(questions_[place], event);
}

const RuleException* RulePolicy::exception_for(const std::string& rule, const sigma::Event& event,
                                               Timestamp now) const {
  for (const auto& key : {rule, std::string()}) {
    const auto found = by_rule_.find(key);
    if (found == by_rule_.end()) continue;
    for (const auto place : found->second) {
      if (hides(place, event, now)) return &data_.exceptions[place];
    }
  }
  return nullptr;
}

}  // namespace tocsin::detect
