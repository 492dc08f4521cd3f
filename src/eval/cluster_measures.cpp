#include "eval/cluster_measures.h"

#include <cmath>
#include <limits>
#include <map>

namespace tocsin::eval {
namespace {

using Counts = std::map<std::uint64_t, double>;

double pairs(double count) {
  return count * (count - 1) / 2;
}

double sum_of_pairs(const Counts& counts) {
  double sum = 0;
  for (const auto& [group, count] : counts) sum += pairs(count);
  return sum;
}

double entropy(const Counts& counts, double all) {
  double sum = 0;
  for (const auto& [group, count] : counts) sum -= count / all * std::log(count / all);
  return sum;
}

}  // namespace

Agreement agreement_of(std::span<const std::uint64_t> predicted, std::span<const std::uint64_t> truth) {
  const auto all = static_cast<double>(predicted.size());
  if (predicted.empty()) {
    constexpr auto kNothing = std::numeric_limits<double>::quiet_NaN();
    return {kNothing, kNothing, kNothing, kNothing};
  }
  Counts by_predicted, by_truth;
  std::map<std::pair<std::uint64_t, std::uint64_t>, double> both;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    ++by_predicted[predicted[i]];
    ++by_truth[truth[i]];
    ++both[{predicted[i], truth[i]}];
  }
  double precision = 0, recall = 0, shared_pairs = 0, of_truth = 0, of_predicted = 0;
  for (const auto& [groups, count] : both) {
    const double in_predicted = by_predicted.at(groups.first), in_truth = by_truth.at(groups.second);
    precision += count * count / in_predicted / all;
    recall += count * count / in_truth / all;
    shared_pairs += pairs(count);
    of_truth -=
        count / all * std::log(count / in_predicted);  // what is left open when the prediction is known
    of_predicted -= count / all * std::log(count / in_truth);
  }
  const double truth_entropy = entropy(by_truth, all), predicted_entropy = entropy(by_predicted, all);
  Agreement out;
  out.b_cubed_f1 = 2 * precision * recall / (precision + recall);
  out.homogeneity = truth_entropy == 0 ? 1 : 1 - of_truth / truth_entropy;
  out.completeness = predicted_entropy == 0 ? 1 : 1 - of_predicted / predicted_entropy;
  const double expected = all < 2 ? 0 : sum_of_pairs(by_predicted) * sum_of_pairs(by_truth) / pairs(all);
  const double most = (sum_of_pairs(by_predicted) + sum_of_pairs(by_truth)) / 2;
  out.adjusted_rand = most == expected ? 1 : (shared_pairs - expected) / (most - expected);
  return out;
}

}  // namespace tocsin::eval
