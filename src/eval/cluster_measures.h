#pragma once
// How well predicted groups of rows agree with true ones. Pure; both spans have a row's group at its place.
// NaN without rows.

#include <cstdint>
#include <span>

namespace tocsin::eval {

struct Agreement {
  double b_cubed_f1 = 0;
  double homogeneity = 0;   // 1: no predicted group has rows of two true ones
  double completeness = 0;  // 1: no true group is in two predicted ones
  double adjusted_rand = 0;
};

Agreement agreement_of(std::span<const std::uint64_t> predicted, std::span<const std::uint64_t> truth);

}  // namespace tocsin::eval
