#pragma once
// Which rules match each of many events: the part of judging that knows nothing of other events, so that
// several threads may share it.

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/work_pool.h"
#include "detect/match/matcher.h"
#include "model/event.h"

namespace tocsin::detect {

// What one thread needs to match, reused from event to event.
struct MatchTools {
  explicit MatchTools(const RuleMatcher& matcher) : scratch(matcher) {}
  RuleMatcher::Scratch scratch;
  std::string json;  // of the event at hand, with the padding that the parser wants
};

// Tools that nobody uses at the moment, of one set of rules: as many as threads match, not as tenants have
// rules. What they remember of texts (match/value_memo.h) saves time and changes no answer. Thread-safe.
class MatchToolShelf {
 public:
  explicit MatchToolShelf(const RuleMatcher& matcher) : matcher_(matcher) {}
  std::unique_ptr<MatchTools> take();
  void put_back(std::unique_ptr<MatchTools> tools);

 private:
  const RuleMatcher& matcher_;
  std::mutex mutex_;  // guards tools_
  std::vector<std::unique_ptr<MatchTools>> tools_;
};

struct EventMatches {
  struct One {
    std::size_t event = 0;             // place in what was asked about
    std::vector<std::uint32_t> rules;  // never empty; places in the set, ascending
  };
  std::vector<One> matched;      // in order of the events
  std::uint64_t unreadable = 0;  // no JSON object
};

// The same for any number of helpers; null: the caller alone. A few events are not worth handing over.
EventMatches match_events(std::span<const model::Event> events, const RuleMatcher& matcher,
                          MatchToolShelf& shelf, WorkPool* helpers);

// The event as rules see it: its JSON object; a line of text becomes one with `message` and what is known of
// the line beside it.
void append_rule_json(const model::Event& event, std::string& out);

}  // namespace tocsin::detect
