#pragma once
// Tells quickly that none of some literals is in any value of an event, from the bytes of its JSON: skips
// ahead as far as the last bytes it looked at allow (Wu and Manber, 1994).

#include <array>
#include <cstdint>
#include <span>
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
  static constexpr std::size_t kBlock = 3;
  static std::size_t hash(const char* block);
  bool is_part_before(std::string_view json, std::size_t end, std::size_t block) const;

  std::vector<std::string> parts_;
  std::size_t window_ = 0;                            // length of the shortest part
  std::array<std::uint8_t, 4096> skip_{};             // by hash of the window's last three bytes
  std::vector<std::vector<std::uint32_t>> by_block_;  // parts whose window ends in such bytes
};

}  // namespace tocsin::detect
