#include "triage/learn/calibration.h"

#include <algorithm>
#include <cmath>

namespace tocsin::triage {

double Calibration::probability(double score) const {
  return 1 / (1 + std::exp(-(slope * score + offset)));
}

namespace {

constexpr double kPull = 1;  // towards the curve it starts from: keeps it finite

double loss_of(const std::vector<Judged>& rows, const Calibration& curve, const Calibration& start) {
  double loss = kPull / 2 *
                ((curve.slope - start.slope) * (curve.slope - start.slope) +
                 (curve.offset - start.offset) * (curve.offset - start.offset));
  for (const auto& row : rows) {
    const double at = curve.slope * row.score + curve.offset;
    const double against = row.is_real ? -at : at;
    loss += row.weight * (std::max(against, 0.0) + std::log1p(std::exp(-std::abs(against))));
  }
  return loss;
}

// Newton's step downhill.
Calibration step_of(const std::vector<Judged>& rows, const Calibration& curve, const Calibration& start) {
  double slope = kPull * (curve.slope - start.slope), offset = kPull * (curve.offset - start.offset);
  double a = kPull, b = 0, c = kPull;
  for (const auto& row : rows) {
    const double p = curve.probability(row.score);
    const double apart = row.weight * (p - (row.is_real ? 1 : 0));
    const double bend = row.weight * p * (1 - p);
    slope += apart * row.score;
    offset += apart;
    a += bend * row.score * row.score;
    b += bend * row.score;
    c += bend;
  }
  const double scale = a * c - b * b;  // above 0: both pulls are
  return {(b * offset - c * slope) / scale, (b * slope - a * offset) / scale};
}

}  // namespace

Calibration calibrate(const std::vector<Judged>& rows, const Calibration& start) {
  constexpr int kSteps = 100;
  auto curve = start;
  double loss = loss_of(rows, curve, start);
  for (int i = 0; i < kSteps; ++i) {
    const auto step = step_of(rows, curve, start);
    double part = 1;
    Calibration next;
    double lower = loss;
    for (; part > 1e-6; part /= 2) {
      next = {curve.slope + part * step.slope, curve.offset + part * step.offset};
      lower = loss_of(rows, next, start);
      if (lower <= loss) break;
    }
    if (!(lower < loss)) break;
    const bool is_done = loss - lower < 1e-10 * (1 + loss);
    curve = next;
    loss = lower;
    if (is_done) break;
  }
  return curve.slope > 0 ? curve : start;
}

double threshold_of(std::vector<Judged> rows, double bound, double otherwise) {
  std::erase_if(rows, [](const auto& row) { return !row.is_real; });
  if (rows.empty()) return otherwise;
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.score < b.score; });
  double all = 1;
  for (const auto& row : rows) all += row.weight;
  double below = 1;
  for (const auto& row : rows) {
    below += row.weight;
    if (below > bound * all) return std::min(row.score, otherwise);
  }
  return otherwise;
}

}  // namespace tocsin::triage
