#include "base/json_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/utf8.h"

namespace tocsin {
namespace {

// True for ASCII that stands for itself inside a JSON string.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;  // start of what has not been copied yet
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (kPlain[byte]) {
      ++at;
      continue;
    }
    const auto length = byte < 0x80 ? 0 : utf8_length_at(text, at);
    if (length > 0) {
      at += length;
      continue;
    }
    out.append(text, run, at - run);
    if (byte < 0x80) {
      append_escape(out, text[at]);
    } else {
      out += "\xEF\xBF\xBD";
    }
    run = ++at;
  }
  out.append(text, run, at - run);
  out += '"';
}

void append_json_number(std::string& out, double value) {
  append_number(out, std::isfinite(value) ? value : 0.0);
}
void append_json_number(std::string& out, std::int64_t value) {
  append_number(out, value);
}

}  // namespace tocsin
