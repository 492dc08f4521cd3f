#pragma once
// A hash table of at most `capacity` values that forgets the least recently used one. Memory is taken in
// blocks as it fills, so addresses stay valid until their value is forgotten and an idle table costs nothing.
//
// Keys are 64-bit hashes that an adversary may have chosen: places are picked by a multiplication with a
// secret odd number, so that chosen keys do not pile up. The secret has no influence on what is found or
// forgotten.

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace tocsin::correlate {

template <class Value>
class LruTable {
 public:
  LruTable(std::size_t capacity, std::uint64_t secret) : capacity_(capacity), multiplier_(secret | 1) {
    rehash(1024);
  }

  // The value of the key, now the most recently used; made anew when absent, for which another may be
  // forgotten.
  Value& touch(std::uint64_t key) {
    auto place = home(key);
    for (; places_[place] != kNone; place = next(place)) {
      if (entry(places_[place]).key == key) return used_again(places_[place]);
    }
    return insert(key);
  }

  // The value of the key without using it; null when absent.
  const Value* peek(std::uint64_t key) const {
    for (auto place = home(key); places_[place] != kNone; place = next(place)) {
      if (entry(places_[place]).key == key) return &entry(places_[place]).value;
    }
    return nullptr;
  }

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return places_.size() * sizeof(Place) + blocks_.size() * sizeof(Block); }

  template <class Visit>
  void for_each(const Visit& visit) {
    for (Place i = 0; i < size_; ++i) visit(entry(i).value);
  }

 private:
  using Place = std::uint32_t;
  static constexpr Place kNone = ~Place{0};
  static constexpr std::size_t kBlockSize = 1024;
  struct Entry {
    std::uint64_t key = 0;
    Place newer = kNone;
    Place older = kNone;
    Value value{};
  };
  using Block = std::array<Entry, kBlockSize>;

  Entry& entry(Place i) { return (*blocks_[i / kBlockSize])[i % kBlockSize]; }
  const Entry& entry(Place i) const { return (*blocks_[i / kBlockSize])[i % kBlockSize]; }
  std::size_t home(std::uint64_t key) const { return (key * multiplier_) >> shift_; }
  std::size_t next(std::size_t place) const { return (place + 1) & (places_.size() - 1); }

  Value& insert(std::uint64_t key) {
    const auto i = size_ < capacity_ ? grow() : forget_oldest();
    entry(i).key = key;
    entry(i).value = Value{};
    put(key, i);
    push_newest(i);
    return entry(i).value;
  }

  Place grow() {
    if (size_ % kBlockSize == 0) blocks_.push_back(std::make_unique<Block>());
    if ((size_ + 1) * 2 > places_.size()) rehash(places_.size() * 2);
    return static_cast<Place>(size_++);
  }

  Place forget_oldest() {
    const auto i = oldest_;
    unlink(i);
    erase_place(entry(i).key);
    return i;
  }

  void put(std::uint64_t key, Place i) {
    auto place = home(key);
    while (places_[place] != kNone) place = next(place);
    places_[place] = i;
  }

  // Backward shift: closes the gap, so that no tombstones slow down later searches.
  void erase_place(std::uint64_t key) {
    auto gap = home(key);
    while (entry(places_[gap]).key != key) gap = next(gap);
    for (auto place = next(gap); places_[place] != kNone; place = next(place)) {
      const auto wanted = home(entry(places_[place]).key);
      const auto mask = places_.size() - 1;
      if (((place - wanted) & mask) < ((place - gap) & mask)) continue;
      places_[gap] = places_[place];
      gap = place;
    }
    places_[gap] = kNone;
  }

  void rehash(std::size_t places) {
    places_.assign(places, kNone);
    shift_ = 64 - std::countr_zero(places);
    for (Place i = 0; i < size_; ++i) put(entry(i).key, i);
  }

  Value& used_again(Place i) {
    if (i != newest_) {
      unlink(i);
      push_newest(i);
    }
    return entry(i).value;
  }

  void push_newest(Place i) {
    entry(i).newer = kNone;
    entry(i).older = newest_;
    if (newest_ != kNone) entry(newest_).newer = i;
    newest_ = i;
    if (oldest_ == kNone) oldest_ = i;
  }

  void unlink(Place i) {
    auto& gone = entry(i);
    (gone.newer == kNone ? newest_ : entry(gone.newer).older) = gone.older;
    (gone.older == kNone ? oldest_ : entry(gone.older).newer) = gone.newer;
  }

  std::size_t capacity_;
  std::uint64_t multiplier_;
  int shift_ = 0;
  std::size_t size_ = 0;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<Place> places_;
  Place newest_ = kNone;
  Place oldest_ = kNone;
};

}  // namespace tocsin::correlate
