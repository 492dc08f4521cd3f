#pragma once
// What each rule costs, measured beside judging: of some events, each rule that may see the event is asked by
// itself, with a clock.
//
// The matcher asks rules together and shares their questions, so a rule has no time of its own in there. What
// is measured is the rule's own condition, asked by the interpreter, with the event and its fields read
// already: what rules cost compared with each other, not what switching one off would save.
//
// Not thread-safe. Bounded: spends at most kHead and kShare of the time that judging took, and then one event
// of kMaxBytes more.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "detect/engine/rule_catalog.h"
#include "detect/engine/rule_policy.h"
#include "model/event.h"

namespace tocsin::detect {

class RuleCosts {
 public:
  using Nanoseconds = std::chrono::nanoseconds;
  static constexpr int kShare = 128;                     // one part of so many
  static constexpr std::chrono::milliseconds kHead{50};  // so that the first events tell something
  static constexpr std::uint32_t kEvery = 64;            // events, on average: equal ones often come in turn
  static constexpr std::size_t kMaxBytes = 32 * 1024;    // longer events are not asked

  // `clock` only goes forward; empty: the machine's.
  explicit RuleCosts(RuleCatalogPtr catalog, std::function<Nanoseconds()> clock = {});
  ~RuleCosts();
  RuleCosts(RuleCosts&&) noexcept;
  RuleCosts& operator=(RuleCosts&&) noexcept;

  // Events that were judged in `took`, by rules that `policy` has on.
  void add(std::span<const model::Event> events, const RulePolicy& policy, Nanoseconds took);

  struct Figures {
    std::uint64_t events = 0;       // that were measured
    std::uint64_t all = 0;          // of all rules, nanoseconds
    std::vector<std::uint64_t> of;  // by place in RuleCatalog::rules(), nanoseconds
  };
  const Figures& figures() const noexcept { return figures_; }
  Nanoseconds spent() const noexcept { return spent_; }

 private:
  struct Parser;
  struct Asked {
    std::uint32_t place = 0;  // in RuleCatalog::rules()
    Nanoseconds took = Nanoseconds::max();
  };
  void measure(const model::Event& event, const RulePolicy& policy);
  void find_asked(const std::vector<View>& views, const RulePolicy& policy);

  RuleCatalogPtr catalog_;
  std::function<Nanoseconds()> clock_;
  std::unique_ptr<Parser> parser_;
  std::string json_;
  std::vector<Asked> asked_;  // of one event
  std::minstd_rand random_{1};
  std::uint32_t until_next_ = 0;  // events
  Nanoseconds judged_{0};
  Nanoseconds spent_{0};
  Figures figures_;
};

}  // namespace tocsin::detect
