#include "correlate/sighting.h"

#include <algorithm>

namespace tocsin::correlate {
namespace {

// One alert can make its keys look only this much commoner, however many entities it lists.
constexpr int kMaxCounterparts = 4;

std::uint64_t spread_bit(std::uint64_t hash) {
  return 1ULL << ((hash * 0xD6E8FEB86659FD93ULL) >> 58U);
}

std::uint64_t counterparts_of(const Sighting& sighting, std::size_t self) {
  std::uint64_t bits = 0;
  int taken = 0;
  for (std::size_t i = 0; i < sighting.key_count && taken < kMaxCounterparts; ++i) {
    if (i == self || !is_asset(sighting.keys[i].key->kind)) continue;
    bits |= spread_bit(sighting.keys[i].key->hash);
    ++taken;
  }
  return bits;
}

bool is_repeated(const Sighting& sighting, std::uint64_t hash) {
  const auto keys = sighting.seen();
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return key.key->hash == hash; });
}

void add_key(Sighting& sighting, const model::LinkKey& key, KeyTable& table) {
  if (is_repeated(sighting, key.hash)) return;
  auto& state = table.touch(key.hash);
  const auto usage = state.commonness.usage(sighting.hour);
  sighting.keys[sighting.key_count++] = {&state, &key, link_weight(key, usage), 0,
                                         carries_bursts(key, usage)};
  sighting.names_who = sighting.names_who || axis_of(key.kind) == Axis::kWho;
  sighting.names_where = sighting.names_where || axis_of(key.kind) == Axis::kWhere;
}

void choose_burst_places(Sighting& sighting) {
  const bool only_addresses = !sighting.names_who && !sighting.names_where;
  const auto most = sighting.burst_places.size();
  for (std::size_t i = 0; i < sighting.key_count && sighting.burst_count < most; ++i) {
    const auto& seen = sighting.keys[i];
    const bool named = axis_of(seen.key->kind) != Axis::kOther;
    const bool address = only_addresses && seen.key->kind == model::EntityKind::kIp;
    if (!(named || address) || !seen.carries_bursts) continue;
    sighting.burst_places[sighting.burst_count++] = static_cast<std::uint8_t>(i);
  }
}

// Takes the group's stretches that `fresh` touches into it and drops those that lead nowhere any more. Beyond
// a gap of a window a stretch stays apart: times inside the gap must not count as seen.
void absorb(std::array<Episode, 4>& episodes, Episode& fresh, std::int64_t window, Groups& groups) {
  const auto at = fresh.first;
  for (auto& episode : episodes) {
    const auto* group = groups.find(episode.group);
    const bool own = group != nullptr && group->self == fresh.group && episode.reaches(at, window);
    if (own) {
      fresh.first = std::min(fresh.first, episode.first);
      fresh.last = std::max(fresh.last, episode.last);
    }
    if (own || group == nullptr) episode = Episode{};
  }
}

// To the front; the last empty place is used up, else the one used longest ago.
void push_front(std::array<Episode, 4>& episodes, const Episode& fresh) {
  auto place = episodes.end() - 1;
  while (place->group.id != 0 && place != episodes.begin()) --place;
  if (place->group.id != 0) place = episodes.end() - 1;
  std::copy_backward(episodes.begin(), place, place + 1);
  episodes.front() = fresh;
}

}  // namespace

Sighting look_up(const model::LinkRecord& record, KeyTable& table) {
  Sighting sighting{record};
  sighting.at = bounded_time(record);
  sighting.hour =
      static_cast<std::int32_t>(std::chrono::floor<std::chrono::hours>(Nanos(sighting.at)).count());
  const auto count = std::min(record.keys.size(), model::kMaxLinkKeys);
  for (std::size_t i = 0; i < count; ++i) add_key(sighting, record.keys[i], table);
  for (std::size_t i = 0; i < sighting.key_count; ++i)
    sighting.keys[i].counterparts = counterparts_of(sighting, i);
  choose_burst_places(sighting);
  return sighting;
}

void remember(const Sighting& sighting, GroupRef group, std::int64_t window, Groups& groups) {
  constexpr std::uint64_t kSeqBits = (1ULL << 56U) - 1;
  for (const auto& seen : sighting.seen()) {
    Episode fresh{group, static_cast<std::uint64_t>(sighting.record.seq) & kSeqBits, seen.key->entity_index,
                  sighting.at, sighting.at};
    absorb(seen.state->episodes, fresh, window, groups);
    push_front(seen.state->episodes, fresh);
    seen.state->commonness.add(sighting.hour, seen.counterparts);
  }
}

std::uint64_t burst_key(const model::LinkRecord& record, const model::LinkKey& key) {
  return (record.type_hash ^ (key.hash << 1U | key.hash >> 63U)) * 0x9FB21C651E98DF25ULL;
}

}  // namespace tocsin::correlate
