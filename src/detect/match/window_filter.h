#pragma once
// Finds literals by one window of four bytes of each, the rarest: the windows of a text are looked up one by
// one, none waiting for the one before, and nearly all are in no literal. Shorter literals are found by their
// first two bytes. Immutable; any number of threads may scan.

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect {

class WindowFilter {
 public:
  WindowFilter() = default;
  // None of them empty, no two the same; a literal's place is its name.
  explicit WindowFilter(std::span<const std::string> literals);

  // Calls found(place, end) for every occurrence, or gives up and returns false: a text can be made of
  // windows that are in many literals, and shall cost no more for it. Some were found then.
  template <class Found>
  bool scan(std::string_view text, const Found& found) const {
    std::size_t work_left = kFreeWork + kWorkPerByte * text.size();
    return scan_at<std::uint32_t>(windows_, text, work_left, found) &&
           scan_at<std::uint16_t>(pairs_, text, work_left, found) &&
           scan_at<std::uint8_t>(bytes_, text, work_left, found);
  }
  std::size_t bytes() const noexcept;

 private:
  static constexpr std::size_t kFreeWork = 1024;
  static constexpr std::size_t kWorkPerByte = 4;
  struct Place {
    std::uint32_t block = 0;
    std::uint32_t literal = 0;
    std::uint32_t offset = 0;  // of the block in the literal
  };
  // Where blocks of one size are in the literals.
  struct Table {
    int shift = 0;                     // of a hash, so that it is a place in `known`
    std::vector<std::uint64_t> known;  // a bit for each hash of a block
    std::vector<std::uint32_t>
        first;  // place in `places` of the blocks of a bucket, and one more for the end
    std::vector<Place> places;
  };
  static std::uint32_t bit_of(std::uint32_t block, int shift) { return block * 0x9e3779b1U >> shift; }
  template <class Block>
  static Block block_at(const char* at) {
    Block block = 0;
    std::memcpy(&block, at, sizeof(Block));
    return block;
  }
  static Table table_of(std::vector<Place> places);

  template <class Block, class Found>
  bool scan_at(const Table& table, std::string_view text, std::size_t& work_left, const Found& found) const {
    if (table.places.empty()) return true;
    // What does not change, where the compiler sees that it does not.
    const auto* known = table.known.data();
    const auto shift = table.shift;
    const auto is_known = [&](std::size_t at) {
      const auto bit = bit_of(block_at<Block>(text.data() + at), shift);
      return known[bit / 64] >> (bit % 64);  // the lowest bit
    };
    const auto look = [&](std::size_t at) {
      if ((is_known(at) & 1U) == 0) return true;
      const std::uint32_t block = block_at<Block>(text.data() + at);
      return look_closer(table, bit_of(block, shift) / 64, block, text, at, work_left, found);
    };
    std::size_t i = 0;
    // Several blocks for one branch, which is seldom taken.
    for (; i + 3 + sizeof(Block) <= text.size(); i += 4) {
      if (((is_known(i) | is_known(i + 1) | is_known(i + 2) | is_known(i + 3)) & 1U) == 0) continue;
      if (!look(i) || !look(i + 1) || !look(i + 2) || !look(i + 3)) return false;
    }
    for (; i + sizeof(Block) <= text.size(); ++i) {
      if (!look(i)) return false;
    }
    return true;
  }

  template <class Found>
  bool look_closer(const Table& table, std::size_t word, std::uint32_t block, std::string_view text,
                   std::size_t at, std::size_t& work_left, const Found& found) const {
    for (auto i = table.first[word]; i < table.first[word + 1]; ++i) {
      const auto& place = table.places[i];
      const std::string_view literal = literals_[place.literal];
      const std::size_t work = 1 + literal.size() / 16;
      if (work_left < work) return false;
      work_left -= work;
      if (place.block != block || place.offset > at) continue;
      const auto begin = at - place.offset;
      if (text.substr(begin, literal.size()) == literal) found(place.literal, begin + literal.size());
    }
    return true;
  }

  std::vector<std::string> literals_;
  Table windows_;  // of four bytes
  Table pairs_;
  Table bytes_;
};

}  // namespace tocsin::detect
