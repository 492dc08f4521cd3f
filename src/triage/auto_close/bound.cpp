#include "triage/auto_close/bound.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace tocsin::triage {
namespace {

using Binomial = boost::math::binomial_distribution<double>;

constexpr double kStep = 0.01;

std::size_t at_or_above(std::span<const double> highest, double threshold) {
  return static_cast<std::size_t>(
      std::count_if(highest.begin(), highest.end(), [&](double one) { return one >= threshold; }));
}

}  // namespace

double upper_share(std::size_t missed, std::size_t real, double confidence) {
  if (missed >= real) return 1;
  return Binomial::find_upper_bound_on_p(static_cast<double>(real), static_cast<double>(missed),
                                         1 - confidence);
}

std::size_t real_needed(std::size_t missed, const Promise& promise) {
  std::size_t enough = missed + 1;
  while (upper_share(missed, enough, promise.confidence) > promise.missed) enough *= 2;
  std::size_t least = missed;  // that is not enough
  while (enough - least > 1) {
    const auto middle = least + (enough - least) / 2;
    (upper_share(missed, middle, promise.confidence) > promise.missed ? least : enough) = middle;
  }
  return enough;
}

Choice choose_threshold(std::span<const double> highest, const Promise& promise) {
  Choice choice;
  choice.real = highest.size();
  for (int step = kHighestThreshold; step >= kLowestThreshold; --step) {
    const double threshold = step * kStep;
    const auto missed = at_or_above(highest, threshold);
    const auto upper = upper_share(missed, choice.real, promise.confidence);
    if (upper > promise.missed) {
      if (choice.threshold) break;
      choice.missed = missed;
      choice.upper = upper;
      choice.needed = real_needed(missed, promise) - choice.real;
      break;
    }
    choice.threshold = threshold;
    choice.missed = missed;
    choice.upper = upper;
  }
  return choice;
}

}  // namespace tocsin::triage
