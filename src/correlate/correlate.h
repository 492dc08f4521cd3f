#pragma once
// Joins alerts into incidents, one alert at a time.
//
//   in    LinkRecords in seq order (their times in any order); what people decided
//   out   what changed: incidents opened, grown, merged; each membership with its reason and weight
//
// Pure: no I/O and no clock of its own; replaying the same input gives the same incidents. Not thread-safe:
// one owner. Memory is bounded by Options whatever the input; the cost of an alert does not depend on how
// many came before.
//
// An alert links to a group (an incident, or another lone alert) when the keys they share inside the window
// weigh at least `link_threshold` together (weights.h; README.md tells the rules). Groups linked by one alert
// merge. Linked alerts are an incident; so is a lone one of high or critical severity, and a burst of one
// rule on one entity.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "correlate/aggregate.h"
#include "model/incident.h"
#include "model/link.h"

namespace tocsin::correlate {

struct Options {
  std::chrono::minutes window{15};  // 1 min .. 24 h; how far apart two alerts may be and still link
  double link_threshold = 1.0;      // > 0
  std::size_t max_alerts_per_incident = 5000;  // >= 2; beyond it the incident takes no more, and says so
  std::chrono::hours max_duration{24};         // >= 1 h; from its first to its last alert
  std::size_t burst_alerts = 10;               // 2 .. 16: so many alerts of one rule on one entity …
  std::chrono::minutes burst_window{5};        // … inside this are an incident
  std::size_t max_keys = 196'608;              // >= 1,024; remembered entity values, about 200 bytes each
  std::size_t max_groups = 131'072;  // >= 1,024; remembered lone alerts and growing incidents, about 160 each
  std::size_t max_bursts = 16'384;   // >= 1,024; remembered (rule, entity) pairs, about 420 each
  std::uint64_t table_secret =
      0x9E3779B97F4A7C15;  // no influence on results; random in production (lru_table.h)
};

// An alert's place, decided or moved. As model::Membership, without a heap allocation.
struct Link {
  Seq alert = 0;
  Seq incident = 0;
  Seq linked_to = 0;
  model::LinkReason reason = model::LinkReason::kOpened;
  std::uint8_t index_count = 0;
  std::uint16_t weight_hundredths = 0;
  std::array<std::uint8_t, 4> entity_indexes{};
  bool operator==(const Link&) const = default;
};
model::Membership to_membership(const Link& link);

struct Merge {
  Seq from = 0;  // ends
  Seq into = 0;
  bool operator==(const Merge&) const = default;
};

// Appended to by every call; in order. A Link's incident may be merged by a later Merge of the same Changes.
struct Changes {
  std::vector<Link> links;
  std::vector<Merge> merges;
  // Incidents that were forgotten because newer ones needed the room: they cannot grow any more. Their last
  // state.
  std::vector<std::pair<Seq, Aggregate>> forgotten;
  void clear();
};

class Correlator {
 public:
  // kInvalidInput when an option is out of range. New incidents get the seqs from `next_incident` on.
  static Result<Correlator> create(const Options& options, Seq next_incident = 1);
  Correlator(Correlator&&) noexcept;
  Correlator& operator=(Correlator&&) noexcept;
  ~Correlator();

  // Judges the next alert. One with a seq that is not above the last is ignored.
  void judge(const model::LinkRecord& record, Changes& changes);
  // What a person did to an incident. A decided one never ends in a machine's merge. A closed one takes no
  // alerts; one with `frozen_until` takes none up to that seq (a rebuild's way to leave decided incidents as
  // they are).
  struct Standing {
    bool decided = false;
    bool closed = false;
    Seq frozen_until = 0;
  };
  void set_standing(Seq incident, const Standing& standing);
  // Takes the next alert to where it already is: `incident`, or 0 for alone. Leaves the same traces as judge.
  void place(const model::LinkRecord& record, Seq incident, const Standing& standing, Changes& changes);
  // Incidents that judging this record might add to or merge (repeats possible), so that the owner can look
  // up beforehand what people did to them.
  void reachable(const model::LinkRecord& record, std::vector<Seq>& out) const;

  // A person merged `from` into `into`.
  void merge(Seq from, Seq into);
  // A person made these alerts an incident of their own, taken from wherever they were (a split, an opening).
  void assign(std::span<const Seq> alerts, Seq incident, Changes& changes);

  // Null when the incident is not remembered. Exact as long as every alert of it went through this object.
  const Aggregate* find(Seq incident) const;
  // Replaces what is known of an incident whose alerts partly came before this object's time.
  void set_aggregate(Seq incident, const Aggregate& aggregate);
  void for_each_incident(const std::function<void(Seq, const Aggregate&)>& visit) const;
  // Gives incidents other seqs (a rebuild finds out afterwards which was which).
  void renumber(const std::function<Seq(Seq)>& new_seq);

  Seq next_incident() const;
  void set_next_incident(Seq seq);
  std::size_t state_bytes() const;

 private:
  class Impl;
  explicit Correlator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::correlate
