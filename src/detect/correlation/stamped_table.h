#pragma once
// A set or map of hashes that is emptied at no cost, for work on one event.

#include <cstdint>
#include <utility>
#include <vector>

namespace tocsin::detect {

template <class Value>
class StampedTable {
 public:
  // Empty, with room for `most` keys.
  void clear(std::size_t most) {
    if (slots_.size() < most * 2) {
      std::size_t size = 64;
      while (size < most * 2) size *= 2;
      slots_.assign(size, {});
      stamp_ = 0;
    }
    if (++stamp_ != 0) return;
    slots_.assign(slots_.size(), {});
    stamp_ = 1;
  }

  // The value of the key, and whether it is new.
  std::pair<Value&, bool> insert(std::uint64_t key) {
    const auto mask = slots_.size() - 1;
    auto slot = (key * 0x9e3779b97f4a7c15U >> 32) & mask;
    for (; slots_[slot].stamp == stamp_; slot = (slot + 1) & mask) {
      if (slots_[slot].key == key) return {slots_[slot].value, false};
    }
    slots_[slot] = {key, stamp_, {}};
    return {slots_[slot].value, true};
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t stamp = 0;
    Value value{};
  };
  std::vector<Slot> slots_;
  std::uint32_t stamp_ = 0;
};

}  // namespace tocsin::detect
