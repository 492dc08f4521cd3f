#pragma once
// What a tenant says of rules beside the rules themselves: which are off, at which level they report, and
// what they must not report.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "detect/sigma/interpreter.h"
#include "detect/sigma/rule.h"

namespace tocsin::detect {

// By whom and when it was said, for who asks why a rule is silent.
struct RuleSetting {
  bool enabled = true;
  std::optional<sigma::Level> level;  // instead of the rule's own
  std::string actor;
  Timestamp changed_at{};
};

// Events of which a rule says nothing: those that `when` matches, a map of fields as in a Sigma selection.
struct RuleException {
  std::string id;    // "EX-…"
  std::string rule;  // RuleCatalog::key_of; empty: every rule
  std::string when;  // JSON object: {"User":"svc_backup","Image|endswith":["\\veeam.exe"]}
  std::string reason;
  std::string owner;
  Timestamp created_at{};
  std::optional<Timestamp> expires_at;
};

struct RulePolicyData {
  std::map<std::string, RuleSetting, std::less<>> rules;  // by RuleCatalog::key_of; others are on, as written
  std::vector<RuleException> exceptions;
};

constexpr std::size_t kMaxRuleSettings = 20'000;
constexpr std::size_t kMaxExceptions = 1'000;
constexpr std::size_t kMaxExceptionBytes = 16 * 1024;  // of one `when`

// The questions of an exception. kInvalidInput or kInvalidSyntax with line and column.
Result<sigma::Selection> parse_exception(std::string_view when);

// Made ready to be asked; immutable.
class RulePolicy {
 public:
  RulePolicy() = default;
  // Refused for an exception that cannot be read.
  static Result<RulePolicy> make(RulePolicyData data);

  const RulePolicyData& data() const noexcept { return data_; }
  bool is_on(std::string_view rule) const;
  sigma::Level level_of(std::string_view rule, sigma::Level own) const;
  // The exception that hides this event from the rule at that time; nullptr when none does.
  const RuleException* exception_for(const std::string& rule, const sigma::Event& event, Timestamp now) const;

 private:
  bool hides(std::size_t place, const sigma::Event& event, Timestamp now) const;

  RulePolicyData data_;
  std::vector<sigma::Selection> questions_;  // of each exception
  std::unordered_map<std::string, std::vector<std::size_t>> by_rule_;
};

using RulePolicyPtr = std::shared_ptr<const RulePolicy>;

}  // namespace tocsin::detect
