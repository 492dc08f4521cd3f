#pragma once
// Correlations from their text and a stream of matches, for tests.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/correlation/correlator.h"
#include "detect/testing/rules.h"

namespace tocsin::detect::test {

// Rules named a, b, c, d, at the places 0 to 3.
inline std::string four_rules() {
  std::string text;
  for (const auto* name : {"a", "b", "c", "d"})
    text += "title: R\nname: " + std::string(name) +
            "\nlogsource: {product: p}\ndetection: {s: {x: 1}, condition: s}\n---\n";
  return text;
}

// `body` is what stands in the braces of `correlation: {…}`.
inline std::string correlation_text(std::string_view body, std::string_view name = "top") {
  return "title: C\nname: " + std::string(name) + "\ncorrelation: {" + std::string(body) + "}\n---\n";
}

// A correlator of some correlations over the four rules, and the hits that it gave last.
class Steps {
 public:
  explicit Steps(std::string_view correlations, const CorrelatorOptions& options = {})
      : set_(tocsin::test::parse_rules(four_rules() + std::string(correlations))),
        correlator_(made(options)) {
    for (const auto& refusal : set_.refusals) ADD_FAILURE() << to_string(refusal);
  }

  // An event at so many seconds that these rules matched: "ab". Its seq is its number, from 1.
  const std::vector<CorrelationHit>& event(std::int64_t second, std::string_view rules,
                                           std::string_view json) {
    fields_ = tocsin::test::event_of(json);
    rules_.clear();
    for (const char rule : rules) rules_.push_back(static_cast<std::uint32_t>(rule - 'a'));
    last_ = {at(second), Timestamp::max(), ++seq_, rules_, &fields_};
    hits_.clear();
    correlator_.apply(last_, hits_);
    return hits_;
  }
  // What another evaluator says to the last event.
  auto plainly(auto& evaluator) const { return evaluator.apply(last_); }

  static Timestamp at(std::int64_t second) { return Timestamp(std::chrono::seconds(second)); }
  Correlator& correlator() { return correlator_; }
  const sigma::RuleSet& set() const { return set_; }

 private:
  Correlator made(const CorrelatorOptions& options) const {
    auto correlator = Correlator::create(set_, options);
    if (!correlator) {
      ADD_FAILURE() << to_string(correlator.error());
      return *Correlator::create({}, {});
    }
    return *std::move(correlator);
  }

  sigma::RuleSet set_;
  Correlator correlator_;
  std::vector<CorrelationHit> hits_;
  sigma::JsonEvent fields_;
  std::vector<std::uint32_t> rules_;
  MatchedEvent last_;
  model::Seq seq_ = 0;
};

}  // namespace tocsin::detect::test
