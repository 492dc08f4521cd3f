#include "detect/sigma/encode.h"

#include <utf8proc.h>

#include <array>

#include "base/ascii.h"

namespace tocsin::detect::sigma {
namespace {

constexpr std::array<std::string_view, 5> kDashes = {"-", "/", "\u2013", "\u2014", "\u2015"};

bool is_word(char c) {
  return is_alnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Length of the dash that starts `text`; 0 when none does.
std::size_t dash_length(std::string_view text) {
  for (const auto dash : kDashes) {
    if (text.starts_with(dash)) return dash.size();
  }
  return 0;
}

bool starts_word(std::string_view text) {
  return !text.empty() && is_word(text.front()) && dash_length(text) == 0;
}

std::vector<std::string> with_each_dash(const std::vector<std::string>& spellings) {
  std::vector<std::string> longer;
  longer.reserve(spellings.size() * kDashes.size());
  for (const auto& spelling : spellings) {
    for (const auto dash : kDashes) longer.push_back(spelling + std::string(dash));
  }
  return longer;
}

void append_unit(std::string& out, std::uint32_t unit, ByteOrder order) {
  const auto high = static_cast<char>(unit >> 8U);
  const auto low = static_cast<char>(unit & 0xFFU);
  const bool little = order == ByteOrder::kLittle;
  out += little ? low : high;
  out += little ? high : low;
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto chunk = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < chunk.size() ? static_cast<unsigned char>(chunk[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= chunk.size() ? kLetters[bits >> (18U - 6U * i) & 0x3FU] : '=';
  }
  return out;
}

// With 0, 1 or 2 unknown bytes before it, the first 0, 2 or 3 letters depend on those; the last letters
// depend on what follows unless a group of three bytes ends there.
std::vector<std::string> base64_at_offsets(std::string_view bytes) {
  constexpr std::array<std::size_t, 3> kUnsureAtStart = {0, 2, 3};
  constexpr std::array<std::size_t, 3> kUnsureAtEnd = {0, 3, 2};
  std::vector<std::string> out;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const auto whole = base64(std::string(offset, ' ') + std::string(bytes));
    const auto start = kUnsureAtStart[offset];
    const auto end = whole.size() - kUnsureAtEnd[(bytes.size() + offset) % 3];
    out.push_back(end > start ? whole.substr(start, end - start) : std::string());
  }
  return out;
}

std::string utf16(std::string_view text, ByteOrder order) {
  std::string out;
  while (!text.empty()) {
    utf8proc_int32_t character = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &character);
    text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 1);
    const auto code = size > 0 ? static_cast<std::uint32_t>(character) : 0xFFFDU;
    if (code >= 0x10000U) {
      append_unit(out, 0xD800U + ((code - 0x10000U) >> 10U), order);
      append_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU), order);
    } else {
      append_unit(out, code, order);
    }
  }
  return out;
}

std::optional<std::vector<std::string>> with_all_dashes(std::string_view text, std::size_t limit) {
  std::vector<std::string> spellings = {""};
  bool in_word = false;
  while (!text.empty()) {
    const auto dash = dash_length(text);
    const auto taken = std::max<std::size_t>(dash, 1);
    if (dash > 0 && !in_word && starts_word(text.substr(dash))) {
      if (spellings.size() * kDashes.size() > limit) return std::nullopt;
      spellings = with_each_dash(spellings);
    } else {
      for (auto& spelling : spellings) spelling += text.substr(0, taken);
    }
    in_word = dash == 0 && is_word(text.front());
    text.remove_prefix(taken);
  }
  return spellings;
}

}  // namespace tocsin::detect::sigma
