#pragma once
// Whether the condition of a correlation holds in the windows that hold an event.

#include <optional>
#include <span>
#include <vector>

#include "detect/correlation/correlation_plan.h"
#include "detect/correlation/observation.h"
#include "detect/correlation/stamped_table.h"

namespace tocsin::detect {

struct Window {
  std::span<const Observation> events;
  std::int64_t ends_at = 0;
  sigma::Number value;  // what met the bounds
};

struct Judgement {
  std::optional<Window> window;  // the first that may fire; else the first in which it holds
  bool fires = false;
};

class WindowJudge {
 public:
  struct Question {
    std::span<const Observation> seen;  // of the group, ordered by time, the event's own among them
    std::int64_t at = 0;                // of the event
    std::int64_t quiet_until = 0;       // windows that end no later do not fire
    bool even_quiet = false;            // whether it holds is asked for where it does not fire too
  };
  // Windows that hold more observations than kMaxLooked in all are not each looked at: only the first of
  // them, and the one that ends last. This concerns late events of busy groups alone.
  Judgement judge(const CorrelationPlan& plan, const Question& question);
  static constexpr std::size_t kMaxLooked = 16'384;

  // What met the bounds; absent when the condition does not hold.
  std::optional<sigma::Number> measure(const CorrelationPlan& plan, std::span<const Observation> window);

 private:
  std::size_t distinct(std::span<const Observation> window);
  double percentile(const CorrelationPlan& plan, std::span<const Observation> window);
  std::optional<sigma::Number> temporal(const CorrelationPlan& plan, std::span<const Observation> window);
  std::optional<sigma::Number> ordered(const CorrelationPlan& plan, std::span<const Observation> window);
  void mark_seen(const CorrelationPlan& plan, std::span<const Observation> window);
  std::size_t rules_seen() const;
  std::size_t longest_in_order(std::span<const Observation> window);

  StampedTable<char> told_apart_;
  std::vector<double> numbers_;
  std::vector<char> seen_;  // by reference
  std::vector<std::uint64_t> tails_;
};

}  // namespace tocsin::detect
