#pragma once
// Blocks of addresses → numbers. A look-up is one binary search, whatever the blocks, and a bounded walk
// outwards.

#include <cstdint>
#include <vector>

#include "enrich/string_index.h"
#include "model/network.h"

namespace tocsin::enrich {

class RangeMap {
 public:
  struct Block {
    model::Network network;
    std::uint32_t value = 0;
    std::uint32_t wider = kNone;  // the narrowest block around it, or an equal one; set by the map
  };

  static constexpr std::size_t kMaxAround = 64;

  RangeMap() = default;
  explicit RangeMap(std::vector<Block> blocks);

  // Null when no block holds the address.
  const Block* narrowest(const model::AddressBytes& address) const {
    const auto at = find(address);
    return at == kNone ? nullptr : &blocks_[at];
  }
  // The blocks that hold the address, the narrowest first, at most kMaxAround of them; stops, and answers
  // false, when `each` does.
  template <class Each>
  bool each_around(const model::AddressBytes& address, Each each) const {
    auto at = find(address);
    for (std::size_t i = 0; at != kNone && i < kMaxAround; at = blocks_[at].wider, ++i) {
      if (!each(blocks_[at])) return false;
    }
    return true;
  }
  std::size_t size() const noexcept { return blocks_.size(); }

 private:
  // An address as two numbers, which compare faster than sixteen bytes.
  struct Place {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    auto operator<=>(const Place&) const = default;
  };
  static Place place_of(const model::AddressBytes& address);
  // From this address on, to the next start, the narrowest block is `block`.
  struct Start {
    Place place;
    std::uint32_t block;
  };
  // Index of the narrowest block that holds the address, or kNone.
  std::uint32_t find(const model::AddressBytes& address) const;
  void start(const model::AddressBytes& address, std::uint32_t block);
  void leave(std::uint32_t block);

  std::vector<Block> blocks_;
  std::vector<Start> starts_;
};

}  // namespace tocsin::enrich
