#include "detect/correlation/observation_arena.h"

namespace tocsin::detect {

ObservationArena::ObservationArena(std::size_t capacity, unsigned largest)
    : largest_(largest),
      max_blocks_((capacity + (std::size_t{1} << largest) - 1) >> largest),
      free_(largest + 1, kNone) {}

std::optional<ObservationArena::Handle> ObservationArena::take(unsigned order) {
  auto found = order;
  while (found <= largest_ && free_[found] == kNone) ++found;
  if (found > largest_) {
    if (!add_block()) return std::nullopt;
    found = largest_;
  }
  const auto run = static_cast<Handle>(free_[found]);
  unlink_free(run, found);
  while (found > order) {
    --found;
    push_free(run + (Handle{1} << found), found);
  }
  return run;
}

void ObservationArena::give_back(Handle run, unsigned order) {
  for (; order < largest_; ++order) {
    const auto buddy = run ^ (Handle{1} << order);
    if (free_order_[buddy] != order + 1) break;
    unlink_free(buddy, order);
    run = std::min(run, buddy);
  }
  push_free(run, order);
}

std::size_t ObservationArena::bytes() const {
  return (blocks_.size() << largest_) * (sizeof(Observation) + sizeof(std::uint8_t));
}

bool ObservationArena::add_block() {
  if (blocks_.size() == max_blocks_) return false;
  const auto size = std::size_t{1} << largest_;
  const auto start = static_cast<Handle>(blocks_.size() << largest_);
  blocks_.push_back(std::make_unique<Observation[]>(size));
  free_order_.resize(blocks_.size() << largest_);
  push_free(start, largest_);
  return true;
}

void ObservationArena::push_free(Handle run, unsigned order) {
  auto& link = *at(run);
  link.at = free_[order];
  link.seq = kNone;
  if (link.at != kNone) at(static_cast<Handle>(link.at))->seq = run;
  free_[order] = run;
  free_order_[run] = static_cast<std::uint8_t>(order + 1);
}

void ObservationArena::unlink_free(Handle run, unsigned order) {
  const auto link = *at(run);
  if (link.at != kNone) at(static_cast<Handle>(link.at))->seq = link.seq;
  if (link.seq != kNone) {
    at(static_cast<Handle>(link.seq))->at = link.at;
  } else {
    free_[order] = link.at;
  }
  free_order_[run] = 0;
}

}  // namespace tocsin::detect
