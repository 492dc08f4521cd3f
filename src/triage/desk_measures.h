#pragma once
// How a desk does, from what people decided: how fast, how often it was nothing, how often the numbers that
// were given at arrival agreed, and which rules and people it went to. Pure.

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/names.h"

namespace tocsin::triage {

// An alert that somebody called real or not.
struct DecidedAlert {
  std::string source;
  std::string type;
  std::string actor;  // empty: not known any more
  model::Verdict verdict = model::Verdict::kFalsePositive;
  Timestamp received_at{};
  Timestamp decided_at{};
  double fp_probability = 0.5;  // as given at arrival, 0..1
};

struct Spread {
  std::int64_t count = 0;
  double p50 = 0;  // nearest rank; 0 without any
  double p90 = 0;
};
Spread spread_of(std::vector<double> values);

struct DeskMeasures {
  std::int64_t decided = 0;
  std::int64_t real = 0;             // true positives
  std::int64_t benign_positive = 0;  // it happened, and was allowed
  std::int64_t false_positive = 0;
  Spread minutes;                 // from arrival to the decision
  Spread minutes_false_positive;  // of those that were false positives
  std::int64_t agreed = 0;        // of `decided`: above .5 and not real, or at most .5 and real
  double calibration_error = 0;   // mean distance of probability and truth over ten bins, 0..1
  struct Person {
    std::string actor;
    Spread minutes;
  };
  struct Rule {
    std::string source;
    std::string type;
    std::int64_t decided = 0;
    std::int64_t real = 0;
    std::int64_t false_positive = 0;
    Spread minutes;
  };
  std::vector<Person> people;  // who decided most first; at most kMeasured
  std::vector<Rule> rules;     // most false positives first; at most kMeasured
};
constexpr std::size_t kMeasured = 50;

DeskMeasures measure(const std::vector<DecidedAlert>& decided);

// What the reference systems promise; shown beside what is.
struct DeskGoals {
  double minutes = 4;
  double minutes_false_positive = 5;
  double false_positive_share = 0.30;
};

}  // namespace tocsin::triage
