#pragma once
// What is remembered of keys, and one alert seen in that light.

#include <array>

#include "correlate/commonness.h"
#include "correlate/groups.h"
#include "correlate/lru_table.h"
#include "correlate/weights.h"

namespace tocsin::correlate {

// A stretch of time in which a key belonged to a group.
struct Episode {
  GroupRef group;
  std::uint64_t last_alert : 56 = 0;
  std::uint64_t entity_index : 8 = 0;  // of the key in last_alert
  std::int64_t first = 0;
  std::int64_t last = 0;

  // Time of the sighting inside the stretch, or at most `window` before or after it.
  bool reaches(std::int64_t at, std::int64_t window) const {
    return group.id != 0 && at >= first - window && at <= last + window;
  }
};

struct KeyState {
  std::array<Episode, 4> episodes;  // most recently used first
  Commonness commonness;
};
using KeyTable = LruTable<KeyState>;

// Repeats of one rule on one entity, newest over oldest.
struct BurstRing {
  struct Entry {
    GroupRef group;
    std::int64_t at = 0;
    std::uint64_t alert : 56 = 0;
    std::uint64_t entity_index : 8 = 0;
  };
  static constexpr std::size_t kMost = 16;
  std::array<Entry, kMost> entries{};
  std::uint8_t next = 0;
};
using BurstTable = LruTable<BurstRing>;

struct Sighting {
  struct Key {
    KeyState* state = nullptr;
    const model::LinkKey* key = nullptr;
    double weight = 0;
    std::uint64_t counterparts = 0;  // bits of the other entities
    bool carries_bursts = false;
  };
  const model::LinkRecord& record;
  std::int64_t at = 0;    // bounded time
  std::int32_t hour = 0;  // the same in hours
  bool names_who = false;
  bool names_where = false;
  std::size_t key_count = 0;
  std::array<Key, model::kMaxLinkKeys> keys{};
  // Keys on which repeats of one rule are counted, as places in `keys`: who or what was hit; addresses only
  // when nothing else is known.
  std::size_t burst_count = 0;
  std::array<std::uint8_t, 3> burst_places{};

  std::span<const std::uint8_t> bursts() const { return {burst_places.data(), burst_count}; }
  std::span<Key> seen() { return {keys.data(), key_count}; }
  std::span<const Key> seen() const { return {keys.data(), key_count}; }
};

// Looks the keys up (each once, at most kMaxLinkKeys) and weighs them by what was known before this alert.
Sighting look_up(const model::LinkRecord& record, KeyTable& table);

// Leaves the alert's traces: its keys now belong to `group`.
void remember(const Sighting& sighting, GroupRef group, std::int64_t window, Groups& groups);

// What repeats of one rule on one entity are counted under.
std::uint64_t burst_key(const model::LinkRecord& record, const model::LinkKey& key);

}  // namespace tocsin::correlate
