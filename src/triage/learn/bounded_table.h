#pragma once
// A value for each 64-bit key, for at most a given number of keys: when it is full, the weakest of the keys
// that share a bucket with a new one goes. Keys are hashes with a secret of the owner, so that nobody who
// writes alerts can choose whom to push out. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tocsin::triage {

// `Value` has `double weight(double now) const`: how much is lost with it.
template <class Value>
class BoundedTable {
 public:
  // Grows by doubling up to `most` slots, rounded up to a power of two.
  explicit BoundedTable(std::size_t most) : most_(kWays) {
    while (most_ < most) most_ *= 2;
    slots_.resize(kWays);
  }

  // nullptr when the key is not there, or no longer.
  const Value* find(std::uint64_t key) const {
    const auto first = bucket_of(key);
    for (auto i = first; i < first + kWays; ++i) {
      if (slots_[i].key == stored(key)) return &slots_[i].value;
    }
    return nullptr;
  }

  // The key's value, a new one when it has none. `now` is in the unit of Value::weight.
  Value& at(std::uint64_t key, double now) {
    for (;;) {
      const auto first = bucket_of(key);
      auto* weakest = &slots_[first];
      for (auto i = first; i < first + kWays; ++i) {
        auto& slot = slots_[i];
        if (slot.key == stored(key)) return slot.value;
        if (weakest->key != kFree &&
            (slot.key == kFree || slot.value.weight(now) < weakest->value.weight(now)))
          weakest = &slot;
      }
      if (weakest->key != kFree && slots_.size() < most_) {
        grow();
        continue;
      }
      if (weakest->key == kFree) {
        ++size_;
      } else {
        ++forgotten_;
      }
      *weakest = {stored(key), Value{}};
      return weakest->value;
    }
  }

  template <class Change>
  void each(const Change& change) {
    for (auto& slot : slots_) {
      if (slot.key != kFree) change(slot.value);
    }
  }

  template <class Look>
  void each(const Look& look) const {
    for (const auto& slot : slots_) {
      if (slot.key != kFree) look(slot.value);
    }
  }

  std::size_t size() const noexcept { return size_; }
  std::uint64_t forgotten() const noexcept { return forgotten_; }
  std::size_t bytes() const noexcept { return slots_.size() * sizeof(Slot); }

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::uint64_t kFree = 0;
  struct Slot {
    std::uint64_t key = kFree;
    Value value{};
  };

  static std::uint64_t stored(std::uint64_t key) { return key == kFree ? 1 : key; }
  std::size_t bucket_of(std::uint64_t key) const {
    return (static_cast<std::size_t>(stored(key) >> 7U) * kWays) & (slots_.size() - 1);
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (auto& slot : old) {
      if (slot.key == kFree) continue;
      const auto first = bucket_of(slot.key);
      for (auto i = first; i < first + kWays; ++i) {  // half of the old bucket's at most come here
        if (slots_[i].key != kFree) continue;
        slots_[i] = std::move(slot);
        break;
      }
    }
  }

  std::size_t most_;
  std::size_t size_ = 0;
  std::uint64_t forgotten_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace tocsin::triage
