#include <cstdio>

#include "app/commands/commands.h"
#include "base/display_text.h"
#include "detect/baseline/definition.h"
#include "detect/rule_tests/rule_tests.h"
#include "detect/rules/bundled.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::app {
namespace {

constexpr std::size_t kMaxLine = 2'000;

using Paths = std::vector<std::filesystem::path>;

Result<detect::sigma::LoadOptions> options_of(const CheckRulesFlags& flags) {
  detect::sigma::LoadOptions options;
  options.check = [](const detect::sigma::Rule& rule) {
    return detect::check_baselines(rule, detect::BaselineSet::built_in());
  };
  if (flags.placeholders.empty()) return options;
  TOCSIN_TRY(placeholders, detect::sigma::load_placeholders(flags.placeholders));
  options.placeholders = std::move(placeholders);
  return options;
}

// Rules are foreign text, and terminals obey control characters.
void print(const Error& fault) {
  auto line = fault.where + ": " + fault.message;
  if (!fault.hint.empty()) line += ". " + fault.hint;
  std::printf("%s\n", display_text(line, kMaxLine).c_str());
}

}  // namespace

int check_rules(const CheckRulesFlags& flags) {
  const auto options = options_of(flags);
  if (!options) {
    std::fprintf(stderr, "tocsin rules check: %s\n", to_string(options.error()).c_str());
    return 2;
  }
  const auto set = detect::sigma::RuleSet::load(Paths(flags.paths.begin(), flags.paths.end()), *options);
  for (const auto& refusal : set.refusals) print(refusal);
  std::fprintf(stderr, "%zu files: %zu rules and %zu correlations can be used, %zu refused\n", set.files,
               set.rules.size(), set.correlations.size(), set.refusals.size());
  if (set.files == 0) return 2;
  return set.refusals.empty() ? 0 : 1;
}

int test_rules(const CheckRulesFlags& flags) {
  const auto options = options_of(flags);
  if (!options) {
    std::fprintf(stderr, "tocsin rules test: %s\n", to_string(options.error()).c_str());
    return 2;
  }
  const auto report = flags.paths.empty()
                          ? detect::test_rules(detect::bundled_rule_files(), *options)
                          : detect::test_rules(Paths(flags.paths.begin(), flags.paths.end()), *options);
  for (const auto& fault : report.faults) print(fault);
  std::fprintf(stderr, "%zu files, %zu rules: %zu tests passed, %zu failed; %zu faults\n", report.files,
               report.rules, report.tests - report.failed, report.failed, report.faults.size());
  if (report.files == 0) return 2;
  return report.faults.empty() ? 0 : 1;
}

}  // namespace tocsin::app
