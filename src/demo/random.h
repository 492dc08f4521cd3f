#pragma once
// Randomness that is the same everywhere: mt19937_64 is specified to the bit, the standard library's
// distributions are not, so these are our own. Draw at most one value per full expression unless braces order
// them: the operands of + and the arguments of a call are evaluated in any order.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tocsin::demo {

// Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  // A stream of its own for `label`: drawing more in one place does not change what is drawn in another.
  Random(std::uint64_t seed, std::string_view label);

  std::uint64_t next() { return engine_(); }
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }  // bound > 0
  int between(int low, int high);                                         // both inclusive
  double unit();                                                          // [0, 1)
  bool chance(double probability) { return unit() < probability; }
  Nanos duration(Nanos low, Nanos high);  // [low, high)

  template <class Container>
  const auto& pick(const Container& items) {
    return items[static_cast<std::size_t>(below(std::size(items)))];
  }

  std::string hex(std::size_t digits);     // lower case
  std::string digits(std::size_t count);   // the first is not 0
  std::string letters(std::size_t count);  // a-z and 2-7
  std::string uuid();                      // version 4
  std::string public_ip();                 // routable, from ranges of hosting and access providers
  int ephemeral_port() { return between(32768, 60999); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tocsin::demo
