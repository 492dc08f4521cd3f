#include "escape/literals.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "escape/characters.h"

namespace tocsin::escape {
namespace {

void append_hex(std::string& out, const char* format, unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  out += text.data();
}

void append_kql_unicode(std::string& out, std::uint32_t c) {
  if (c < 0x10000) return append_hex(out, "\\u%04x", c);
  append_hex(out, "\\u%04x", 0xD800 + ((c - 0x10000) >> 10));
  append_hex(out, "\\u%04x", 0xDC00 + ((c - 0x10000) & 0x3FF));
}

void append_sql_unicode(std::string& out, std::uint32_t c) {
  append_hex(out, c < 0x10000 ? "\\%04x" : "\\+%06x", c);
}

}  // namespace

std::string kql_literal(std::string_view value) {
  std::string out = "\"";
  for (const auto c : characters(value)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (must_not_stand_raw(c)) {
      append_kql_unicode(out, c);
    } else {
      append_utf8(out, c);
    }
  }
  return out + '"';
}

SplLiteral spl_literal(std::string_view value) {
  SplLiteral literal{"\"", false};
  for (const auto c : characters(value)) {
    const bool unsearchable = c == '*' || c == '`' || c == kReplacement || must_not_stand_raw(c);
    if (unsearchable) {
      literal.widened = true;
      if (literal.text.back() != '*') literal.text += '*';
    } else {
      if (c == '"' || c == '\\') literal.text += '\\';
      append_utf8(literal.text, c);
    }
  }
  literal.text += '"';
  return literal;
}

std::string sql_literal(std::string_view value) {
  const auto all = characters(value);
  bool unicode = false;
  for (const auto c : all) unicode = unicode || must_not_stand_raw(c);
  std::string out = unicode ? "U&'" : "'";
  for (const auto c : all) {
    if (unicode && must_not_stand_raw(c)) {
      append_sql_unicode(out, c);
      continue;
    }
    if (c == '\'' || (unicode && c == '\\')) out += static_cast<char>(c);
    append_utf8(out, c);
  }
  return out + '\'';
}

std::optional<std::string> esql_literal(std::string_view value) {
  std::string out = "\"";
  for (const auto c : characters(value)) {
    if (c == kReplacement || must_not_stand_raw(c)) return std::nullopt;
    if (c == '"' || c == '\\') out += '\\';
    append_utf8(out, c);
  }
  return out + '"';
}

std::string sigma_literal(std::string_view value) {
  std::string out = "\"";
  for (const auto c : characters(value)) {
    // Sigma: `\*` `\?` `\\`; each backslash is doubled again for YAML.
    if (c == '*' || c == '?') out += "\\\\";
    if (c == '\\') {
      out += "\\\\\\\\";
    } else if (c == '"') {
      out += "\\\"";
    } else if (must_not_stand_raw(c)) {
      append_hex(out, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    } else {
      append_utf8(out, c);
    }
  }
  return out + '"';
}

}  // namespace tocsin::escape
