#include "store/postgres/portable_text.h"

#include "base/utf8.h"

namespace tocsin::store {
namespace {

// U+10FF00..U+10FFFF in UTF-8: F4 8F BC..BF 80..BF.
constexpr std::string_view kPlane = "\xF4\x8F";
constexpr std::size_t kLength = 4;

bool is_stand_in(std::string_view text, std::size_t at) {
  return text.substr(at, kPlane.size()) == kPlane && text.size() - at >= kLength &&
         static_cast<unsigned char>(text[at + 2]) >= 0xBC;
}

void add_stand_in(std::string& out, unsigned char byte) {
  out += kPlane;
  out += static_cast<char>(0xBC | byte >> 6);
  out += static_cast<char>(0x80 | (byte & 0x3F));
}

}  // namespace

std::optional<std::string> to_portable_text(std::string_view text) {
  const bool plain = text.find('\0') == std::string_view::npos &&
                     text.find(kPlane) == std::string_view::npos && find_invalid_utf8(text) == text.size();
  if (plain) return std::nullopt;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length_at(text, at);
    if (length == 0 || text[at] == '\0' || is_stand_in(text, at)) {
      add_stand_in(out, static_cast<unsigned char>(text[at++]));
      continue;
    }
    out += text.substr(at, length);
    at += length;
  }
  if (out == text) return std::nullopt;
  return out;
}

std::optional<std::string> from_portable_text(std::string_view stored) {
  auto next = stored.find(kPlane);
  if (next == std::string_view::npos) return std::nullopt;
  std::string text;
  std::size_t at = 0;
  for (; next != std::string_view::npos; next = stored.find(kPlane, at)) {
    text += stored.substr(at, next - at);
    const auto length = is_stand_in(stored, next) ? kLength : 1;
    if (length == kLength) {
      text += static_cast<char>((stored[next + 2] & 0x03) << 6 | (stored[next + 3] & 0x3F));
    } else {
      text += stored[next];
    }
    at = next + length;
  }
  text += stored.substr(at);
  return text;
}

}  // namespace tocsin::store
