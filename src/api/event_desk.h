#pragma once
// Raw events in, findings and alerts out: keeps the order and the watermark that detection asks for.
//
// Every event is judged once, in order of seq, whichever way it came; the alerts of findings carry a
// source_id made of the event's seq and the rule, so judging again after a crash stores nothing twice. One
// owner: calls wait for each other, because detection inside time windows is sequential. Of several processes
// on one database one judges, as long as it lives: what correlations remember is in its memory. Thread-safe;
// may block on the database.

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/baseline_keeper.h"
#include "api/detection_progress.h"
#include "api/services.h"
#include "detect/engine/detector.h"
#include "detect/engine/rule_cost.h"
#include "detect/engine/rule_library.h"

namespace tocsin::api {

class EventDesk {
 public:
  struct Hooks {
    // Whether it is this process's turn; `now` takes it from whoever has it. Empty: there are no others.
    // Asked again while it judges.
    std::function<Result<bool>(bool now)> turn{};
    // Whether so many events may come in now; empty: always.
    std::function<Result<void>(std::size_t events)> admit{};
    std::function<void()> stored{};  // events that nobody waits for: look soon
    WorkPool* helpers = nullptr;     // with which rules are matched
  };
  // All outlive it.
  EventDesk(store::TenantStore& store, Pipeline& pipeline, const Clock& clock,
            const detect::RuleLibrary& rules, Hooks hooks);

  struct Judged {
    detect::Finding finding;
    std::string alert_id;
  };
  // Before a delivery is stored: kBusy when the tenant's quota is used up, kStorageFull when it has no room.
  Result<void> admit(std::size_t events) const {
    return hooks_.admit ? hooks_.admit(events) : Result<void>();
  }
  // Stores the events. Answers their places in the stream.
  Result<std::vector<model::Seq>> store(std::vector<model::Event> events);
  // Judges what has not been judged, or waits for the process whose turn it is (kUnavailable after 8
  // seconds); answers the alerts that came of the events at these places (ascending), whoever judged them: of
  // another's, those among the newest 1,000.
  Result<std::vector<std::string>> alerts_of(const std::vector<model::Seq>& seqs);
  // Judges, in this process, and answers every finding of its own that no earlier call of this function has
  // answered (the newest 1,000).
  Result<std::vector<Judged>> take_findings();
  // Judges what has been stored so far, when it is this process's turn.
  Result<void> catch_up();

  using Totals = DetectionTotals;
  Result<Totals> totals();

  // The tenant's word on rules.
  Result<detect::RulePolicyPtr> policy();
  // Changes and keeps it; from the next event on it counts. What `change` refuses changes nothing.
  Result<detect::RulePolicyPtr> change_policy(
      const std::function<Result<void>(detect::RulePolicyData&)>& change);

  // What rules did since the catalog was loaded, by this process.
  struct RuleFigures {
    detect::RuleCatalogPtr catalog;  // null: nothing was judged by rules yet
    detect::Detector::Figures of;
    detect::CorrelatorStats correlations;
    detect::RuleCosts::Figures costs;
    Timestamp since{};
  };
  RuleFigures rule_figures();
  // How often rules and correlations matched in the last day and week, in whatever process, by their key.
  Result<MatchSumsByRule> match_sums();

 private:
  struct Fresh {
    std::vector<model::Event> events;
    std::size_t bytes = 0;
  };

  Result<void> load();
  Result<bool> take_turn(bool now);
  Result<bool> judge_some();  // false: nothing waits
  Result<void> read_policy();
  Result<void> use_current_rules();
  Result<void> warm_up(detect::Detector& detector) const;
  Result<std::vector<model::Event>> next_events();
  std::vector<model::Event> take_fresh(std::optional<model::Seq> next);
  void keep_fresh(std::vector<model::Event> events, const std::vector<model::Seq>& seqs);
  using AlertsOf = Result<std::optional<std::vector<std::string>>>;
  AlertsOf judge_until(std::span<const model::Seq> seqs);
  AlertsOf judged_by_another(std::span<const model::Seq> seqs) const;
  Result<bool> judge_next(std::span<const model::Event> events);
  using MatchesByPlace = std::vector<std::uint64_t>;  // as in detect::Detector::Figures
  Result<void> count_matches(const MatchesByPlace& before, std::span<const detect::Finding> findings,
                             DetectionProgress& progress);
  Result<void> keep(std::vector<detect::Finding> findings, const MatchesByPlace& before, model::Seq until);
  void remember(Judged judged);

  store::TenantStore& store_;
  Pipeline& pipeline_;
  const Clock& clock_;
  const detect::RuleLibrary& library_;
  const Hooks hooks_;
  const std::uint64_t secret_;  // of correlations and new baselines, of this process
  std::mutex fresh_mutex_;      // guards fresh_ and fresh_bytes_; taken last
  // Events that were stored just now, by the number of the first of a delivery: they need not be read back.
  std::map<model::Seq, Fresh> fresh_;
  std::size_t fresh_bytes_ = 0;
  std::mutex mutex_;  // guards what follows
  bool had_turn_ = false;
  bool is_loaded_ = false;
  std::optional<detect::Detector> detector_;
  std::optional<detect::RuleCosts> costs_;  // of the detector's rules
  BaselineKeeper baselines_;
  detect::RulePolicyPtr policy_ = std::make_shared<const detect::RulePolicy>();
  Timestamp judging_since_{};
  std::string policy_text_ = "{}";  // as the store had it
  DetectionProgress progress_;
  MatchHistory history_;
  std::deque<Judged> unreported_;
  EventAlerts recent_;
};

}  // namespace tocsin::api
