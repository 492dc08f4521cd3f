#pragma once
// A rebuild: judges every alert again from the start and works out what differs from what is stored.
//
//   in    link records in seq order, each with its stored membership; the stored incidents
//   out   a Plan: what to write so that the store says what the replay says, and nothing else
//
// Incidents that a person decided on keep exactly the alerts they had at `watermark`; alerts after that are
// judged as the live correlator would. Results are matched to stored incidents by the alerts they share, so
// ids stay. Since the outcome is a function of the alerts and of what is kept, a second rebuild changes
// nothing.
//
// Pure, one use, one thread. About 50 bytes an alert that is in an incident, beside the Correlator's own
// state.

#include <unordered_map>
#include <unordered_set>

#include "correlate/correlate.h"

namespace tocsin::correlate {

struct StoredIncident {
  Seq seq = 0;
  std::uint64_t described = 0;  // described_hash of it as stored
  int priority = 0;
  bool decided = false;
  bool closed = false;
  bool ended = false;  // merged into another: history
};

struct Plan {
  struct Upsert {
    Seq incident = 0;
    bool is_new = false;
    Aggregate total;
    std::optional<int> fixed_priority;
  };
  std::vector<Upsert> upserts;  // new incidents and those whose description changed, by incident
  std::vector<Link> links;      // memberships to write, by incident, then alert
  std::vector<Seq> removed;     // alerts to take out of their incident
  std::vector<Merge> ended;     // incidents that lost all alerts, and who took most of them
  // Incidents that lost all alerts to nobody. They must not vanish: replay again with these kept, too.
  std::vector<Seq> dissolved;
  std::int64_t alerts_in_incidents = 0;
  std::int64_t kept = 0;  // incidents that a person decided on
  Seq last_alert = 0;
  std::size_t incidents_changed() const;  // stored ones that the plan touches
};

class Replay {
 public:
  struct Input {
    Options options;
    ScoreOptions score;
    std::vector<StoredIncident> incidents;  // by seq
    std::unordered_set<Seq> keep;           // undecided ones to be left as they are
    Seq watermark = 0;                      // alerts up to here had been judged
    Seq last_incident = 0;                  // highest seq ever used
  };
  static Result<Replay> create(Input input);

  void add(const model::LinkRecord& record, const model::Membership* stored);
  Plan finish();
  // After finish: ready to judge what comes next, with the incidents' final seqs.
  Correlator take_correlator() { return std::move(correlator_); }

 private:
  struct StoredRow {
    Seq alert = 0;
    std::uint32_t incident = 0;  // place in input_.incidents
    std::uint32_t detail = 0;
  };
  explicit Replay(Input input, Correlator correlator);
  const StoredIncident* kept_by(const model::Membership* stored) const;
  std::optional<std::uint32_t> place_of(Seq incident) const;
  void collect(const model::LinkRecord& record);
  Aggregate& total_of(Seq incident);
  Seq merged(Seq incident) const;
  void settle_links();
  void settle_totals();
  void name_incidents();
  void compare_links(Plan& plan);
  void find_ended(Plan& plan) const;
  void compare_incidents(Plan& plan);
  void add_upsert(const Plan::Upsert& upsert, const StoredIncident* stored, Plan& plan) const;

  Input input_;
  Correlator correlator_;
  Changes changes_;
  std::vector<Link> links_;             // computed, in provisional incidents
  std::vector<StoredRow> rows_;         // stored, of incidents that are not kept; by alert
  std::vector<Aggregate> provisional_;  // totals of new incidents, from last_incident + 1 on
  std::unordered_map<Seq, Aggregate> kept_totals_;
  std::unordered_map<Seq, int> raised_;  // highest priority that new alerts brought into a kept incident
  std::unordered_map<Seq, Seq> merged_;
  std::vector<Seq> names_;  // final seq of each provisional incident; 0: merged away
  Seq last_alert_ = 0;
  std::int64_t kept_alerts_ = 0;
};

}  // namespace tocsin::correlate
