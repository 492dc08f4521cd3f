#pragma once
// Places of a table in the order in which they were touched, linked through the entries themselves.

#include <cstdint>
#include <limits>

namespace tocsin::detect {

using Place = std::uint32_t;
inline constexpr Place kNoPlace = std::numeric_limits<Place>::max();

struct RecencyLinks {
  Place newer = kNoPlace;
  Place older = kNoPlace;
};

// `Table` gives entries by place; each has `links`.
struct RecencyList {
  Place newest = kNoPlace;
  Place oldest = kNoPlace;
  std::uint32_t size = 0;

  template <class Table>
  void add_newest(Table& table, Place place) {
    table[place].links = {kNoPlace, newest};
    (newest == kNoPlace ? oldest : table[newest].links.newer) = place;
    newest = place;
    ++size;
  }

  template <class Table>
  void remove(Table& table, Place place) {
    const auto links = table[place].links;
    (links.newer == kNoPlace ? newest : table[links.newer].links.older) = links.older;
    (links.older == kNoPlace ? oldest : table[links.older].links.newer) = links.newer;
    --size;
  }
};

}  // namespace tocsin::detect
