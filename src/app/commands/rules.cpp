#include <cstdio>

#include "app/commands/commands.h"
#include "base/display_text.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::app {

constexpr std::size_t kMaxLine = 2'000;

int check_rules(const CheckRulesFlags& flags) {
  detect::sigma::LoadOptions options;
  if (!flags.placeholders.empty()) {
    auto placeholders = detect::sigma::load_placeholders(flags.placeholders);
    if (!placeholders) {
      std::fprintf(stderr, "tocsin rules check: %s\n", to_string(placeholders.error()).c_str());
      return 2;
    }
    options.placeholders = *std::move(placeholders);
  }
  const std::vector<std::filesystem::path> paths(flags.paths.begin(), flags.paths.end());
  const auto set = detect::sigma::RuleSet::load(paths, options);
  for (const auto& refusal : set.refusals) {
    auto line = refusal.where + ": " + refusal.message;
    if (!refusal.hint.empty()) line += ". " + refusal.hint;
    // Rules are foreign text, and terminals obey control characters.
    std::printf("%s\n", display_text(line, kMaxLine).c_str());
  }
  std::fprintf(stderr, "%zu files: %zu rules and %zu correlations can be used, %zu refused\n", set.files,
               set.rules.size(), set.correlations.size(), set.refusals.size());
  if (set.files == 0) return 2;
  return set.refusals.empty() ? 0 : 1;
}

}  // namespace tocsin::app
