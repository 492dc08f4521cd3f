#include "escape/characters.h"

namespace tocsin::escape {
namespace {

std::uint32_t read_tails(std::string_view text, std::size_t& at, std::uint32_t value, int tails,
                         std::uint32_t smallest) {
  const auto start = at;
  for (int i = 0; i < tails; ++i) {
    if (at >= text.size() || (static_cast<std::uint8_t>(text[at]) & 0xC0) != 0x80) {
      at = start;
      return kReplacement;
    }
    value = (value << 6) | (static_cast<std::uint8_t>(text[at++]) & 0x3Fu);
  }
  const bool wrong = value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF);
  return wrong ? kReplacement : value;
}

// Moves `at` past one character; never fails.
std::uint32_t next_char(std::string_view text, std::size_t& at) {
  const auto first = static_cast<std::uint8_t>(text[at++]);
  if (first < 0x80) return first;
  if ((first & 0xE0) == 0xC0) return read_tails(text, at, first & 0x1Fu, 1, 0x80);
  if ((first & 0xF0) == 0xE0) return read_tails(text, at, first & 0x0Fu, 2, 0x800);
  if ((first & 0xF8) == 0xF0) return read_tails(text, at, first & 0x07u, 3, 0x10000);
  return kReplacement;
}

}  // namespace

std::vector<std::uint32_t> characters(std::string_view text) {
  std::vector<std::uint32_t> all;
  for (std::size_t at = 0; at < text.size();) all.push_back(next_char(text, at));
  return all;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto tail = [](std::uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | (c >> 6)), tail(c)};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0 | (c >> 12)), tail(c >> 6), tail(c)};
  } else {
    out += {static_cast<char>(0xF0 | (c >> 18)), tail(c >> 12), tail(c >> 6), tail(c)};
  }
}

bool must_not_stand_raw(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || (c >= 0x115F && c <= 0x1160) ||
         (c >= 0x17B4 && c <= 0x17B5) || (c >= 0x180B && c <= 0x180F) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

}  // namespace tocsin::escape
