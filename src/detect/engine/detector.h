#pragma once
// Raw events in, what the rules say of them out: which rules match, what several matches amount to, the
// tenant's own word on the rules, and the values that made them match.
//
//   in    events in order of seq, each once
//   out   a detection for each event and rule that matches it, and for each correlation that an event
//         completes, in that order
//
// Not thread-safe: one owner per tenant; it has the events matched by several threads at once
// (event_matcher.h), and tells what matched in order of the events. What an event cannot be read for is
// counted, not an error: it was stored, and can be judged again by rules that read it. State is that of the
// correlations (correlator.h) and of the baselines (baselines.h): in memory and bounded; after a restart the
// owner feeds the last events again and drops what comes of them.

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/work_pool.h"
#include "detect/baseline/baselines.h"
#include "detect/correlation/correlator.h"
#include "detect/engine/rule_catalog.h"
#include "detect/engine/rule_policy.h"
#include "detect/finding.h"
#include "detect/sigma/interpreter.h"
#include "model/event.h"

namespace tocsin::detect {

struct DetectorOptions {
  CorrelatorOptions correlator{};
  BaselineOptions baselines{};
  WorkPool* helpers = nullptr;  // with which rules are matched; outlives the detector
};

class Detector {
 public:
  // `policy` may be null: every rule as written. kInvalidInput for an option out of range.
  static Result<Detector> create(RuleCatalogPtr catalog, RulePolicyPtr policy,
                                 const DetectorOptions& options);
  ~Detector();
  Detector(Detector&&) noexcept;
  Detector& operator=(Detector&&) noexcept;

  const RuleCatalog& catalog() const noexcept { return *catalog_; }
  const RuleCatalogPtr& catalog_ptr() const noexcept { return catalog_; }
  // From the next event on; what correlations remember stays.
  void use(RulePolicyPtr policy) { policy_ = std::move(policy); }

  // `now`: by which exceptions end.
  // Events that were judged before: what correlations remember of them, and nothing else.
  void warm_up(std::span<const model::Event> events, Timestamp now);
  std::vector<Finding> judge(std::span<const model::Event> events, Timestamp now);
  // Events that were judged before, for baselines that have not learned them.
  void learn(std::span<const model::Event> events);
  Baselines& baselines() noexcept { return *baselines_; }
  const Baselines& baselines() const noexcept { return *baselines_; }

  struct Figures {
    std::uint64_t events = 0;
    std::uint64_t unreadable = 0;                 // no JSON object
    std::vector<std::uint64_t> matches;           // by place in RuleCatalog::rules()
    std::map<std::string, std::uint64_t> hidden;  // events, by id of the exception
  };
  // Since it was made.
  const Figures& figures() const noexcept { return figures_; }
  CorrelatorStats correlation_stats() const;

 private:
  struct Parser;
  Detector(RuleCatalogPtr catalog, RulePolicyPtr policy, std::optional<Correlator> correlator,
           const DetectorOptions& options);

  std::span<const std::uint32_t> split(std::span<const std::uint32_t> matched);
  bool parse(const model::Event& event, simdjson::dom::element& document);
  void add_readers(std::span<const std::uint32_t> rules);
  void judge_matched(const model::Event& event, std::span<const std::uint32_t> matched, Timestamp now,
                     std::vector<Finding>& findings);
  using EventPtr = std::shared_ptr<const model::Event>;
  void tell_without_evidence(const EventPtr& event, std::span<const std::uint32_t> rules,
                             std::vector<Finding>& findings);
  void correlate(const EventPtr& event, std::span<const std::uint32_t> rules, const sigma::Event& fields,
                 std::vector<Finding>& findings);

  RuleCatalogPtr catalog_;
  RulePolicyPtr policy_;
  std::optional<Correlator> correlator_;  // absent when there are no correlations
  std::unique_ptr<Baselines> baselines_;
  WorkPool* helpers_;  // null: none
  std::unique_ptr<Parser> parser_;
  std::string json_;                           // of the event at hand, with the padding that the parser wants
  std::vector<std::uint32_t> probes_;          // of the event at hand: places in BaselinePlan::probes()
  std::vector<BaselineReading> readings_;      // as above
  std::vector<std::uint32_t> rules_to_judge_;  // as above
  Figures figures_;
};

}  // namespace tocsin::detect
