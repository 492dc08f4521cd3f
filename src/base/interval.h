#pragma once
// How sure a share is that was counted.

#include <cstddef>

namespace tocsin {

struct Interval {
  double low = 0;
  double high = 1;
};
// Wilson's, 95 %, of `some` among `all`; 0 to 1 of none.
Interval interval_of(std::size_t some, std::size_t all);

}  // namespace tocsin
