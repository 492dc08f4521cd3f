#pragma once
// Runs the tests that rules carry (test_case.h) as events are judged: the log source decides whether the rule
// sees the event, the matcher answers, and the plain interpreter must say the same.

#include <filesystem>
#include <span>
#include <vector>

#include "detect/sigma/rule_set.h"

namespace tocsin::detect {

struct TestReport {
  // Rules and tests that cannot be read, tests that fail, rules without a test that expects a match or one
  // that expects none; `where` is FILE:LINE:COL.
  std::vector<Error> faults;
  std::size_t files = 0;
  std::size_t rules = 0;  // correlations too
  std::size_t tests = 0;
  std::size_t failed = 0;  // of the tests
};

TestReport test_rules(std::span<const std::filesystem::path> paths, const sigma::LoadOptions& options = {});
TestReport test_rules(std::span<const sigma::RuleText> texts, const sigma::LoadOptions& options = {});

}  // namespace tocsin::detect
