#pragma once
// Text → number, for tables that are built once and asked millions of times: open addressing over one arena,
// 24 bytes and the text an entry. Copies nothing when asked.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace tocsin::enrich {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

class StringIndex {
 public:
  // kNone when it is not there.
  std::uint32_t find(std::string_view key) const {
    if (slots_.empty()) return kNone;
    const auto& slot = slots_[place_of(key, hash64(key))];
    return slot.value;
  }

  // Returns what stood there before, or kNone. `value` is not kNone.
  std::uint32_t put(std::string_view key, std::uint32_t value) {
    if (used_ * 2 >= slots_.size()) grow();
    const auto hash = hash64(key);
    auto& slot = slots_[place_of(key, hash)];
    const auto before = slot.value;
    if (before == kNone) {
      slot.hash = hash;
      slot.offset = static_cast<std::uint32_t>(arena_.size());
      slot.size = static_cast<std::uint32_t>(key.size());
      arena_ += key;
      ++used_;
    }
    slot.value = value;
    return before;
  }

  std::size_t size() const noexcept { return used_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t value = kNone;
  };

  // Where the key is, or the free slot where it belongs.
  std::size_t place_of(std::string_view key, std::uint64_t hash) const {
    const auto mask = slots_.size() - 1;
    auto place = static_cast<std::size_t>(hash) & mask;
    while (slots_[place].value != kNone && !is_at(slots_[place], key, hash)) place = (place + 1) & mask;
    return place;
  }
  bool is_at(const Slot& slot, std::string_view key, std::uint64_t hash) const {
    return slot.hash == hash && std::string_view(arena_).substr(slot.offset, slot.size) == key;
  }
  void grow() {
    auto old = std::move(slots_);
    slots_.assign(old.empty() ? 16 : old.size() * 2, Slot{});
    const auto mask = slots_.size() - 1;
    for (const auto& slot : old) {
      if (slot.value == kNone) continue;
      auto place = static_cast<std::size_t>(slot.hash) & mask;
      while (slots_[place].value != kNone) place = (place + 1) & mask;
      slots_[place] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::string arena_;        // below 4 GiB
  std::size_t used_ = 0;
};

}  // namespace tocsin::enrich
