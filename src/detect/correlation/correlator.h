#pragma once
// Sigma correlation rules (specification 2.1.0) over a stream of matches.
//
//   in    events in the order in which they come, with the rules that matched each; their times may be late
//   out   hits: a group of a correlation, the window in which its condition came to hold, and the events of
//   it
//
// Windows slide over event time: [end - timespan, end], both ends included, `end` the time of an event of the
// group. An event is judged in every open window that holds it; a window is open until the newest event of
// its group is more than `lateness` after its end. So events that are at most `lateness` late give what they
// would have given in order. A group that fired at `end` fires again only with a window that starts after it:
// no event is in two hits of a group, and there is at most one hit for each timespan.
//
// An event without one of the group-by fields takes no part; one with several values of them (a list) takes
// part in each group, at most 16. Texts are compared as Sigma does, without case.
//
// Pure and deterministic: a function of the calls alone. Nothing is saved; after a restart the caller feeds
// the last events again and drops hits whose `last` it had before. Not thread-safe: one owner. Memory: what
// `bytes()` says, bounded by the options (docs/sigma-rules.md); beyond them the group touched longest ago is
// forgotten, and counted.

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "detect/sigma/event.h"
#include "detect/sigma/rule_set.h"
#include "model/link.h"

namespace tocsin::detect {

struct CorrelatorOptions {
  std::size_t max_keys = 1'500'000;                  // >= 1; groups of all correlations together
  std::size_t max_keys_per_correlation = 1'000'000;  // >= 1; so that one cannot push out all others
  std::size_t max_observations = 8'000'000;          // >= 4,096, <= 2^31; of all groups, 25 bytes each
  std::size_t max_observations_per_key = 4'096;      // a power of two, 64..65,536
  std::chrono::nanoseconds lateness = std::chrono::minutes(5);  // 0..ten years
  std::chrono::nanoseconds max_ahead =
      std::chrono::minutes(5);  // 0..ten years; see MatchedEvent::received_at
  std::uint64_t secret = 0;     // of this process, so that nobody can make groups or values that collide
};

struct MatchedEvent {
  Timestamp at{};
  // An event that claims a time after this and `max_ahead` is taken to have come then: a broken clock or a
  // forged time must not close the windows of its group.
  Timestamp received_at = Timestamp::max();
  model::Seq seq = 0;                    // >= 0
  std::span<const std::uint32_t> rules;  // places in RuleSet::rules, ascending
  // Asked only for fields that a correlation of these rules needs; what it answers stays until apply()
  // returns.
  const sigma::Event* fields = nullptr;
};

struct CorrelationHit {
  std::size_t correlation = 0;     // place in RuleSet::correlations
  std::vector<std::string> group;  // values of group_by, in its order, as the event wrote them
  Timestamp first{};               // of the oldest and newest event that is kept of the window
  Timestamp last{};
  std::vector<model::Seq> events;  // the newest kMaxEvents of them, oldest first, each once
  sigma::Number value;  // what met the bounds: events, values, rules seen, sum, average, percentile
  static constexpr std::size_t kMaxEvents = 64;
};

struct CorrelatorStats {
  std::size_t keys = 0;                    // groups remembered now
  std::uint64_t evicted_keys = 0;          // forgotten because of a bound
  std::uint64_t dropped_observations = 0;  // of groups that have more than max_observations_per_key
  std::uint64_t late_events = 0;           // too late for every open window of their group
};

class Correlator {
 public:
  // What it needs of the set is copied. kInvalidInput when an option is out of range; a correlation that
  // these bounds cannot honour is among refusals() and never fires.
  static Result<Correlator> create(const sigma::RuleSet& set, const CorrelatorOptions& options);
  Correlator(Correlator&&) noexcept;
  Correlator& operator=(Correlator&&) noexcept;
  ~Correlator();

  // Appends the hits that the event completes, in the order of the correlations that refer to each other.
  // Correlations that are silent (below) are counted, not told. Cost: the correlations that refer to a
  // matched rule, and for each at most max_observations_per_key; for one event in order usually far less.
  void apply(const MatchedEvent& event, std::vector<CorrelationHit>& hits);

  // Some correlation refers to the rule: events that match it must be fed.
  bool uses(std::size_t rule) const;
  // The rule must not report by itself: correlations refer to it, and none of them has `generate: true`.
  bool is_silent(std::size_t rule) const;
  bool is_silent_correlation(std::size_t correlation) const;
  // All that it may ask of an event, each once.
  std::vector<std::string> fields() const;

  const std::vector<Error>& refusals() const;
  CorrelatorStats stats() const;
  std::size_t bytes() const;

 private:
  class State;
  explicit Correlator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::detect
