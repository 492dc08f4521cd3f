#include "eval/measures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace tocsin::eval {
namespace {

double share(std::size_t some, std::size_t all) {
  return all == 0 ? std::numeric_limits<double>::quiet_NaN()
                  : static_cast<double>(some) / static_cast<double>(all);
}

struct Group {  // rows of one score
  double score = 0;
  std::size_t real = 0;
  std::size_t benign = 0;
};

// The highest score first.
std::vector<Group> groups_of(std::span<const Scored> rows) {
  std::vector<Scored> sorted(rows.begin(), rows.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<Group> groups;
  for (const auto& row : sorted) {
    if (groups.empty() || groups.back().score != row.score) groups.push_back({row.score, 0, 0});
    ++(row.is_real ? groups.back().real : groups.back().benign);
  }
  return groups;
}

Group totals_of(const std::vector<Group>& groups) {
  Group all;
  for (const auto& group : groups) {
    all.real += group.real;
    all.benign += group.benign;
  }
  return all;
}

}  // namespace

double auc(std::span<const Scored> rows) {
  const auto groups = groups_of(rows);
  const auto all = totals_of(groups);
  double below = 0;
  std::size_t benign_left = all.benign;
  for (const auto& group : groups) {
    benign_left -= group.benign;
    below += static_cast<double>(group.real) *
             (static_cast<double>(benign_left) + 0.5 * static_cast<double>(group.benign));
  }
  return all.real == 0 || all.benign == 0
             ? std::numeric_limits<double>::quiet_NaN()
             : below / static_cast<double>(all.real) / static_cast<double>(all.benign);
}

double average_precision(std::span<const Scored> rows) {
  const auto groups = groups_of(rows);
  const auto all = totals_of(groups);
  double sum = 0;
  Group so_far;
  for (const auto& group : groups) {
    so_far.real += group.real;
    so_far.benign += group.benign;
    sum += share(so_far.real, so_far.real + so_far.benign) * static_cast<double>(group.real);
  }
  return all.real == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(all.real);
}

double calibration_error(std::span<const Scored> rows) {
  struct Bin {
    double probability = 0;
    double real = 0;
  };
  std::array<Bin, 15> bins{};
  for (const auto& row : rows) {
    auto& bin = bins.at(std::min(
        bins.size() - 1, static_cast<std::size_t>(row.probability * static_cast<double>(bins.size()))));
    bin.probability += row.probability;
    bin.real += row.is_real ? 1 : 0;
  }
  double apart = 0;
  for (const auto& bin : bins) apart += std::abs(bin.probability - bin.real);
  return rows.empty() ? std::numeric_limits<double>::quiet_NaN() : apart / static_cast<double>(rows.size());
}

double hidden_at_recall(std::span<const Scored> rows, double recall) {
  const auto groups = groups_of(rows);
  const auto all = totals_of(groups);
  if (all.real == 0 || all.benign == 0) return std::numeric_limits<double>::quiet_NaN();
  Group shown;
  for (const auto& group : groups) {
    shown.real += group.real;
    shown.benign += group.benign;
    if (static_cast<double>(shown.real) >= recall * static_cast<double>(all.real)) break;
  }
  return share(all.benign - shown.benign, all.benign);
}

double Decisions::precision() const {
  return share(real_shown, real_shown + false_shown);
}
double Decisions::recall() const {
  return share(real_shown, real_shown + real_hidden);
}
double Decisions::f1() const {
  return share(2 * real_shown, 2 * real_shown + false_shown + real_hidden);
}
double Decisions::hidden() const {
  return share(false_hidden, false_hidden + false_shown);
}

Decisions decisions_of(std::span<const Scored> rows) {
  Decisions out;
  for (const auto& row : rows) {
    if (row.is_real) {
      ++(row.is_hidden ? out.real_hidden : out.real_shown);
    } else {
      ++(row.is_hidden ? out.false_hidden : out.false_shown);
    }
  }
  return out;
}

}  // namespace tocsin::eval
