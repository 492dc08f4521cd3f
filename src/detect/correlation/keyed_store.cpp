#include "detect/correlation/keyed_store.h"

#include <algorithm>

namespace tocsin::detect {
namespace {

constexpr unsigned kSmallestBlock = 12;  // 4,096 observations, 96 KiB

unsigned order_of(std::size_t power) {
  return static_cast<unsigned>(std::countr_zero(power));
}

}  // namespace

KeyedStore::KeyedStore(const Limits& limits, std::size_t owners)
    : limits_(limits),
      arena_(limits.observations, std::max(kSmallestBlock, order_of(limits.per_key))),
      owners_(owners) {
  rehash(1024);
}

KeyedStore::Place KeyedStore::touch(std::uint32_t owner, std::uint64_t key) {
  for (auto slot = home(key); slots_[slot] != kNone; slot = next(slot)) {
    const auto place = slots_[slot];
    if (!holds(place, owner, key)) continue;
    used_again(place, kAll, all_);
    used_again(place, kOwner, owners_[owner]);
    return place;
  }
  return make(owner, key);
}

bool KeyedStore::holds(Place place, std::uint32_t owner, std::uint64_t key) const {
  return entry(place).key == key && entry(place).owner == owner;
}

std::span<Observation> KeyedStore::of(Place place) {
  const auto& found = entry(place);
  if (found.order == kNoRun) return {};
  return {arena_.at(found.run), found.size};
}

bool KeyedStore::grow(Place place, std::size_t most) {
  auto& grown = entry(place);
  const unsigned order = grown.order == kNoRun ? 0 : grown.order + 1U;
  if ((std::size_t{1} << order) > std::min(most, limits_.per_key)) return false;
  auto run = arena_.take(order);
  while (!run && all_.oldest != place) {
    forget(all_.oldest);
    run = arena_.take(order);
  }
  if (!run) return false;
  if (grown.order != kNoRun) {
    std::copy_n(arena_.at(grown.run), grown.size, arena_.at(*run));
    arena_.give_back(grown.run, grown.order);
  }
  grown.run = *run;
  grown.order = static_cast<std::uint8_t>(order);
  return true;
}

void KeyedStore::insert(Place place, std::size_t at, const Observation& observation) {
  auto& grown = entry(place);
  auto* const first = arena_.at(grown.run);
  std::copy_backward(first + at, first + grown.size, first + grown.size + 1);
  first[at] = observation;
  ++grown.size;
}

std::size_t KeyedStore::bytes() const {
  return arena_.bytes() + blocks_.size() * kBlock * sizeof(Entry) + slots_.size() * sizeof(Place) +
         owners_.size() * sizeof(Ends);
}

KeyedStore::Place KeyedStore::make(std::uint32_t owner, std::uint64_t key) {
  if (owners_[owner].size >= limits_.keys_per_owner) forget(owners_[owner].oldest);
  if (all_.size >= limits_.keys) forget(all_.oldest);
  const auto place = free_place();
  entry(place) = Entry{};
  entry(place).key = key;
  entry(place).owner = owner;
  if ((all_.size + 1) * 2 > slots_.size()) rehash(slots_.size() * 2);
  put(key, place);
  link_newest(place, kAll, all_);
  link_newest(place, kOwner, owners_[owner]);
  return place;
}

KeyedStore::Place KeyedStore::free_place() {
  if (first_free_ != kNone) {
    const auto place = first_free_;
    first_free_ = entry(place).newer[kAll];
    return place;
  }
  if (made_ % kBlock == 0) blocks_.push_back(std::make_unique<Entry[]>(kBlock));
  return static_cast<Place>(made_++);
}

void KeyedStore::forget(Place place) {
  remove_slot(place);
  auto& gone = entry(place);
  unlink(place, kAll, all_);
  unlink(place, kOwner, owners_[gone.owner]);
  if (gone.order != kNoRun) arena_.give_back(gone.run, gone.order);
  gone = Entry{};
  gone.owner = kNone;  // holds() must not take it for a key of the first owner
  gone.newer[kAll] = first_free_;
  first_free_ = place;
  ++evicted_;
}

void KeyedStore::link_newest(Place place, List list, Ends& ends) {
  entry(place).newer[list] = kNone;
  entry(place).older[list] = ends.newest;
  if (ends.newest != kNone) entry(ends.newest).newer[list] = place;
  ends.newest = place;
  if (ends.oldest == kNone) ends.oldest = place;
  ++ends.size;
}

void KeyedStore::unlink(Place place, List list, Ends& ends) {
  const auto newer = entry(place).newer[list];
  const auto older = entry(place).older[list];
  (newer == kNone ? ends.newest : entry(newer).older[list]) = older;
  (older == kNone ? ends.oldest : entry(older).newer[list]) = newer;
  --ends.size;
}

void KeyedStore::used_again(Place place, List list, Ends& ends) {
  if (ends.newest == place) return;
  unlink(place, list, ends);
  link_newest(place, list, ends);
}

void KeyedStore::put(std::uint64_t key, Place place) {
  auto slot = home(key);
  while (slots_[slot] != kNone) slot = next(slot);
  slots_[slot] = place;
}

// Backward shift: closes the gap, so that no tombstones slow down later searches.
void KeyedStore::remove_slot(Place place) {
  auto gap = home(entry(place).key);
  while (slots_[gap] != place) gap = next(gap);
  const auto mask = slots_.size() - 1;
  for (auto slot = next(gap); slots_[slot] != kNone; slot = next(slot)) {
    const auto wanted = home(entry(slots_[slot]).key);
    if (((slot - wanted) & mask) < ((slot - gap) & mask)) continue;
    slots_[gap] = slots_[slot];
    gap = slot;
  }
  slots_[gap] = kNone;
}

void KeyedStore::rehash(std::size_t slots) {
  slots_.assign(slots, kNone);
  shift_ = 64 - std::countr_zero(slots);
  for (auto place = all_.oldest; place != kNone; place = entry(place).newer[kAll])
    put(entry(place).key, place);
}

}  // namespace tocsin::detect
