#pragma once
// From which false-positive probability on alerts may be closed without a person, when the operator states
// how many real ones may be missed.
//
// The promise: with the stated confidence, of the decisions by which people call alerts real at most the
// share `missed` has an alert at or above the threshold. It is a promise on the true share, not on the one
// seen: a one-sided Clopper-Pearson bound (Clopper and Pearson, Biometrika 1934) on the decisions at hand.
// The threshold is chosen by fixed-sequence testing (Learn then Test, Angelopoulos et al. 2021, section 3):
// the grid below stands before any data is seen and is walked from the most careful end, each step is tested
// at the full level, and the first step that fails ends the walk; so no correction for the number of steps is
// due, and the chance that any step taken breaks the promise is at most 1 - confidence.
//
// What it rests on: the decisions are independent of one another and of one kind with those to come, and what
// people call real is real. Watch (watch.h) looks for what breaks the first; nothing can look for the second.
//
// Pure.

#include <cstddef>
#include <optional>
#include <vector>

namespace tocsin::triage {

struct Promise {
  double missed = 0.01;      // 0.001..0.2: of the decisions that were real, at most this share
  double confidence = 0.95;  // 0.8..0.999
};

// Steps of 0.01 from 0.99 down to 0.66: being common alone takes a probability to 0.65 at most (habit.h), so
// whoever can send many alerts of a kind does not get them closed by that.
constexpr int kHighestThreshold = 99;
constexpr int kLowestThreshold = 66;

// What the share behind `missed` of `real` is at most, with that confidence; 1 without any.
double upper_share(std::size_t missed, std::size_t real, double confidence);

// So many real decisions are needed for the promise when `missed` of them are above the threshold.
std::size_t real_needed(std::size_t missed, const Promise& promise);

struct Choice {
  std::optional<double> threshold;  // absent: even the most careful step breaks the promise
  std::size_t real = 0;             // decisions at hand
  std::size_t missed = 0;           // of them at or above the threshold, or the most careful step
  double upper = 1;                 // what the true share is at most
  std::size_t needed = 0;           // more real decisions, when there is no threshold; at least
};

// Of each real decision the highest probability, as it was stored at arrival, of its alerts.
struct RealDecisions {
  std::vector<double> counted;
  std::vector<double> against;  // count only where they are missed: they can refute a promise, not support it
};

struct Achieved {
  std::size_t real = 0;
  std::size_t missed = 0;
  double upper = 1;
};
Achieved achieved(const RealDecisions& decisions, double threshold, double confidence);

Choice choose_threshold(const RealDecisions& decisions, const Promise& promise);

}  // namespace tocsin::triage
