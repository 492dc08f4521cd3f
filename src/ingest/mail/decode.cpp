#include "ingest/mail/decode.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/utf8.h"
#include "ingest/text.h"

namespace tocsin::ingest::mail {
namespace {

constexpr std::size_t kMaxCharsetBytes = 32;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

constexpr std::array<std::int8_t, 256> kBase64 = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  values['-'] = 62;
  values['_'] = 63;
  return values;
}();

int hex_value(char c) {
  return is_digit(c) ? c - '0' : lower(c) - 'a' + 10;
}

// The byte that two hex digits at `at` stand for; -1 when they are none.
int hex_pair(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || !is_hex(text[at]) || !is_hex(text[at + 1])) return -1;
  return hex_value(text[at]) * 16 + hex_value(text[at + 1]);
}

std::string valid_utf8(std::string_view text) {
  if (find_invalid_utf8(text) == text.size()) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length_at(text, at);
    out += length == 0 ? kReplacement : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

// Names that iconv may be asked for: it loads modules by them.
bool is_charset_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxCharsetBytes &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_unicode(std::string_view charset) {
  return charset.empty() || equal_ignoring_case(charset, "utf-8") ||
         equal_ignoring_case(charset, "us-ascii") || equal_ignoring_case(charset, "utf8");
}

class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (ok()) iconv_close(handle_);
  }
  // iconv's way of saying no.
  bool ok() const { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT(performance-no-int-to-ptr)

  std::string run(std::string_view bytes) {
    std::string out;
    std::string input(bytes);
    char* from = input.data();
    auto left = input.size();
    while (left > 0) {
      if (step(from, left, out)) continue;
      if (errno == EINVAL) break;  // cut off inside a character
      out += kReplacement;
      ++from;
      --left;
    }
    return out;
  }

 private:
  // False when it stops at a byte that cannot be read.
  bool step(char*& from, std::size_t& left, std::string& out) {
    std::array<char, 4096> buffer;
    char* to = buffer.data();
    auto room = buffer.size();
    const auto result = iconv(handle_, &from, &left, &to, &room);
    out.append(buffer.data(), buffer.size() - room);
    return result != static_cast<std::size_t>(-1) || errno == E2BIG;
  }

  iconv_t handle_;
};

struct Word {
  std::string charset;
  std::string bytes;
  std::size_t end = 0;  // past "?="; 0 when there is no encoded word
};

Word read_word(std::string_view value, std::size_t at) {
  const auto charset_end = value.find('?', at + 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= value.size()) return {};
  const char encoding = lower(value[charset_end + 1]);
  const auto text_start = charset_end + 3;
  const auto text_end = value.find("?=", text_start);
  if (value[charset_end + 2] != '?' || text_end == std::string_view::npos) return {};
  auto charset = value.substr(at + 2, charset_end - at - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 language
  const auto text = value.substr(text_start, text_end - text_start);
  if (encoding == 'b') return {std::string(charset), decode_base64(text), text_end + 2};
  if (encoding == 'q') return {std::string(charset), decode_quoted_printable(text, true), text_end + 2};
  return {};
}

}  // namespace

std::string decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const auto value = kBase64[static_cast<unsigned char>(c)];
    if (value < 0) continue;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFFU);
  }
  return out;
}

std::string decode_quoted_printable(std::string_view text, bool header) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (header && c == '_') {
      out += ' ';
      continue;
    }
    const int byte = c == '=' ? hex_pair(text, at + 1) : -1;
    if (byte >= 0) {
      out += static_cast<char>(byte);
      at += 2;
      continue;
    }
    const auto line_end = c == '=' ? text.find_first_not_of(" \t\r", at + 1) : std::string_view::npos;
    const bool soft_break = line_end != std::string_view::npos && text[line_end] == '\n';
    if (soft_break) {
      at = line_end;
    } else {
      out += c;
    }
  }
  return out;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int byte = text[at] == '%' ? hex_pair(text, at + 1) : -1;
    out += byte >= 0 ? static_cast<char>(byte) : text[at];
    if (byte >= 0) at += 2;
  }
  return out;
}

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  if (is_unicode(charset) || !is_charset_name(charset)) return valid_utf8(bytes);
  Converter converter{std::string(charset)};
  return converter.ok() ? converter.run(bytes) : valid_utf8(bytes);
}

std::string decode_words(std::string_view value) {
  std::string out;
  Word pending;  // neighbours of one charset may share a character
  const auto flush = [&] {
    out += to_utf8(pending.bytes, pending.charset);
    pending = {};
  };
  std::size_t at = 0;
  while (at < value.size()) {
    const auto next = value.find("=?", at);
    const auto gap = value.substr(at, next - at);
    const bool only_blanks = pending.end != 0 && trim(gap).empty() && next != std::string_view::npos;
    const auto word = next == std::string_view::npos ? Word{} : read_word(value, next);
    if (!only_blanks || word.end == 0) {
      flush();
      out += valid_utf8(gap);
    }
    if (next == std::string_view::npos) break;
    if (word.end == 0) {
      out += "=?";
      at = next + 2;
      continue;
    }
    if (!equal_ignoring_case(word.charset, pending.charset)) flush();
    pending.charset = word.charset;
    pending.bytes += word.bytes;
    pending.end = at = word.end;
  }
  flush();
  return out;
}

}  // namespace tocsin::ingest::mail
