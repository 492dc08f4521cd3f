#pragma once
// Small lexers for the tests: enough of each language to tell structure from values.

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::copilot::testing {

struct Tokens {
  std::vector<std::string> structure;  // string literals as "<s>", everything else as written
  std::vector<std::string> values;     // of the literals, decoded
  bool broken = false;                 // an unterminated literal, or a raw control character
};

inline void append_code_point(std::string& out, unsigned c) {
  const auto tail = [](unsigned bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += tail(c);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += tail(c >> 6);
    out += tail(c);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += tail(c >> 12);
    out += tail(c >> 6);
    out += tail(c);
  }
}

inline void lex_other(std::string_view text, std::size_t& at, Tokens& tokens) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (std::isspace(c) != 0) {
    ++at;
    return;
  }
  const auto start = at;
  while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_'))
    ++at;
  if (at == start) ++at;
  tokens.structure.emplace_back(text.substr(start, at - start));
}

inline unsigned hex_at(std::string_view text, std::size_t at, std::size_t digits) {
  return static_cast<unsigned>(std::stoul(std::string(text.substr(at, digits)), nullptr, 16));
}

// Backslash literals: KQL's, and SPL's where only \\ and \" are known.
inline void lex_backslash_literal(std::string_view text, std::size_t& at, bool kql, Tokens& tokens) {
  std::string value;
  unsigned high = 0;
  for (++at; at < text.size() && text[at] != '"';) {
    if (static_cast<unsigned char>(text[at]) < 0x20) tokens.broken = true;
    if (text[at] != '\\') {
      value += text[at++];
      continue;
    }
    if (at + 1 >= text.size()) break;
    const char code = text[at + 1];
    at += 2;
    if (kql && code == 'u') {
      const auto unit = hex_at(text, at, 4);
      at += 4;
      if (unit >= 0xD800 && unit < 0xDC00) {
        high = unit;
      } else {
        append_code_point(value, high != 0 ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00) : unit);
        high = 0;
      }
    } else {
      value += kql && code == 'n' ? '\n' : kql && code == 't' ? '\t' : code;
    }
  }
  if (at >= text.size()) tokens.broken = true;
  ++at;
  tokens.structure.emplace_back("<s>");
  tokens.values.push_back(value);
}

inline Tokens lex_kql(std::string_view text) {
  Tokens tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 2) == "//") {
      tokens.structure.emplace_back("<comment>");
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == '"') {
      lex_backslash_literal(text, at, true, tokens);
    } else {
      lex_other(text, at, tokens);
    }
  }
  return tokens;
}

inline Tokens lex_spl(std::string_view text) {
  Tokens tokens;
  // Macros are expanded before anything is parsed, inside literals too.
  tokens.broken = text.find('`') != std::string_view::npos;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      lex_backslash_literal(text, at, false, tokens);
    } else {
      lex_other(text, at, tokens);
    }
  }
  return tokens;
}

inline Tokens lex_sql(std::string_view text) {
  Tokens tokens;
  for (std::size_t at = 0; at < text.size();) {
    const bool unicode = text.substr(at, 3) == "U&'";
    if (text.substr(at, 2) == "--") {
      tokens.structure.emplace_back("<comment>");
      at = std::min(text.find('\n', at), text.size());
    } else if (unicode || text[at] == '\'') {
      std::string value;
      for (at += unicode ? 3 : 1; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x20) tokens.broken = true;
        if (text[at] == '\'' && text.substr(at, 2) != "''") break;
        if (unicode && text[at] == '\\' && text.substr(at, 2) != "\\\\") {
          const bool six = text[at + 1] == '+';
          append_code_point(value, hex_at(text, at + (six ? 2 : 1), six ? 6 : 4));
          at += six ? 8 : 5;
          continue;
        }
        const bool doubled = text[at] == '\'' || (unicode && text[at] == '\\');
        value += text[at];
        at += doubled ? 2 : 1;
      }
      if (at >= text.size()) tokens.broken = true;
      ++at;
      tokens.structure.emplace_back("<s>");
      tokens.values.push_back(value);
    } else {
      lex_other(text, at, tokens);
    }
  }
  return tokens;
}

}  // namespace tocsin::copilot::testing
