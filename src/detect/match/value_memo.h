#pragma once
// What was found out about the texts seen lately: logs repeat their values. A fixed number of entries; the
// memo only saves time, and texts made to collide in it cost what they would without it.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect {

class ValueMemo {
 public:
  static constexpr std::size_t kLongestText = 1024;
  static constexpr std::size_t kLongestAnswer = 64;

  struct Entry {
    std::uint64_t question = 0;  // what was asked about the text; 0: nothing is known
    std::uint64_t hash = 0;
    std::string text;
    std::vector<std::uint32_t> answer;

    // To be called when what was put in shall not be remembered.
    void forget() { question = 0; }
  };

  ValueMemo() : sets_(kSets) {}

  // The entry of that question about that text. When it was not `known`, another had to go: its answer is
  // empty, and the caller fills it in. The reference holds until the next call.
  Entry& entry_of(std::uint64_t question, std::string_view text, bool& known);

 private:
  static constexpr std::size_t kSets = 2048;
  struct Set {
    std::array<Entry, 2> entries;
    std::uint8_t older = 0;
  };
  std::vector<Set> sets_;
};

}  // namespace tocsin::detect
