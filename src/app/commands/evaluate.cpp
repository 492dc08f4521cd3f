// evaluate: how good triage and correlation are on labelled data.

#include "eval/evaluate.h"

#include <cstdio>

#include "app/commands/commands.h"

namespace tocsin::app {

int evaluate(const EvaluateFlags& flags, bool of_triage) {
  eval::Evaluation wanted{.directory = flags.directory, .seen = {}, .bound = flags.bound};
  if (!flags.train.empty()) wanted.seen = flags.train;
  const auto figures = of_triage ? eval::evaluate_triage(wanted) : eval::evaluate_correlation(wanted);
  if (!figures) {
    std::fprintf(stderr, "tocsin evaluate: %s\n", to_string(figures.error()).c_str());
    return 2;
  }
  std::printf("%s\n", figures->c_str());
  return 0;
}

}  // namespace tocsin::app
