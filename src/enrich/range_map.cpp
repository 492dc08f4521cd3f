#include "enrich/range_map.h"

#include <algorithm>
#include <tuple>

namespace tocsin::enrich {
namespace {

model::AddressBytes last_of(const model::Network& network) {
  auto last = network.first;
  for (int bit = network.prefix; bit < 128; ++bit)
    last[static_cast<std::size_t>(bit / 8)] |=
        static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % 8));
  return last;
}

// False when there is no address behind it.
bool step_up(model::AddressBytes& address) {
  for (auto byte = address.rbegin(); byte != address.rend(); ++byte) {
    if (++*byte != 0) return true;
  }
  return false;
}

}  // namespace

// Blocks are nested or apart, never crossing: a walk in order with a chain of the open ones is enough.
RangeMap::RangeMap(std::vector<Block> blocks) : blocks_(std::move(blocks)) {
  std::sort(blocks_.begin(), blocks_.end(), [](const Block& a, const Block& b) {
    return std::tie(a.network.first, a.network.prefix, a.value) <
           std::tie(b.network.first, b.network.prefix, b.value);
  });
  blocks_.erase(std::unique(blocks_.begin(), blocks_.end(),
                            [](const Block& a, const Block& b) {
                              return a.network.first == b.network.first &&
                                     a.network.prefix == b.network.prefix && a.value == b.value;
                            }),
                blocks_.end());
  std::uint32_t open = kNone;
  for (std::uint32_t i = 0; i < blocks_.size(); ++i) {
    while (open != kNone && !contains(blocks_[open].network, blocks_[i].network.first)) {
      const auto closed = open;
      open = blocks_[closed].wider;
      leave(closed);
    }
    blocks_[i].wider = open;
    start(blocks_[i].network.first, i);
    open = i;
  }
  for (; open != kNone; open = blocks_[open].wider) leave(open);
}

void RangeMap::start(const model::AddressBytes& address, std::uint32_t block) {
  const auto place = place_of(address);
  if (!starts_.empty() && starts_.back().place == place) starts_.pop_back();
  starts_.push_back({place, block});
}

void RangeMap::leave(std::uint32_t block) {
  auto after = last_of(blocks_[block].network);
  if (step_up(after)) start(after, blocks_[block].wider);
}

RangeMap::Place RangeMap::place_of(const model::AddressBytes& address) {
  Place place;
  for (std::size_t i = 0; i < 8; ++i) {
    place.high = place.high << 8 | address[i];
    place.low = place.low << 8 | address[8 + i];
  }
  return place;
}

std::uint32_t RangeMap::find(const model::AddressBytes& address) const {
  const auto above =
      std::upper_bound(starts_.begin(), starts_.end(), place_of(address),
                       [](const Place& place, const Start& start) { return place < start.place; });
  return above == starts_.begin() ? kNone : std::prev(above)->block;
}

}  // namespace tocsin::enrich
