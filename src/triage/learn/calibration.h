#pragma once
// From scores to probabilities, and to the threshold below which at most a stated share of real alerts lies.

#include <vector>

namespace tocsin::triage {

// Score to probability: 1 / (1 + exp(-(slope · score + offset))).
struct Calibration {
  double slope = 0.7;
  double offset = -4.9;
  double probability(double score) const;
};

// A disposition of an alert that was scored before it was known.
struct Judged {
  double score = 0;
  double weight = 1;  // above 0
  bool is_real = false;
};

// The curve that says most of the rows, pulled a little towards `start`; `start` itself when no rising curve
// fits.
Calibration calibrate(const std::vector<Judged>& rows, const Calibration& start);

// The highest score such that, by weight, at most the share `bound` of real alerts lies below, the next one
// that is not seen yet counted as if it did (conformal). With few real rows no share can be vouched for: it
// is the score of the lowest. `otherwise` with none, and never above it.
double threshold_of(std::vector<Judged> rows, double bound, double otherwise);

}  // namespace tocsin::triage
