#pragma once
// The path tree as one thread walks it: a state is the set of nodes at which the walk stands, and a step that
// was taken before is found by the bytes of the member's name.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <string_view>
#include <vector>

#include "detect/match/path_tree.h"

namespace tocsin::detect {

class PathWalk {
 public:
  using State = std::uint32_t;
  static constexpr State kNowhere = 0;  // no path leads on
  static constexpr State kRoot = 1;

  explicit PathWalk(const PathTree& tree);

  // Forgets states when there are too many; to be called between events, for it invalidates all but the two
  // above.
  void begin_event();

  // The step as it was remembered; absent when it was not. kReadable bytes of the name must be there to be
  // read, whatever its size.
  static constexpr std::size_t kReadable = 48;
  const State* recall(State from, std::string_view name) {
    if (name.size() > kReadable) return nullptr;
    const auto words = words_of(name);
    const auto place = place_of(from, words);
    const auto& cell = cells_[place];
    std::uint64_t difference = cell.from ^ from;
#pragma GCC unroll 6
    for (std::size_t i = 0; i < words.size(); ++i) difference |= cell.words[i] ^ words[i];
    if (difference != 0) return nullptr;
    follow(place);
    return &cell.to;
  }
  // The step remembered as the one that followed the last one, when `name`, whose end is not known yet, is
  // that name up to its quote: events of a kind have the same names in the same order. Absent says nothing.
  // kReadable + 1 bytes must be there to be read.
  const State* foresee(State from, const char* name) {
    const auto place = cells_[last_].next;
    const auto& cell = cells_[place];
    if (cell.from != from || name[cell.size] != '"') return nullptr;
    const auto words = words_of({name, cell.size});
    std::uint64_t difference = 0;
#pragma GCC unroll 6
    for (std::size_t i = 0; i < words.size(); ++i) difference |= cell.words[i] ^ words[i];
    if (difference != 0) return nullptr;
    last_ = place;
    return &cell.to;
  }
  State step(State from, std::string_view name);
  State step_and_remember(State from, std::string_view name);  // readable as above

  const std::vector<std::uint32_t>& slots_of(State state) const {
    return states_[state].slots;
  }
  bool has_members(State state) const {
    return states_[state].has_members;
  }

 private:
  static constexpr std::size_t kMaxStates = 4096;  // between events
  static constexpr std::size_t kCells = 4096;
  // The name's bytes and then zeros, which no name has: JSON writes them as escapes, and no such name is
  // remembered.
  using Words = std::array<std::uint64_t, kReadable / 8>;
  struct StateInfo {
    std::vector<PathTree::Node> nodes;
    std::vector<std::uint32_t> slots;
    bool has_members = false;
  };
  struct alignas(64) Cell {
    Words words{};
    State from = kNowhere;  // whence no step is remembered
    State to = kNowhere;
    std::uint16_t next = 0;  // the cell of the step taken after this one, when it was last taken
    std::uint8_t size = 0;   // of the name
  };
  static_assert(sizeof(Cell) == 64 && kCells <= 1U << 16 && kReadable < 1U << 8);
  // Without a branch: names are short, and of any length.
  static Words words_of(std::string_view name) {
    static constexpr auto kMasks = [] {  // 0xff where a name of that size has bytes
      std::array<std::array<char, kReadable>, kReadable + 1> masks{};
      for (std::size_t size = 0; size <= kReadable; ++size) {
        for (std::size_t i = 0; i < size; ++i) masks[size][i] = '\xff';
      }
      return masks;
    }();
    const auto mask = std::bit_cast<Words>(kMasks[name.size()]);
    Words words;
    std::memcpy(words.data(), name.data(), kReadable);
#pragma GCC unroll 6
    for (std::size_t i = 0; i < words.size(); ++i) words[i] &= mask[i];
    return words;
  }
  static std::uint16_t place_of(State from, const Words& words) {
    constexpr std::array<std::uint64_t, kReadable / 8> kOdd{0x9e3779b97f4a7c15U, 0xc2b2ae3d27d4eb4fU,
                                                            0x165667b19e3779f9U, 0xd6e8feb86659fd93U,
                                                            0xa0761d6478bd642fU, 0xe7037ed1a0b428dbU};
    std::uint64_t sum = from * 0x8ebc6af09c88c6e3U;
#pragma GCC unroll 6
    for (std::size_t i = 0; i < words.size(); ++i) sum += words[i] * kOdd[i];
    return static_cast<std::uint16_t>((sum ^ sum >> 32) * kOdd[0] >> 52);
  }
  void follow(std::uint16_t place) {
    cells_[last_].next = place;
    last_ = place;
  }
  State state_of(std::vector<PathTree::Node> nodes);
  void reset();

  const PathTree* tree_;
  std::vector<StateInfo> states_;
  std::map<std::vector<PathTree::Node>, State> state_by_nodes_;
  std::vector<Cell> cells_;
  std::uint16_t last_ = 0;  // cell of the last remembered step
};

}  // namespace tocsin::detect
