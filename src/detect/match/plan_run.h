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
#include "detect/sigma/event.h"
#include "detect/sigma/number.h"

namespace tocsin::detect {

class PlanRun {
 public:
  // Appends the places in the set of the rules that match. False when a text that was looked at is no text.
  bool run(const Plan& plan, EventScan& scan, std::vector<std::uint32_t>& matched);

 private:
  enum class Answer : std::uint8_t { kUnknown, kYes, kNo };
  class AskedEvent;  // the event as the interpreter sees it

  void begin(const Plan& plan, EventScan& scan);
  void scan_field(std::uint32_t place);
  void scan_value(const PlanField& field, ScannedValue& value);
  void fire(const PlanField::Use& use, std::string_view folded, std::size_t size, std::size_t end,
            const ScannedValue& value);
  void fire(PredicateId id);
  void fire_number(const PlanField& field, const sigma::Number& number);
  void wake(std::uint32_t rule);
  bool fits(const sigma::Regex& regex, const PlanField& field);
  bool holds(PredicateId id);
  bool holds(const PlanItem& item);
  bool holds(const PlanSelection& selection);
  template <class F>
  void each_value(const PlanField& field, const F& f);

  const Plan* plan_ = nullptr;
  EventScan* scan_ = nullptr;
  bool is_text_ = true;
  std::vector<Answer> answers_;            // by predicate
  std::vector<PredicateId> answered_;      // to be forgotten
  std::vector<std::uint8_t> is_scanned_;   // by field
  std::vector<std::uint64_t> checked_in_;  // by predicate: the value in which it was last checked
  std::uint64_t values_seen_ = 0;
  std::vector<std::uint8_t> is_awake_;  // by rule
  std::vector<std::uint32_t> awake_;
};

}  // namespace tocsin::detect
