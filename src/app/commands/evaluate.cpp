// evaluate: how good triage is on labelled data.

#include "eval/evaluate.h"

#include <cstdio>

#include "app/commands/commands.h"

namespace tocsin::app {

int evaluate_triage(const EvaluateFlags& flags) {
  eval::TriageEvaluation wanted{.directory = flags.directory, .seen = {}, .bound = flags.bound};
  if (!flags.train.empty()) wanted.seen = flags.train;
  const auto figures = eval::evaluate_triage(wanted);
  if (!figures) {
    std::fprintf(stderr, "tocsin evaluate: %s\n", to_string(figures.error()).c_str());
    return 2;
  }
  std::printf("%s\n", figures->c_str());
  return 0;
}

}  // namespace tocsin::app
