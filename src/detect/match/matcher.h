#pragma once
// Which Sigma rules match an event: the fast answer, the same as the interpreter's (sigma/interpreter.h)
// asked for each view of the event (source/source_table.h) with each rule that may see it.
//
//   in    one JSON object, and what its sender says of it
//   out   the rules that match, by their place in the set, ascending
//
// A set is immutable; any number of threads may ask it, each with a Scratch of its own. The first event of
// each kind of view makes the plan for it, which all threads then share. Time: the event's bytes for each
// field that some rule of its source needs, and the rules that these wake.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "detect/match/event_scan.h"
#include "detect/match/plan.h"
#include "detect/sigma/rule.h"
#include "detect/source/source_table.h"

namespace tocsin::detect {

class RuleMatcher {
 public:
  // The table must outlive the set.
  RuleMatcher(std::vector<sigma::Rule> rules, const SourceTable& sources);
  RuleMatcher(const RuleMatcher&) = delete;
  RuleMatcher& operator=(const RuleMatcher&) = delete;
  ~RuleMatcher();

  const std::vector<sigma::Rule>& rules() const noexcept { return rules_; }

  // What one thread needs, reused from event to event.
  class Scratch {
   public:
    explicit Scratch(const RuleMatcher& set);
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();

   private:
    friend class RuleMatcher;
    struct State;
    std::unique_ptr<State> state_;
  };

  // `json` must have simdjson::SIMDJSON_PADDING readable bytes after its end. kInvalidSyntax when it is no
  // JSON object; parts that no rule looks at are checked for balance only. The answer holds until the next
  // call.
  Result<std::span<const std::uint32_t>> match(std::string_view json, const LogSource& given,
                                               Scratch& scratch) const;

 private:
  struct TellingField {
    std::vector<std::vector<std::uint32_t>> slots;  // by shape
    std::unordered_map<std::string, std::uint16_t, PlanField::TextHash, std::equal_to<>> known;
    std::vector<std::string> prefixes;
  };
  struct Bucket {  // rules of one log source
    LogSource source;
    std::vector<std::uint32_t> rules;
  };
  using Plans = std::vector<std::shared_ptr<const Plan>>;

  void group_rules();
  void collect_paths();
  void index_telling_fields();
  void index_tells();
  std::vector<std::uint32_t> slots_of(const std::string& field, const Shape& shape, const SourceNames& names);
  std::vector<std::uint32_t> known_slots_of(const std::string& field, const View& view) const;
  std::size_t place_of(const SourceNames& names) const;
  std::size_t shape_of(const EventScan& scan) const;
  // What tells the event's views, as a key; equal keys have the same views. False when a text is no text.
  bool view_key(Scratch::State& state, std::size_t shape, const LogSource& given) const;
  // The telling fields that the event may have, ascending.
  void find_told(Scratch::State& state, std::size_t shape) const;
  // What the value says to a telling field, in two numbers. nullptr when it is no text.
  const std::vector<std::uint32_t>* meaning_of(Scratch::State& state, std::size_t field,
                                               ScannedValue& value) const;
  Plans plans_for(EventScan& scan, std::size_t shape, const LogSource& given) const;
  std::shared_ptr<const Plan> plan_for(const View& view) const;

  std::vector<sigma::Rule> rules_;
  const SourceTable& sources_;
  std::vector<Bucket> buckets_;
  std::vector<std::string> fields_;  // all that rules name
  PathTree tree_;
  std::vector<std::uint32_t> signs_;  // slot of each shape's sign; the last shape has none
  std::vector<TellingField> telling_;
  struct Tells {
    std::uint32_t shape = 0;
    std::uint32_t field = 0;  // place in telling_
  };
  std::vector<std::uint32_t> tells_of_slot_;  // by slot: place in tells_; the first says nothing
  std::vector<std::vector<Tells>> tells_;
  mutable std::mutex plans_guard_;
  mutable std::map<std::string, std::shared_ptr<const Plan>> plans_;
  mutable std::uint32_t plans_made_ = 0;
};

}  // namespace tocsin::detect
