#pragma once
// A hash for tables that may forget or put two texts into one place: quick, and not hard to find collisions
// for.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tocsin::detect {

class QuickHash {
 public:
  explicit QuickHash(std::uint64_t seed) : state_(seed ^ kOdd) {}

  void add(std::uint64_t word) {
    state_ = (state_ ^ word) * kOdd;
    state_ ^= state_ >> 32;
  }
  // Two chains beside each other: a multiplication waits for the one before.
  void add(std::string_view text) {
    const char* at = text.data();
    std::size_t left = text.size();
    QuickHash other(left);
    for (; left > 16; at += 16, left -= 16) {
      add(word_at(at));
      other.add(word_at(at + 8));
    }
    if (left >= 8) {
      add(word_at(at));
      other.add(word_at(at + left - 8));
    } else {
      add(short_word(at, left));
    }
    add(other.state_);
  }
  std::uint64_t value() const noexcept { return state_; }

 private:
  static constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;

  template <class Word = std::uint64_t>
  static Word word_at(const char* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof(Word));
    return word;
  }
  static std::uint64_t short_word(const char* at, std::size_t size) {  // of fewer than eight bytes
    if (size >= 4)
      return word_at<std::uint32_t>(at) | std::uint64_t{word_at<std::uint32_t>(at + size - 4)} << 32;
    if (size == 0) return 0;
    const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
    return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
  }

  std::uint64_t state_;
};

}  // namespace tocsin::detect
