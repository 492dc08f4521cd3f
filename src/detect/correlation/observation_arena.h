#pragma once
// Memory for runs of 1, 2, 4 … observations: a buddy allocator, so that what small runs give back serves
// large ones and the bound holds whatever sizes are asked for.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "detect/correlation/observation.h"

namespace tocsin::detect {

class ObservationArena {
 public:
  using Handle = std::uint32_t;

  // Runs of at most 2^largest; at most `capacity` observations, rounded up to whole runs of the largest.
  ObservationArena(std::size_t capacity, unsigned largest);

  // A run of 2^order. Absent when there is no room.
  std::optional<Handle> take(unsigned order);
  void give_back(Handle run, unsigned order);

  Observation* at(Handle run) { return &blocks_[run >> largest_][run & mask()]; }
  const Observation* at(Handle run) const { return &blocks_[run >> largest_][run & mask()]; }
  std::size_t bytes() const;

 private:
  static constexpr std::int64_t kNone = -1;

  Handle mask() const { return (Handle{1} << largest_) - 1; }
  bool add_block();
  // A free run's first observation holds its neighbours in the list: `at` the next, `seq` the one before.
  void push_free(Handle run, unsigned order);
  void unlink_free(Handle run, unsigned order);

  unsigned largest_;
  std::size_t max_blocks_;
  std::vector<std::unique_ptr<Observation[]>> blocks_;
  std::vector<std::uint8_t> free_order_;  // of the first of a free run, order + 1; 0 for all else
  std::vector<std::int64_t> free_;        // first free run of each order
};

}  // namespace tocsin::detect
