#pragma once
// Finds whole words and phrases in short foreign text: an Aho-Corasick automaton over letters and digits,
// every other byte being a separator. One table look-up a byte.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

class PhraseMatcher {
 public:
  // Phrase i is lower-case words; a last '*' lets its last word go on ("brute force*" finds "brute forced").
  explicit PhraseMatcher(const std::vector<std::string_view>& phrases);

  struct Hit {
    std::uint16_t phrase = 0;
    std::uint16_t length = 0;  // of the phrase
  };
  // All phrases that occur in the first kScanned bytes, in order of their ends; one may occur several times.
  std::vector<Hit> find(std::string_view text) const;

  static constexpr std::size_t kScanned = 512;

 private:
  static constexpr std::size_t kSymbols = 37;  // blank, a-z, 0-9
  struct State {
    std::array<std::uint16_t, kSymbols> next{};
    std::uint16_t fallback = 0;  // longest proper suffix that is a state
    std::uint16_t next_hit = 0;  // next state on the fallback chain that ends a phrase; 0: none
    std::int32_t phrase = -1;
  };
  void insert(std::string_view phrase, std::int32_t index);
  void link();

  std::vector<State> states_{1};
  std::vector<std::uint16_t> lengths_;
};

}  // namespace tocsin
