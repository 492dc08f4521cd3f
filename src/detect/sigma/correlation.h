#pragma once
// Correlation rules: what several matches amount to. Sigma correlation rules specification 2.1.0.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/rule.h"

namespace tocsin::detect::sigma {

enum class CorrelationType : std::uint8_t {
  kEventCount,       // matches in the window
  kValueCount,       // distinct values of the fields
  kTemporal,         // every rule referred to, in any order; or what the expression asks for
  kTemporalOrdered,  // the same, in the order of the references
  kValueSum,
  kValueAverage,
  kValuePercentile,
  kValueMedian,
};

// The field that a name stands for, for each reference that it is said for.
struct Alias {
  std::string name;
  std::vector<std::pair<std::size_t, std::string>> fields;  // place in `rules`, field of its events
};

struct Bound {
  Comparison how = Comparison::kGreaterOrEqual;
  Number value;
  bool operator==(const Bound&) const = default;
};

struct Correlation {
  std::string id;
  std::string name;
  std::string title;
  std::string description;
  std::string author;
  std::string license;
  Level level = Level::kMedium;
  std::optional<Status> status;
  std::vector<std::string> tags;
  std::vector<std::string> references;
  std::vector<std::string> false_positives;

  CorrelationType type = CorrelationType::kEventCount;
  std::vector<std::string> rules;     // ids or names of rules or of other correlations, as written
  std::vector<std::string> group_by;  // fields or aliases; empty: all events together
  std::vector<Alias> aliases;
  std::chrono::seconds timespan{0};     // > 0
  std::vector<Bound> bounds;            // all of them; none for temporal ones without a count
  std::vector<std::string> fields;      // of the value types; several are counted as one combination
  double percentile = 0;                // of kValuePercentile: 0..100
  std::optional<Condition> expression;  // of the temporal types, over the places in `rules`
  bool generate = false;                // the rules it refers to report by themselves too
  std::string file;
  Position at;
};

// Every reference resolved: the place of a rule, or of a correlation, in the lists that were given.
struct Target {
  bool is_correlation = false;
  std::size_t place = 0;
  bool operator==(const Target&) const = default;
};
using Targets = std::vector<Target>;

// One entry for each correlation, in their order: its targets, or why it is refused (a reference that nobody
// has, or that leads back to itself).
std::vector<Result<Targets>> resolve(const std::vector<Correlation>& correlations,
                                     const std::vector<Rule>& rules);

}  // namespace tocsin::detect::sigma
