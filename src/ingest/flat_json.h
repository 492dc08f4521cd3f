#pragma once
// A JSON document seen as "outer.inner" paths, whether it is written nested, with dots in its names, or mixed
// (Elastic and Beats do all three). Read once; look-ups cost a hash.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "ingest/json.h"

namespace tocsin::ingest {

class FlatJson {
 public:
  static constexpr std::size_t kMaxPaths = 4096;
  static constexpr std::size_t kMaxPathBytes = 256;

  explicit FlatJson(const Node& root);

  // The value at the path; arrays are values, objects have paths of their own as well. The first one wins.
  Node operator[](std::string_view path) const;
  Node any(std::initializer_list<std::string_view> paths) const;
  bool has(std::string_view path) const { return static_cast<bool>((*this)[path]); }

 private:
  struct Slot {
    std::uint64_t hash = 0;  // 0: empty
    Node value;
  };
  void walk(const Node& object, std::size_t prefix);
  void put(std::uint64_t hash, const Node& value);
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::size_t count_ = 0;
  std::array<char, kMaxPathBytes> path_{};
};

}  // namespace tocsin::ingest
