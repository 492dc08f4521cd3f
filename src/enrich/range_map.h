#pragma once
// Blocks of addresses → numbers. A look-up is one binary search, whatever the blocks; it gives the narrowest
// block, from which the wider ones around it are reached.

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

  RangeMap() = default;
  explicit RangeMap(std::vector<Block> blocks);

  // Index of the narrowest block that holds the address, or kNone.
  std::uint32_t find(const model::AddressBytes& address) const;
  const Block& at(std::uint32_t index) const { return blocks_[index]; }
  std::size_t size() const noexcept { return blocks_.size(); }

 private:
  // From this address on, to the next start, the narrowest block is `block`.
  struct Start {
    model::AddressBytes address;
    std::uint32_t block;
  };
  void start(const model::AddressBytes& address, std::uint32_t block);
  void leave(std::uint32_t block);

  std::vector<Block> blocks_;
  std::vector<Start> starts_;
};

}  // namespace tocsin::enrich
