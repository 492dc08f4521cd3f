#pragma once
// Asks one plan about one event. Part of RuleMatcher; its state is reused from event to event.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "detect/match/event_scan.h"
#include "detect/match/plan.h"
#include "detect/match/value_memo.h"
#include "detect/sigma/event.h"
#include "detect/sigma/number.h"

namespace tocsin::detect {

class PlanRun {
 public:
  // Appends the places in the set of the rules that match. False when a text that was looked at is no text.
  bool run(const Plan& plan, EventScan& scan, ValueMemo& memo, std::vector<std::uint32_t>& matched);

 private:
  enum class Answer : std::uint8_t { kUnknown, kYes, kNo };
  class AskedEvent;  // the event as the interpreter sees it

  void begin(const Plan& plan, EventScan& scan, ValueMemo& memo);
  void scan_field(std::uint32_t place);
  // For the memo.
  std::uint64_t question(std::uint32_t what, sigma::ValueKind kind) const;
  void scan_value(std::uint32_t place, ScannedValue& value);
  // Appends the predicates of the field that the value meets. False when the value is no text.
  bool find_met(const PlanField& field, ScannedValue& value, std::vector<PredicateId>& met);
  void find_met_number(const PlanField& field, const sigma::Number& number, std::vector<PredicateId>& met);
  bool meets(const PlanField::Use& use, std::string_view folded, std::size_t size, std::size_t end,
             const ScannedValue& value);
  void fire(PredicateId id);
  void wake(std::uint32_t rule);
  bool answer_of(PredicateId id);
  bool is_absent_or_null(const PlanField& field);
  bool is_there(const PlanField& field) const;
  bool fits(const sigma::Text& wanted, ScannedValue& value);
  bool fits(PredicateId id, const sigma::Regex& regex, ScannedValue& value);
  bool holds(PredicateId id);
  bool holds(const PlanItem& item);
  bool holds(const PlanSelection& selection);
  template <class F>
  void each_value(const PlanField& field, const F& f);

  const Plan* plan_ = nullptr;
  EventScan* scan_ = nullptr;
  ValueMemo* memo_ = nullptr;
  bool is_text_ = true;
  std::vector<Answer> answers_;            // by predicate
  std::vector<PredicateId> answered_;      // to be forgotten
  std::vector<std::uint8_t> is_scanned_;   // by field
  std::vector<std::uint64_t> settled_in_;  // by predicate: the value of which its answer was last known
  std::uint64_t values_seen_ = 0;
  std::vector<PredicateId> met_;
  std::vector<std::uint8_t> is_awake_;  // by rule
  std::vector<std::uint32_t> awake_;
};

}  // namespace tocsin::detect
