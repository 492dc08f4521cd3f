#pragma once
// Finds all of many literals in a text. The windows of the text are looked up first (window_filter.h); a text
// that is full of them is read by an automaton instead (Aho and Corasick, 1975). States near the
// start, where a scan nearly always is, are rows of a table over classes of bytes; the many others, most with
// one way on, hold only their edges and where to go on when none fits. Immutable; any number of threads may
// scan.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/match/window_filter.h"

namespace tocsin::detect {

class LiteralSet {
 public:
  LiteralSet() = default;
  // None of them empty, no two the same; a literal's place is its name.
  explicit LiteralSet(std::span<const std::string> literals);

  bool empty() const noexcept { return states_.empty(); }
  std::size_t bytes() const noexcept;

  // Calls found(place, end) for every occurrence, for some twice. Time: bytes of the text, and each
  // occurrence.
  template <class Found>
  void scan(std::string_view text, const Found& found) const {
    if (!empty() && !windows_.scan(text, found)) scan_bytes(text, found);
  }
  template <class Found>
  void scan_bytes(std::string_view text, const Found& found) const {
    std::uint32_t state = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto entry = next(state, class_of_[static_cast<unsigned char>(text[i])]);
      state = entry & ~kEndsHere;
      if (entry == state) continue;
      for (auto at = states_[state].ends; at != kNone; at = states_[at].shorter)
        found(literal_of_[at], i + 1);
    }
  }

 private:
  static constexpr std::uint32_t kNone = ~0U;
  static constexpr std::uint32_t kEndsHere = 1U << 31;  // beside a state: some literal ends in it
  struct State {
    std::uint32_t first_edge = 0;
    std::uint32_t suffix = 0;       // the state of the longest proper suffix
    std::uint32_t ends = kNone;     // itself or the nearest suffix where a literal ends
    std::uint32_t shorter = kNone;  // the next shorter one
  };
  struct Edge {
    std::uint32_t label = 0;
    std::uint32_t to = 0;  // with kEndsHere once linked
  };
  struct Trie;

  std::uint32_t next(std::uint32_t state, std::uint32_t label) const {
    while (state >= rows_) {
      for (auto at = states_[state].first_edge, end = states_[state + 1].first_edge; at < end; ++at) {
        if (edges_[at].label == label) return edges_[at].to;
      }
      state = states_[state].suffix;
    }
    return table_[std::size_t{state} * classes_ + label];
  }
  void number_bytes(std::span<const std::string> literals);
  void lay_out(const Trie& trie);
  void link();
  void mark_ends();
  void fill_table();

  WindowFilter windows_;
  std::array<std::uint16_t, 256> class_of_{};  // 0: in no literal
  std::uint32_t classes_ = 1;
  std::uint32_t rows_ = 0;  // states below have a row in the table
  std::vector<std::uint32_t> table_;
  std::vector<State> states_;  // nearest to the start first, and one more for the last one's edges
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> literal_of_;  // by state
};

}  // namespace tocsin::detect
