#pragma once
// What is remembered of one event under one group.

#include <bit>
#include <cstdint>

#include "model/link.h"

namespace tocsin::detect {

struct Observation {
  std::int64_t at = 0;      // ns since 1970
  model::Seq seq = 0;       // below 0: so many events in one, whose seqs are no longer known
  std::uint64_t value = 0;  // hash of what is told apart, place of the reference, or bits of a double

  std::int64_t events() const { return seq < 0 ? -seq : 1; }
  double number() const { return std::bit_cast<double>(value); }
};

}  // namespace tocsin::detect
