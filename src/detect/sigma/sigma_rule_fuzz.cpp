#include <cstdlib>

#include "detect/sigma/interpreter.h"
#include "detect/sigma/rule_set.h"

// Any text as a rule file: what loads answers any event without fault, and has what rule.h promises. A NUL
// parts the rule from an event.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sigma = tocsin::detect::sigma;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto cut = input.find('\0');
  const auto set = sigma::RuleSet::parse(input.substr(0, cut), "fuzz.yml", {{{"name", {"a*", "b"}}}});
  if (set.correlations.size() != set.targets.size()) std::abort();
  for (const auto& refusal : set.refusals) {
    if (refusal.message.empty() || !refusal.where.starts_with("fuzz.yml:")) std::abort();
  }
  auto event =
      sigma::JsonEvent::parse(R"({"a":"x","b":[1,null,true],"c":{"d":"10.0.0.1"},"t":"2026-01-04T03:00"})");
  if (cut != std::string_view::npos) {
    if (auto given = sigma::JsonEvent::parse(input.substr(cut + 1))) event = std::move(given);
  }
  for (const auto& rule : set.rules) {
    for (const auto& selection : rule.selections) {
      if (selection.branches.empty() || selection.branches.front().items.empty()) std::abort();
    }
    (void)sigma::matches(rule, *event);
    (void)sigma::evidence(rule, *event);
  }
  return 0;
}
