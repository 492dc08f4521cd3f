#include "correlate/evidence.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

namespace tocsin::correlate {
namespace {

constexpr double kTooWeak = .05;         // a key below it is no evidence at all
constexpr double kContradiction = .2;    // of the shared axis is lost when the other axis differs
constexpr double kKillChainBonus = .35;  // lifts a single shared address over the threshold, nothing common

bool advances(std::uint16_t tactics, std::uint16_t than) {
  return tactics != 0 && than != 0 && std::bit_width(tactics) > std::bit_width(than);
}

Candidate& candidate_for(std::vector<Candidate>& all, Group& group) {
  for (auto& candidate : all) {
    if (candidate.group == &group) return candidate;
  }
  all.push_back({&group});
  return all.back();
}

void count(const Sighting::Key& seen, Candidate& candidate) {
  candidate.weight += seen.weight;
  const auto axis = axis_of(seen.key->kind);
  if (axis == Axis::kWho) candidate.who += seen.weight;
  if (axis == Axis::kWhere) candidate.where += seen.weight;
  if (is_asset(seen.key->kind)) candidate.assets += seen.weight;
}

void gather(const Sighting::Key& seen, const Sighting& sighting, const Options& options, Groups& groups,
            std::vector<Candidate>& all) {
  const auto window = Nanos(options.window).count();
  std::array<const Group*, std::tuple_size_v<decltype(KeyState::episodes)>> counted{};
  std::size_t count_so_far = 0;
  for (auto& episode : seen.state->episodes) {
    if (!episode.reaches(sighting.at, window)) continue;
    auto* group = groups.find(episode.group);
    if (group == nullptr) continue;
    episode.group = group->self;  // shortens the way over merges
    const auto end = counted.begin() + static_cast<std::ptrdiff_t>(count_so_far);
    if (std::find(counted.begin(), end, group) != end) continue;
    counted[count_so_far++] = group;
    if (!takes(*group, sighting.record.seq, 1, sighting.at, sighting.at, options)) continue;
    count(seen, candidate_for(all, *group));
  }
}

void judge_together(const Sighting& sighting, Candidate& candidate) {
  const auto& group = *candidate.group;
  const bool shares_who = candidate.who > 0;
  const bool shares_where = candidate.where > 0;
  if (shares_who && !shares_where && sighting.names_where && group.names_where) {
    candidate.weight -= kContradiction * candidate.who;
  }
  if (shares_where && !shares_who && sighting.names_who && group.names_who) {
    candidate.weight -= kContradiction * candidate.where;
  }
  candidate.kill_chain = candidate.assets >= 2 * kTooWeak && sighting.at >= group.total.first_seen &&
                         advances(sighting.record.tactics, group.total.tactics);
  if (candidate.kill_chain) candidate.weight += kKillChainBonus;
}

// Lone alerts after incidents; among equals the older.
std::tuple<double, bool, Seq> order(const Candidate& c) {
  return {-c.weight, c.group->incident == 0,
          c.group->incident != 0 ? c.group->incident : c.group->total.lead_alert};
}

struct Share {
  Seq alert = 0;
  double weight = 0;
};

// For each key that leads to the candidate's group, calls visit(key, episode).
template <class Visit>
void for_each_shared(const Sighting& sighting, const Candidate& candidate, Groups& groups,
                     std::int64_t window, const Visit& visit) {
  for (const auto& seen : sighting.seen()) {
    if (seen.weight < kTooWeak) continue;
    for (const auto& episode : seen.state->episodes) {
      if (!episode.reaches(sighting.at, window) || groups.find(episode.group) != candidate.group) continue;
      visit(seen, episode);
      break;
    }
  }
}

Seq closest_member(const Sighting& sighting, const Candidate& candidate, Groups& groups,
                   std::int64_t window) {
  std::array<Share, model::kMaxLinkKeys> shares{};
  std::size_t used = 0;
  for_each_shared(sighting, candidate, groups, window,
                  [&](const Sighting::Key& seen, const Episode& episode) {
                    const auto alert = static_cast<Seq>(episode.last_alert);
                    std::size_t i = 0;
                    while (i < used && shares[i].alert != alert) ++i;
                    if (i == used) shares[used++].alert = alert;
                    shares[i].weight += seen.weight;
                  });
  const auto end = shares.begin() + static_cast<std::ptrdiff_t>(used);
  const auto best = std::max_element(shares.begin(), end, [](const Share& a, const Share& b) {
    return std::tuple(a.weight, -a.alert) < std::tuple(b.weight, -b.alert);
  });
  return best == end ? candidate.group->total.lead_alert : best->alert;
}

struct WeighedIndex {
  double weight = 0;
  std::uint8_t index = 0;
};

void set_indexes(std::array<WeighedIndex, model::kMaxLinkKeys>& indexes, std::size_t count, Link& link) {
  const auto end = indexes.begin() + static_cast<std::ptrdiff_t>(count);
  std::stable_sort(indexes.begin(), end, [](const auto& a, const auto& b) { return a.weight > b.weight; });
  link.index_count = static_cast<std::uint8_t>(std::min(count, link.entity_indexes.size()));
  for (std::size_t i = 0; i < link.index_count; ++i) link.entity_indexes[i] = indexes[i].index;
}

model::LinkReason reason_of(const Candidate& candidate) {
  return candidate.kill_chain ? model::LinkReason::kKillChain : model::LinkReason::kSharedEntities;
}

}  // namespace

std::uint16_t hundredths(double weight) {
  return static_cast<std::uint16_t>(std::lround(std::clamp(weight, 0.0, 600.0) * 100));
}

bool takes(const Group& group, Seq alert, std::size_t more_alerts, std::int64_t first, std::int64_t last,
           const Options& options) {
  if (group.standing.closed || alert <= group.standing.frozen_until) return false;
  if (group.total.alerts == 0) return true;
  const auto span = std::max(group.total.last_seen, last) - std::min(group.total.first_seen, first);
  return group.total.alerts + more_alerts <= options.max_alerts_per_incident &&
         span <= Nanos(options.max_duration).count();
}

std::vector<Candidate>& candidates(Sighting& sighting, const Options& options, Groups& groups,
                                   std::vector<Candidate>& buffer) {
  buffer.clear();
  for (const auto& seen : sighting.seen()) {
    if (seen.weight >= kTooWeak) gather(seen, sighting, options, groups, buffer);
  }
  for (auto& candidate : buffer) judge_together(sighting, candidate);
  std::sort(buffer.begin(), buffer.end(),
            [](const Candidate& a, const Candidate& b) { return order(a) < order(b); });
  return buffer;
}

Link link_to(const Sighting& sighting, const Candidate& candidate, Groups& groups, std::int64_t window) {
  Link link;
  link.alert = sighting.record.seq;
  link.linked_to = closest_member(sighting, candidate, groups, window);
  link.reason = reason_of(candidate);
  link.weight_hundredths = hundredths(candidate.weight);
  std::array<WeighedIndex, model::kMaxLinkKeys> indexes{};
  std::size_t used = 0;
  for_each_shared(sighting, candidate, groups, window,
                  [&](const Sighting::Key& seen, const Episode& episode) {
                    if (static_cast<Seq>(episode.last_alert) == link.linked_to)
                      indexes[used++] = {seen.weight, seen.key->entity_index};
                  });
  set_indexes(indexes, used, link);
  return link;
}

Link link_back(const Sighting& sighting, const Candidate& lone, Groups& groups, std::int64_t window) {
  Link link;
  link.alert = lone.group->total.lead_alert;
  link.linked_to = sighting.record.seq;
  link.reason = reason_of(lone);
  link.weight_hundredths = hundredths(lone.weight);
  std::array<WeighedIndex, model::kMaxLinkKeys> indexes{};
  std::size_t used = 0;
  for_each_shared(sighting, lone, groups, window, [&](const Sighting::Key& seen, const Episode& episode) {
    indexes[used++] = {seen.weight, static_cast<std::uint8_t>(episode.entity_index)};
  });
  set_indexes(indexes, used, link);
  return link;
}

}  // namespace tocsin::correlate
