#pragma once
// Rules tried on stored events before they count: what a rule would have fired on, what an exception would
// have hidden.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/engine/detector.h"
#include "store/store.h"

namespace tocsin::api {

struct TrialBounds {
  std::size_t max_events = 100'000;  // the newest of them
  std::chrono::milliseconds at_most{20'000};
};

struct Trial {
  static constexpr std::size_t kSamples = 20;
  static constexpr std::size_t kCounted = 10'000;  // different hosts, users
  static constexpr std::size_t kNamed = 20;        // of them in the answer
  struct Sample {
    model::Seq seq = 0;
    Timestamp occurred_at{};
    std::string title;  // of the rule
    std::string host, user;
    std::string reason;
  };
  std::size_t events = 0;                   // looked at
  bool in_part = false;                     // older ones, or some at the end, were not looked at
  std::optional<Timestamp> oldest, newest;  // of those looked at
  std::size_t matches = 0;
  std::map<std::string, std::size_t> hosts, users;  // of the matches
  std::vector<Sample> samples;                      // the first ones
};

// The catalog of one rule, so that a trial does not ask the others; a correlation brings those it refers to.
// kNotFound.
Result<detect::RuleCatalogPtr> catalog_of_one(const detect::RuleCatalog& all, std::string_view key);
// Of rules as text, with the log sources and baselines of `like`. kInvalidInput with FILE:LINE:COL for the
// first that cannot be honoured.
Result<detect::RuleCatalogPtr> catalog_of_text(std::string_view yaml, const detect::RuleCatalog& like);

// Baselines are those that the events looked at make, in their order: nothing is known before the first.
// `only`: findings of that rule alone; empty: all.
Result<Trial> try_rules(const store::EventStore& events, const detect::RuleCatalogPtr& catalog,
                        std::string_view only, const TrialBounds& bounds, const Clock& clock);
// What rules would have said but for the exception.
Result<Trial> try_exception(const store::EventStore& events, const detect::RuleCatalogPtr& catalog,
                            const detect::RuleException& exception, const TrialBounds& bounds,
                            const Clock& clock);

}  // namespace tocsin::api
