#include "base/display_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace tocsin {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

struct Lead {
  std::uint8_t mask, pattern;
  std::uint32_t smallest;  // below it the form is overlong
};
constexpr std::array<Lead, 3> kLeads{{{0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}}};

CodePoint decode_tail(std::string_view text, std::size_t tails, std::uint32_t value, std::uint32_t smallest) {
  if (text.size() <= tails) return {};
  for (std::size_t i = 1; i <= tails; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || value > 0x10FFFF || surrogate) return {};
  return {value, tails + 1, true};
}

CodePoint decode(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  if (first < 0x80) return {first, 1, true};
  for (std::size_t i = 0; i < kLeads.size(); ++i) {
    const auto& lead = kLeads[i];
    if ((first & lead.mask) != lead.pattern) continue;
    const auto value = static_cast<std::uint32_t>(first & static_cast<std::uint8_t>(~lead.mask));
    return decode_tail(text, i + 1, value, lead.smallest);
  }
  return {};
}

struct Range {
  std::uint32_t first, last;
};
// Unicode 15: C0 and C1 controls, soft hyphen, Arabic letter mark, Hangul and Khmer fillers, zero-width and
// directional marks, line separators, isolates and invisible operators, variation selectors, the byte order
// mark, interlinear marks, tag characters; and U+27E6, our own bracket.
constexpr std::array<Range, 15> kShownAsNumber{{{0x00, 0x1F},
                                                {0x7F, 0x9F},
                                                {0xAD, 0xAD},
                                                {0x61C, 0x61C},
                                                {0x115F, 0x1160},
                                                {0x17B4, 0x17B5},
                                                {0x180B, 0x180F},
                                                {0x200B, 0x200F},
                                                {0x2028, 0x202E},
                                                {0x2060, 0x206F},
                                                {0x27E6, 0x27E6},
                                                {0x3164, 0x3164},
                                                {0xFEFF, 0xFEFF},
                                                {0xFFF9, 0xFFFB},
                                                {0xE0000, 0xE0FFF}}};

bool shown_as_number(std::uint32_t c) {
  return std::any_of(kShownAsNumber.begin(), kShownAsNumber.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void append_number(std::string& out, const char* format, unsigned value) {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), format, value);
  out.append("⟦").append(digits.data()).append("⟧");
}

}  // namespace

void append_display_text(std::string& out, std::string_view foreign, std::size_t max_chars) {
  for (std::size_t shown = 0; !foreign.empty(); ++shown) {
    if (shown == max_chars) {
      out += "…";
      return;
    }
    const auto c = decode(foreign);
    if (!c.valid) {
      append_number(out, "x%02X", static_cast<std::uint8_t>(foreign.front()));
    } else if (shown_as_number(c.value)) {
      append_number(out, "U+%04X", c.value);
    } else {
      out.append(foreign.substr(0, c.bytes));
    }
    foreign.remove_prefix(c.bytes);
  }
}

std::string display_text(std::string_view foreign, std::size_t max_chars) {
  std::string out;
  append_display_text(out, foreign, max_chars);
  return out;
}

}  // namespace tocsin
