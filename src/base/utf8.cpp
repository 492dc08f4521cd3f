#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace tocsin {
namespace {

struct Range {
  std::size_t length;
  unsigned char low, high;  // what the second byte may be
};

// Table 3-7 of the standard.
constexpr Range lead_range(unsigned char lead) {
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool ascii_block(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080ULL) == 0;
}

}  // namespace

std::size_t utf8_length_at(std::string_view text, std::size_t at) {
  const auto lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const Range range = lead_range(lead);
  if (range.length == 0 || text.size() - at < range.length) return 0;
  const auto second = byte_at(text, at + 1);
  if (second < range.low || second > range.high) return 0;
  for (std::size_t i = 2; i < range.length; ++i) {
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  }
  return range.length;
}

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && ascii_block(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto length = utf8_length_at(text, at);
    if (length == 0) return at;
    at += length;
  }
  return at;
}

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (byte_at(text, end) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace tocsin
