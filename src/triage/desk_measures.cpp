#include "triage/desk_measures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace tocsin::triage {
namespace {

using model::Verdict;

double minutes_of(const DecidedAlert& one) {
  return std::max(0.0,
                  std::chrono::duration<double, std::ratio<60>>(one.decided_at - one.received_at).count());
}

double calibration_error(const std::vector<DecidedAlert>& decided) {
  struct Bin {
    double said = 0, was = 0;
  };
  std::array<Bin, 10> bins{};
  for (const auto& one : decided) {
    const auto p = std::clamp(one.fp_probability, 0.0, 1.0);
    auto& bin = bins[std::min(static_cast<std::size_t>(p * bins.size()), bins.size() - 1)];
    bin.said += p;
    bin.was += one.verdict == Verdict::kTruePositive ? 0 : 1;
  }
  double distance = 0;
  for (const auto& bin : bins) distance += std::abs(bin.said - bin.was);
  return decided.empty() ? 0 : distance / static_cast<double>(decided.size());
}

template <class Row, class Less>
void keep_first(std::vector<Row>& rows, const Less& less) {
  std::sort(rows.begin(), rows.end(), less);
  if (rows.size() > kMeasured) rows.resize(kMeasured);
}

std::vector<DeskMeasures::Person> people_of(const std::vector<DecidedAlert>& decided) {
  std::map<std::string_view, std::vector<double>> minutes;
  for (const auto& one : decided) {
    if (!one.actor.empty()) minutes[one.actor].push_back(minutes_of(one));
  }
  std::vector<DeskMeasures::Person> people;
  for (auto& [actor, values] : minutes) people.push_back({std::string(actor), spread_of(std::move(values))});
  keep_first(people, [](const auto& a, const auto& b) {
    return std::pair(-a.minutes.count, std::string_view(a.actor)) <
           std::pair(-b.minutes.count, std::string_view(b.actor));
  });
  return people;
}

std::vector<DeskMeasures::Rule> rules_of(const std::vector<DecidedAlert>& decided) {
  using Name = std::pair<std::string_view, std::string_view>;
  std::map<Name, std::pair<DeskMeasures::Rule, std::vector<double>>> known;
  for (const auto& one : decided) {
    auto& [rule, minutes] = known[Name(one.source, one.type)];
    ++rule.decided;
    rule.real += one.verdict == Verdict::kTruePositive;
    rule.false_positive += one.verdict == Verdict::kFalsePositive;
    minutes.push_back(minutes_of(one));
  }
  std::vector<DeskMeasures::Rule> rules;
  for (auto& [name, counted] : known) {
    auto& rule = rules.emplace_back(std::move(counted.first));
    rule.source = name.first;
    rule.type = name.second;
    rule.minutes = spread_of(std::move(counted.second));
  }
  keep_first(rules, [](const auto& a, const auto& b) {
    return std::tuple(-a.false_positive, -a.decided, std::string_view(a.source), std::string_view(a.type)) <
           std::tuple(-b.false_positive, -b.decided, std::string_view(b.source), std::string_view(b.type));
  });
  return rules;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  Spread spread{.count = static_cast<std::int64_t>(values.size())};
  if (values.empty()) return spread;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const auto rank = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
  };
  spread.p50 = at(0.5);
  spread.p90 = at(0.9);
  return spread;
}

DeskMeasures measure(const std::vector<DecidedAlert>& decided) {
  DeskMeasures measures;
  std::vector<double> all, of_false;
  for (const auto& one : decided) {
    const bool is_real = one.verdict == Verdict::kTruePositive;
    ++measures.decided;
    measures.real += is_real;
    measures.benign_positive += one.verdict == Verdict::kBenignPositive;
    measures.false_positive += one.verdict == Verdict::kFalsePositive;
    measures.agreed += (one.fp_probability > 0.5) != is_real;
    all.push_back(minutes_of(one));
    if (one.verdict == Verdict::kFalsePositive) of_false.push_back(all.back());
  }
  measures.minutes = spread_of(std::move(all));
  measures.minutes_false_positive = spread_of(std::move(of_false));
  measures.calibration_error = calibration_error(decided);
  measures.people = people_of(decided);
  measures.rules = rules_of(decided);
  return measures;
}

}  // namespace tocsin::triage
