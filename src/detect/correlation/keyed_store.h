#pragma once
// The groups of all correlations and what is remembered of each: a flat table by hash, bounded in groups and
// in observations. Least recently touched goes first, of all groups or of those of one owner, as the bound
// is.

#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "detect/correlation/observation_arena.h"

namespace tocsin::detect {

class KeyedStore {
 public:
  struct Limits {
    std::size_t keys = 0;
    std::size_t keys_per_owner = 0;
    std::size_t observations = 0;
    std::size_t per_key = 0;  // a power of two
  };
  using Place = std::uint32_t;

  KeyedStore(const Limits& limits, std::size_t owners);

  // The place of the key, made when it is new, for which others may be forgotten; it is now the most recently
  // touched. Keys are hashes that nobody can choose. A place holds until the next touch() or grow() of
  // another.
  Place touch(std::uint32_t owner, std::uint64_t key);
  // Whether that place still is of that key.
  bool holds(Place place, std::uint32_t owner, std::uint64_t key) const;

  std::span<Observation> of(Place place);
  bool is_full(Place place) const { return entry(place).size == room(entry(place)); }
  // Room for twice as many, up to `most`; others may be forgotten. False when it cannot have more.
  bool grow(Place place, std::size_t most);
  void insert(Place place, std::size_t at, const Observation& observation);  // not when it is full
  void keep_first(Place place, std::size_t count) { entry(place).size = static_cast<std::uint32_t>(count); }

  std::int64_t quiet_until(Place place) const { return entry(place).quiet_until; }
  void set_quiet_until(Place place, std::int64_t until) { entry(place).quiet_until = until; }

  std::size_t keys() const { return all_.size; }
  std::uint64_t evicted() const { return evicted_; }
  std::size_t bytes() const;

 private:
  static constexpr Place kNone = ~Place{0};
  static constexpr std::uint8_t kNoRun = 0xff;
  static constexpr std::size_t kBlock = 1024;  // entries; addresses stay, and growing copies none
  enum List : std::uint8_t { kAll, kOwner };

  struct Entry {
    std::uint64_t key = 0;
    std::int64_t quiet_until = std::numeric_limits<std::int64_t>::min();
    Place newer[2] = {kNone, kNone};
    Place older[2] = {kNone, kNone};
    std::uint32_t owner = 0;
    ObservationArena::Handle run = 0;
    std::uint32_t size = 0;
    std::uint8_t order = kNoRun;
  };
  struct Ends {
    Place newest = kNone;
    Place oldest = kNone;
    std::size_t size = 0;
  };

  Entry& entry(Place place) { return blocks_[place / kBlock][place % kBlock]; }
  const Entry& entry(Place place) const { return blocks_[place / kBlock][place % kBlock]; }
  static std::size_t room(const Entry& entry) {
    return entry.order == kNoRun ? 0 : std::size_t{1} << entry.order;
  }
  std::size_t home(std::uint64_t key) const { return key >> shift_; }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }

  Place make(std::uint32_t owner, std::uint64_t key);
  Place free_place();
  void forget(Place place);
  void link_newest(Place place, List list, Ends& ends);
  void unlink(Place place, List list, Ends& ends);
  void used_again(Place place, List list, Ends& ends);
  void put(std::uint64_t key, Place place);
  void remove_slot(Place place);
  void rehash(std::size_t slots);

  Limits limits_;
  ObservationArena arena_;
  std::vector<std::unique_ptr<Entry[]>> blocks_;
  std::size_t made_ = 0;
  Place first_free_ = kNone;  // forgotten places, linked by newer[kAll]
  std::vector<Place> slots_;
  int shift_ = 0;
  Ends all_;
  std::vector<Ends> owners_;
  std::uint64_t evicted_ = 0;
};

}  // namespace tocsin::detect
