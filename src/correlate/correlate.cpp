#include "correlate/correlate.h"

#include <algorithm>

#include "correlate/evidence.h"
#include "correlate/groups.h"
#include "correlate/sighting.h"
#include "model/suppressed.h"

namespace tocsin::correlate {

using model::LinkReason;
using model::LinkRecord;

model::Membership to_membership(const Link& link) {
  const auto first = link.entity_indexes.begin();
  return {link.alert,  link.incident,          link.linked_to,
          link.reason, link.weight_hundredths, std::vector<std::uint8_t>(first, first + link.index_count)};
}

void Changes::clear() {
  links.clear();
  merges.clear();
  forgotten.clear();
}

class Correlator::Impl {
 public:
  Impl(const Options& options, Seq next_incident)
      : options_(options),
        window_(Nanos(options.window).count()),
        next_incident_(next_incident),
        keys_(options.max_keys, options.table_secret),
        bursts_(options.max_bursts, options.table_secret),
        groups_(options.max_groups) {}

  void judge(const LinkRecord& record, Changes& changes);
  void place(const LinkRecord& record, Seq incident, const Standing& standing, Changes& changes);
  void reachable(const LinkRecord& record, std::vector<Seq>& out) const;
  void merge(Seq from, Seq into);
  void assign(std::span<const Seq> alerts, Seq incident, Changes& changes);
  std::size_t state_bytes() const { return keys_.bytes() + bursts_.bytes() + groups_.bytes() + sizeof *this; }

  Groups& groups() { return groups_; }
  Seq& next_incident() { return next_incident_; }

 private:
  bool is_next(const LinkRecord& record);
  void choose_linked(const Sighting& sighting);
  bool can_merge(const Group& group, const Aggregate& total, bool decided) const;
  Group& join_linked(const Sighting& sighting, Changes& changes);
  Group& alone(const Sighting& sighting, Changes& changes);
  void choose_burst(const Sighting& sighting);
  void add_ring(const Sighting& sighting, const model::LinkKey& key);
  Group& join_burst(const Sighting& sighting, Changes& changes);
  template <class Back>
  Group& unite(const Sighting& sighting, Link own, Changes& changes, const Back& back);
  Group& survivor() const;
  void leave_traces(const Sighting& sighting, Group& group);
  void add_to(Group& group, const Sighting& sighting);

  Options options_;
  std::int64_t window_;
  Seq last_alert_ = 0;
  Seq next_incident_;
  KeyTable keys_;
  BurstTable bursts_;
  Groups groups_;
  std::vector<Candidate> buffer_;  // candidates of the alert at hand
  std::vector<Candidate> chosen_;  // those that it joins, strongest first
  Link burst_link_;                // of the alert at hand, when a burst was chosen
};

bool Correlator::Impl::is_next(const LinkRecord& record) {
  if (record.seq <= last_alert_) return false;
  last_alert_ = record.seq;
  return true;
}

// What a suppression hid joins nothing, opens nothing and leaves no trace for later alerts to join.
void Correlator::Impl::judge(const LinkRecord& record, Changes& changes) {
  if (!is_next(record) || model::is_kept_apart(record)) return;
  auto sighting = look_up(record, keys_);
  candidates(sighting, options_, groups_, buffer_);
  choose_linked(sighting);
  if (!chosen_.empty()) {
    leave_traces(sighting, join_linked(sighting, changes));
    return;
  }
  choose_burst(sighting);
  leave_traces(sighting, chosen_.empty() ? alone(sighting, changes) : join_burst(sighting, changes));
}

void Correlator::Impl::place(const LinkRecord& record, Seq incident, const Standing& standing,
                             Changes& changes) {
  if (!is_next(record)) return;
  const bool is_apart = model::is_kept_apart(record);
  if (is_apart && incident == 0) return;
  const auto sighting = look_up(record, keys_);
  auto* group = incident == 0 ? nullptr : groups_.find_incident(incident);
  if (group == nullptr) {
    group = &groups_.make(changes);
    if (incident != 0) groups_.open(*group, incident);
  }
  group->standing = standing;
  add_to(*group, sighting);
  if (!is_apart) leave_traces(sighting, *group);
}

// Groups that together would stay inside the bounds, and at most one that a person decided on.
bool Correlator::Impl::can_merge(const Group& group, const Aggregate& total, bool decided) const {
  if (decided && group.standing.decided) return false;
  return takes(group, last_alert_, total.alerts, total.first_seen, total.last_seen, options_);
}

void Correlator::Impl::choose_linked(const Sighting& sighting) {
  constexpr double kRounding = 1e-9;
  chosen_.clear();
  auto total = aggregate_of(sighting.record, sighting.at);
  bool decided = false;
  for (const auto& candidate : buffer_) {
    if (candidate.weight + kRounding < options_.link_threshold) break;
    if (!can_merge(*candidate.group, total, decided)) continue;
    combine(total, candidate.group->total);
    decided = decided || candidate.group->standing.decided;
    chosen_.push_back(candidate);
  }
}

// A decided incident stays; else the oldest incident; else the oldest lone alert.
Group& Correlator::Impl::survivor() const {
  const auto rank = [](const Candidate& c) {
    const auto& group = *c.group;
    return std::tuple(!group.standing.decided, group.incident == 0,
                      group.incident != 0 ? group.incident : group.total.lead_alert);
  };
  return *std::min_element(chosen_.begin(), chosen_.end(), [&](const Candidate& a, const Candidate& b) {
            return rank(a) < rank(b);
          })->group;
}

// Makes one incident of the chosen groups and this alert; `back` tells the link of a lone alert drawn in.
template <class Back>
Group& Correlator::Impl::unite(const Sighting& sighting, Link own, Changes& changes, const Back& back) {
  auto& into = survivor();
  if (into.incident == 0) {
    groups_.open(into, next_incident_++);
    changes.links.push_back({into.total.lead_alert, into.incident});
  }
  for (const auto& candidate : chosen_) {
    auto& from = *candidate.group;
    if (&from == &into) continue;
    if (from.incident != 0) {
      changes.merges.push_back({from.incident, into.incident});
    } else {
      auto link = back(candidate);
      link.incident = into.incident;
      changes.links.push_back(link);
    }
  }
  own.incident = into.incident;
  changes.links.push_back(own);
  for (const auto& candidate : chosen_) {
    if (candidate.group != &into) groups_.merge(*candidate.group, into);
  }
  add_to(into, sighting);
  return into;
}

Group& Correlator::Impl::join_linked(const Sighting& sighting, Changes& changes) {
  const auto own = link_to(sighting, chosen_.front(), groups_, window_);
  return unite(sighting, own, changes,
               [&](const Candidate& lone) { return link_back(sighting, lone, groups_, window_); });
}

Group& Correlator::Impl::alone(const Sighting& sighting, Changes& changes) {
  auto& group = groups_.make(changes);
  add_to(group, sighting);
  if (sighting.record.severity >= model::Severity::kHigh) {
    groups_.open(group, next_incident_++);
    changes.links.push_back({sighting.record.seq, group.incident});
  }
  return group;
}

void Correlator::Impl::choose_burst(const Sighting& sighting) {
  chosen_.clear();
  for (const auto place : sighting.bursts()) {
    add_ring(sighting, *sighting.keys[place].key);
    if (!chosen_.empty()) return;
  }
}

// Chooses the groups of a ring when, with this alert, it is full inside the burst window.
void Correlator::Impl::add_ring(const Sighting& sighting, const model::LinkKey& key) {
  const auto* ring = bursts_.peek(burst_key(sighting.record, key));
  if (ring == nullptr) return;
  const auto near = Nanos(options_.burst_window).count();
  auto total = aggregate_of(sighting.record, sighting.at);
  bool decided = false;
  std::size_t alerts = 1;
  for (std::size_t i = 0; i < BurstRing::kMost; ++i) {
    const auto& entry = ring->entries[(ring->next + i) % BurstRing::kMost];
    if (entry.alert == 0 || std::abs(entry.at - sighting.at) > near) continue;
    ++alerts;
    burst_link_ = {sighting.record.seq, 0, static_cast<Seq>(entry.alert), LinkReason::kSameRule, 1, 100,
                   {key.entity_index}};
    auto* group = groups_.find(entry.group);
    const auto known = [&](const Candidate& c) { return c.group == group; };
    if (group == nullptr || std::any_of(chosen_.begin(), chosen_.end(), known)) continue;
    if (!can_merge(*group, total, decided)) continue;
    combine(total, group->total);
    decided = decided || group->standing.decided;
    chosen_.push_back({group, 1.0});
  }
  if (alerts < options_.burst_alerts) chosen_.clear();
}

Group& Correlator::Impl::join_burst(const Sighting& sighting, Changes& changes) {
  return unite(sighting, burst_link_, changes, [&](const Candidate& lone) {
    return Link{lone.group->total.lead_alert, 0, sighting.record.seq, LinkReason::kSameRule, 0, 100, {}};
  });
}

void Correlator::Impl::add_to(Group& group, const Sighting& sighting) {
  combine(group.total, aggregate_of(sighting.record, sighting.at));
  group.names_who = group.names_who || sighting.names_who;
  group.names_where = group.names_where || sighting.names_where;
  groups_.touch(group);
}

void Correlator::Impl::leave_traces(const Sighting& sighting, Group& group) {
  remember(sighting, group.self, window_, groups_);
  for (const auto place : sighting.bursts()) {
    const auto& key = *sighting.keys[place].key;
    auto& ring = bursts_.touch(burst_key(sighting.record, key));
    ring.entries[ring.next] = {group.self, sighting.at,
                               static_cast<std::uint64_t>(sighting.record.seq) & ((1ULL << 56U) - 1),
                               key.entity_index};
    ring.next = static_cast<std::uint8_t>((ring.next + 1U) % BurstRing::kMost);
  }
}

void Correlator::Impl::reachable(const LinkRecord& record, std::vector<Seq>& out) const {
  const auto add = [&](GroupRef ref) {
    const auto* group = groups_.find(ref);
    if (group != nullptr && group->incident != 0) out.push_back(group->incident);
  };
  for (const auto& key : record.keys) {
    if (const auto* state = keys_.peek(key.hash)) {
      for (const auto& episode : state->episodes) add(episode.group);
    }
    if (const auto* ring = bursts_.peek(burst_key(record, key))) {
      for (const auto& entry : ring->entries) add(entry.group);
    }
  }
}

void Correlator::Impl::merge(Seq from, Seq into) {
  auto* ending = groups_.find_incident(from);
  auto* staying = groups_.find_incident(into);
  if (ending == nullptr || ending == staying) return;
  if (staying == nullptr) {
    groups_.rename(*ending, into);
    ending->standing.decided = true;
    return;
  }
  groups_.merge(*ending, *staying);
  staying->standing.decided = true;
}

void Correlator::Impl::assign(std::span<const Seq> alerts, Seq incident, Changes& changes) {
  std::vector<Seq> sorted(alerts.begin(), alerts.end());
  std::sort(sorted.begin(), sorted.end());
  const auto concerns = [&](Seq alert) { return std::binary_search(sorted.begin(), sorted.end(), alert); };
  auto& made = groups_.make(changes);
  made.standing.decided = true;
  groups_.open(made, incident);
  const auto self = made.self;
  groups_.for_each([&](Group& group) {
    if (group.incident == 0 && concerns(group.total.lead_alert)) groups_.merge(group, made);
  });
  keys_.for_each([&](KeyState& state) {
    for (auto& episode : state.episodes) {
      if (concerns(static_cast<Seq>(episode.last_alert))) episode.group = self;
    }
  });
  bursts_.for_each([&](BurstRing& ring) {
    for (auto& entry : ring.entries) {
      if (concerns(static_cast<Seq>(entry.alert))) entry.group = self;
    }
  });
}

namespace {

bool is_valid(const Options& o) {
  constexpr std::size_t kLeast = 1024;
  return o.window.count() >= 1 && o.window <= std::chrono::hours(24) && o.link_threshold > 0 &&
         o.max_alerts_per_incident >= 2 && o.max_duration.count() >= 1 &&
         o.max_duration <= std::chrono::hours(24 * 365) && o.burst_alerts >= 2 &&
         o.burst_alerts <= BurstRing::kMost && o.burst_window.count() >= 1 && o.max_keys >= kLeast &&
         o.max_groups >= kLeast && o.max_bursts >= kLeast;
}

}  // namespace

Result<Correlator> Correlator::create(const Options& options, Seq next_incident) {
  if (!is_valid(options) || next_incident < 1) {
    return error(ErrorKind::kInvalidInput, "correlate", "an option is out of range",
                 "see the ranges in correlate/correlate.h");
  }
  return Correlator(std::make_unique<Impl>(options, next_incident));
}

Correlator::Correlator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Correlator::Correlator(Correlator&&) noexcept = default;
Correlator& Correlator::operator=(Correlator&&) noexcept = default;
Correlator::~Correlator() = default;

void Correlator::judge(const LinkRecord& record, Changes& changes) {
  impl_->judge(record, changes);
}

void Correlator::place(const LinkRecord& record, Seq incident, const Standing& standing, Changes& changes) {
  impl_->place(record, incident, standing, changes);
}

void Correlator::reachable(const LinkRecord& record, std::vector<Seq>& out) const {
  impl_->reachable(record, out);
}

void Correlator::set_standing(Seq incident, const Standing& standing) {
  if (auto* group = impl_->groups().find_incident(incident)) group->standing = standing;
}

void Correlator::merge(Seq from, Seq into) {
  impl_->merge(from, into);
}

void Correlator::assign(std::span<const Seq> alerts, Seq incident, Changes& changes) {
  impl_->assign(alerts, incident, changes);
}

const Aggregate* Correlator::find(Seq incident) const {
  const auto* group = impl_->groups().find_incident(incident);
  return group == nullptr ? nullptr : &group->total;
}

void Correlator::set_aggregate(Seq incident, const Aggregate& aggregate) {
  if (auto* group = impl_->groups().find_incident(incident)) group->total = aggregate;
}

void Correlator::for_each_incident(const std::function<void(Seq, const Aggregate&)>& visit) const {
  impl_->groups().for_each([&](const Group& group) {
    if (group.incident != 0) visit(group.incident, group.total);
  });
}

void Correlator::renumber(const std::function<Seq(Seq)>& new_seq) {
  impl_->groups().renumber(new_seq);
}
Seq Correlator::next_incident() const {
  return impl_->next_incident();
}
void Correlator::set_next_incident(Seq seq) {
  impl_->next_incident() = seq;
}
std::size_t Correlator::state_bytes() const {
  return impl_->state_bytes();
}

}  // namespace tocsin::correlate
