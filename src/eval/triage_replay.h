#pragma once
// One environment replayed in order of time: each alert is judged before anything is learned from it, and an
// answer comes when people gave it, or an hour after the alert was shown.

#include <cstdint>
#include <vector>

#include "eval/labelled_alerts.h"
#include "eval/measures.h"
#include "triage/learn/calibration.h"
#include "triage/learn/disposition_model.h"

namespace tocsin::eval {

struct Replay {
  std::vector<Scored> rows;               // in order of time
  std::vector<triage::Opinion> opinions;  // of each row
  std::size_t answers = 0;                // that came back within the rows
  double median_ns = 0;                   // of judging one alert
  double p99_ns = 0;
  std::size_t bytes = 0;  // of what was learned
};

enum class Rows : std::uint8_t { kCertain, kAll };     // without or with those that are ambiguous
enum class Answers : std::uint8_t { kAsked, kShown };  // to what was asked, or for all that was not hidden

// `prior` may be null. Whoever is asked about an ambiguous one says that it is not real.
Replay replay(const Environment& environment, const triage::ModelOptions& options,
              const triage::SignaturePrior* prior, Rows which = Rows::kCertain,
              Answers answers = Answers::kAsked);

// Rows of a replay of `environment`, up to the place `end`, to fit a curve and a threshold to: a flood of one
// kind counts as its square root. Without ambiguous ones.
std::vector<triage::Judged> judged_rows(const Environment& environment, const Replay& run, std::size_t end);

// As models know an alert.
triage::Sighting sighting_of(const LabelledAlert& alert);

// What to beat. Each knows only what came before the row it scores.
std::vector<Scored> by_novelty(const Environment& environment);  // 1 / (1 + times seen on the host)
// Share of real ones, with every label known after an hour: of the signature on the host; of the signature.
std::vector<Scored> by_host_history(const Environment& environment);
std::vector<Scored> by_rule_history(const Environment& environment);

// What fits a model to other environments: their dispositions of signatures, the curve from score to
// probability, and the threshold that would have hidden at most `bound` of their real alerts.
struct Fitted {
  triage::SignaturePrior prior;
  triage::ModelOptions options;
};
Fitted fit(const std::vector<Environment>& environments, const triage::ModelOptions& options, double bound);

}  // namespace tocsin::eval
