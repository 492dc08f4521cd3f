#pragma once
// How well scores tell real alerts from false ones. Pure.
//
// Shares are 0..1. A measure that the rows do not allow (no real row, no false one) is NaN.

#include <cstddef>
#include <span>

#include "base/interval.h"

namespace tocsin::eval {

struct Scored {
  double score = 0;        // higher: more likely real
  double probability = 0;  // 0..1
  bool is_real = false;
  bool is_hidden = false;
};

// That a real row scores above a false one; ties count half.
double auc(std::span<const Scored> rows);
// Rows of one score count together.
double average_precision(std::span<const Scored> rows);
// Mean distance of probability and truth over fifteen bins of equal width, weighted by their rows.
double calibration_error(std::span<const Scored> rows);
// The share of false rows below the highest threshold that keeps at least `recall` of the real ones.
double hidden_at_recall(std::span<const Scored> rows, double recall);

// Of "real" as what is not hidden.
struct Decisions {
  std::size_t real_shown = 0, real_hidden = 0, false_shown = 0, false_hidden = 0;
  double precision() const;
  double recall() const;
  double f1() const;
  double hidden() const;  // share of the false rows
};
Decisions decisions_of(std::span<const Scored> rows);

}  // namespace tocsin::eval
