#include "triage/auto_close/bound.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace tocsin::triage {
namespace {

using Binomial = boost::math::binomial_distribution<double>;

std::size_t at_or_above(const std::vector<double>& highest, double threshold) {
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

Achieved achieved(const RealDecisions& decisions, double threshold, double confidence) {
  const auto against = at_or_above(decisions.against, threshold);
  Achieved found;
  found.real = decisions.counted.size() + against;
  found.missed = at_or_above(decisions.counted, threshold) + against;
  found.upper = upper_share(found.missed, found.real, confidence);
  return found;
}

Choice choose_threshold(const RealDecisions& decisions, const Promise& promise) {
  Choice choice;
  for (int step = kHighestThreshold; step >= kLowestThreshold; --step) {
    const double threshold = step / 100.0;
    const auto found = achieved(decisions, threshold, promise.confidence);
    const bool holds = found.upper <= promise.missed;
    if (!holds && choice.threshold) break;
    choice.real = found.real;
    choice.missed = found.missed;
    choice.upper = found.upper;
    if (!holds) {
      choice.needed = real_needed(found.missed, promise) - found.real;
      break;
    }
    choice.threshold = threshold;
  }
  return choice;
}

}  // namespace tocsin::triage
