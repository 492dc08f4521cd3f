#include "correlate/replay.h"

#include <algorithm>
#include <tuple>

namespace tocsin::correlate {
namespace {

// What a membership says beside the incident, in 32 bits.
std::uint32_t detail_hash(Seq linked_to, model::LinkReason reason, std::uint16_t weight,
                          std::span<const std::uint8_t> indexes) {
  constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15ULL;
  auto hash = static_cast<std::uint64_t>(linked_to) * kPrime;
  hash = (hash ^ static_cast<std::uint64_t>(reason) ^ (std::uint64_t{weight} << 8U)) * kPrime;
  for (const auto index : indexes) hash = (hash ^ (index + 1U)) * kPrime;
  return static_cast<std::uint32_t>(hash >> 32U);
}

std::uint32_t detail_hash(const model::Membership& m) {
  return detail_hash(m.linked_to, m.reason, m.weight_hundredths, m.entity_indexes);
}

std::uint32_t detail_hash(const Link& l) {
  return detail_hash(l.linked_to, l.reason, l.weight_hundredths, {l.entity_indexes.data(), l.index_count});
}

struct Overlap {
  std::uint32_t alerts = 0;
  std::uint32_t stored = 0;       // place in the stored incidents
  std::uint32_t provisional = 0;  // place in the new ones
};

template <class Row, class Same>
std::vector<Overlap> count_runs(std::vector<Row>& pairs, const Same& to_overlap) {
  std::sort(pairs.begin(), pairs.end());
  std::vector<Overlap> overlaps;
  for (std::size_t i = 0; i < pairs.size();) {
    auto end = i;
    while (end < pairs.size() && pairs[end] == pairs[i]) ++end;
    overlaps.push_back(to_overlap(pairs[i], static_cast<std::uint32_t>(end - i)));
    i = end;
  }
  return overlaps;
}

}  // namespace

std::size_t Plan::incidents_changed() const {
  std::unordered_set<Seq> touched;
  std::unordered_set<Seq> made;
  for (const auto& upsert : upserts) (upsert.is_new ? made : touched).insert(upsert.incident);
  for (const auto& link : links) {
    if (made.count(link.incident) == 0) touched.insert(link.incident);
  }
  for (const auto& merge : ended) touched.insert(merge.from);
  return touched.size();
}

Result<Replay> Replay::create(Input input) {
  TOCSIN_TRY(correlator, Correlator::create(input.options, input.last_incident + 1));
  return Replay(std::move(input), std::move(correlator));
}

Replay::Replay(Input input, Correlator correlator)
    : input_(std::move(input)), correlator_(std::move(correlator)) {}

std::optional<std::uint32_t> Replay::place_of(Seq incident) const {
  const auto found = std::lower_bound(input_.incidents.begin(), input_.incidents.end(), incident,
                                      [](const StoredIncident& i, Seq seq) { return i.seq < seq; });
  if (found == input_.incidents.end() || found->seq != incident) return std::nullopt;
  return static_cast<std::uint32_t>(found - input_.incidents.begin());
}

const StoredIncident* Replay::kept_by(const model::Membership* stored) const {
  const auto place = stored != nullptr ? place_of(stored->incident) : std::nullopt;
  if (!place) return nullptr;
  const auto& incident = input_.incidents[*place];
  return incident.decided || input_.keep.count(incident.seq) != 0 ? &incident : nullptr;
}

void Replay::add(const model::LinkRecord& record, const model::Membership* stored) {
  last_alert_ = record.seq;
  if (const auto* kept = kept_by(stored)) {
    correlator_.place(record, kept->seq, {kept->decided, kept->closed, input_.watermark}, changes_);
    ++kept_alerts_;
  } else {
    if (stored != nullptr) {
      if (const auto place = place_of(stored->incident))
        rows_.push_back({record.seq, *place, detail_hash(*stored)});
    }
    correlator_.judge(record, changes_);
  }
  collect(record);
}

void Replay::collect(const model::LinkRecord& record) {
  for (const auto& link : changes_.links) {
    links_.push_back(link);
    if (link.incident > input_.last_incident) continue;
    auto& raised = raised_[link.incident];
    raised = std::max(raised, int{record.priority});
  }
  for (const auto& merge : changes_.merges) merged_[merge.from] = merge.into;
  for (const auto& [incident, total] : changes_.forgotten) combine(total_of(incident), total);
  changes_.clear();
}

Aggregate& Replay::total_of(Seq incident) {
  if (incident <= input_.last_incident) return kept_totals_[incident];
  const auto place = static_cast<std::size_t>(incident - input_.last_incident - 1);
  if (place >= provisional_.size()) provisional_.resize(place + 1);
  return provisional_[place];
}

Seq Replay::merged(Seq incident) const {
  for (auto found = merged_.find(incident); found != merged_.end(); found = merged_.find(incident)) {
    incident = found->second;
  }
  return incident;
}

void Replay::settle_links() {
  for (auto& link : links_) link.incident = merged(link.incident);
  std::sort(links_.begin(), links_.end(), [](const Link& a, const Link& b) { return a.alert < b.alert; });
}

void Replay::settle_totals() {
  correlator_.for_each_incident([&](Seq seq, const Aggregate& total) { combine(total_of(seq), total); });
  provisional_.resize(static_cast<std::size_t>(correlator_.next_incident() - input_.last_incident - 1));
}

// Each new incident takes the name of the stored one with which it shares most alerts; the older first among
// equals. What is left over gets a seq that was never used.
void Replay::name_incidents() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  auto row = rows_.begin();
  for (const auto& link : links_) {
    while (row != rows_.end() && row->alert < link.alert) ++row;
    if (row == rows_.end() || row->alert != link.alert || link.incident <= input_.last_incident) continue;
    pairs.emplace_back(row->incident, static_cast<std::uint32_t>(link.incident - input_.last_incident - 1));
  }
  auto overlaps = count_runs(pairs, [](const auto& pair, std::uint32_t count) {
    return Overlap{count, pair.first, pair.second};
  });
  std::sort(overlaps.begin(), overlaps.end(), [](const Overlap& a, const Overlap& b) {
    return std::tuple(b.alerts, a.stored, a.provisional) < std::tuple(a.alerts, b.stored, b.provisional);
  });
  names_.assign(provisional_.size(), 0);
  std::vector<bool> taken(input_.incidents.size());
  for (const auto& overlap : overlaps) {
    if (taken[overlap.stored] || names_[overlap.provisional] != 0) continue;
    taken[overlap.stored] = true;
    names_[overlap.provisional] = input_.incidents[overlap.stored].seq;
  }
  auto next = input_.last_incident + 1;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == 0 && provisional_[i].alerts > 0) names_[i] = next++;
  }
  const auto name = [&](Seq seq) {
    return seq <= input_.last_incident ? seq
                                       : names_[static_cast<std::size_t>(seq - input_.last_incident - 1)];
  };
  for (auto& link : links_) link.incident = name(link.incident);
  correlator_.renumber(name);
  correlator_.set_next_incident(next);
}

// In place: at this point a rebuild needs most memory.
void Replay::compare_links(Plan& plan) {
  auto row = rows_.begin();
  auto differing = links_.begin();
  for (const auto& link : links_) {
    for (; row != rows_.end() && row->alert < link.alert; ++row) plan.removed.push_back(row->alert);
    const bool stored = row != rows_.end() && row->alert == link.alert;
    const bool same =
        stored && input_.incidents[row->incident].seq == link.incident && row->detail == detail_hash(link);
    if (!same) *differing++ = link;
    if (stored) ++row;
  }
  for (; row != rows_.end(); ++row) plan.removed.push_back(row->alert);
  links_.erase(differing, links_.end());
  std::sort(links_.begin(), links_.end(), [](const Link& a, const Link& b) {
    return std::tuple(a.incident, a.alert) < std::tuple(b.incident, b.alert);
  });
  plan.links = std::move(links_);
}

// Stored incidents none of whose alerts stayed: they end in the one that took most of them.
void Replay::find_ended(Plan& plan) const {
  std::vector<bool> alive(input_.incidents.size());
  std::vector<std::pair<std::uint32_t, Seq>> moves;
  auto link = links_.begin();
  for (const auto& row : rows_) {
    while (link != links_.end() && link->alert < row.alert) ++link;
    const bool linked = link != links_.end() && link->alert == row.alert;
    moves.emplace_back(row.incident, linked ? link->incident : 0);
  }
  for (const auto seq : names_) {
    if (const auto place = place_of(seq)) alive[*place] = true;
  }
  std::sort(moves.begin(), moves.end());
  for (std::size_t i = 0; i < moves.size();) {
    const auto from = moves[i].first;
    std::pair<std::size_t, Seq> taker;
    while (i < moves.size() && moves[i].first == from) {
      const auto into = moves[i].second;
      const auto start = i;
      while (i < moves.size() && moves[i] == std::pair(from, into)) ++i;
      if (into != 0 && i - start > taker.first) taker = {i - start, into};
    }
    if (alive[from]) continue;
    if (taker.second == 0) {
      plan.dissolved.push_back(input_.incidents[from].seq);
    } else {
      plan.ended.push_back({input_.incidents[from].seq, taker.second});
    }
  }
}

void Replay::add_upsert(const Plan::Upsert& upsert, const StoredIncident* stored, Plan& plan) const {
  if (stored != nullptr) {
    model::Incident described;
    describe(upsert.total, input_.score, upsert.fixed_priority, described);
    if (described_hash(described) == stored->described) return;
  }
  plan.upserts.push_back(upsert);
}

void Replay::compare_incidents(Plan& plan) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == 0) continue;
    const auto place = place_of(names_[i]);
    const auto* stored = place ? &input_.incidents[*place] : nullptr;
    add_upsert({names_[i], stored == nullptr, provisional_[i], {}}, stored, plan);
    correlator_.set_aggregate(names_[i], provisional_[i]);
  }
  for (const auto& [seq, total] : kept_totals_) {
    const auto& stored = input_.incidents[*place_of(seq)];
    const auto raised = raised_.find(seq);
    const auto priority = std::max(stored.priority, raised == raised_.end() ? 0 : raised->second);
    add_upsert({seq, false, total, stored.decided ? std::optional(priority) : std::nullopt}, &stored, plan);
    correlator_.set_aggregate(seq, total);
  }
  std::sort(plan.upserts.begin(), plan.upserts.end(),
            [](const Plan::Upsert& a, const Plan::Upsert& b) { return a.incident < b.incident; });
}

Plan Replay::finish() {
  Plan plan;
  settle_links();
  settle_totals();
  name_incidents();
  plan.alerts_in_incidents = kept_alerts_ + static_cast<std::int64_t>(links_.size());
  find_ended(plan);
  compare_links(plan);
  compare_incidents(plan);
  plan.last_alert = last_alert_;
  plan.kept = std::count_if(input_.incidents.begin(), input_.incidents.end(),
                            [](const StoredIncident& i) { return i.decided && !i.ended; });
  return plan;
}

}  // namespace tocsin::correlate
