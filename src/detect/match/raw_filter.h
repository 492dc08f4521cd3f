#pragma once
// Tells quickly that none of some literals is in any value of an event, from the bytes of its JSON. Wherever
// a literal of n bytes stands, one of every n - 3 blocks of four bytes lies inside it: only those are looked
// at, each without waiting for the one before.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect {

class RawFilter {
 public:
  static constexpr std::size_t kMinPart = 4;
  // The longest part of a folded literal that stands in JSON as it is, unless it is written with \u; empty
  // when it is too short to look for.
  static std::string raw_part(std::string_view literal);

  RawFilter() = default;
  // Parts as raw_part gave them.
  explicit RawFilter(std::vector<std::string> parts);

  // False only when no value of this JSON has one of the parts in it, in any case.
  bool may_contain(std::string_view json) const;

 private:
  static constexpr std::size_t kBlock = 4;
  struct Place {
    std::size_t block = 0;  // its hash
    std::uint32_t part = 0;
    std::uint32_t offset = 0;  // of the block in the part
  };
  static std::size_t hash(const char* block);
  // The lowest bit says whether some part has the block; the others say nothing.
  std::uint64_t bit_of(std::size_t block) const { return known_[block / 64] >> (block % 64); }
  bool is_known(std::size_t block) const { return (bit_of(block) & 1U) != 0; }
  bool is_part_around(std::string_view json, std::size_t at, std::size_t block) const;

  std::vector<std::string> parts_;
  std::size_t stride_ = 1;
  std::array<std::uint64_t, 1024> known_{};  // a bit for each hash of a block that some part has
  std::vector<Place> places_;                // by hash
  std::array<std::uint32_t, 1025> first_{};  // of `places_`: by the word of `known_` in which the bit is
};

}  // namespace tocsin::detect
