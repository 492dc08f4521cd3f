#include "escape/shell.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/display_text.h"
#include "escape/characters.h"
#include "escape/literals.h"

namespace tocsin::escape {
namespace {

constexpr std::array<std::string_view, 7> kNames{"console", "sh", "powershell", "cli", "kql", "spl", "sql"};
constexpr std::string_view kCliWord = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-";

using Characters = std::vector<std::uint32_t>;

bool has_any(const Characters& value, std::u32string_view wanted) {
  return std::any_of(value.begin(), value.end(), [&](std::uint32_t c) {
    return wanted.find(static_cast<char32_t>(c)) != std::u32string_view::npos;
  });
}

// PowerShell reads the typographic dashes and quotes as '-' and ''' too.
bool is_dash(std::uint32_t c) {
  return c == '-' || (c >= 0x2013 && c <= 0x2015);
}
bool is_single_quote(std::uint32_t c) {
  return c == '\'' || (c >= 0x2018 && c <= 0x201B);
}

std::optional<std::string_view> unsafe_anywhere(std::string_view value, const Characters& all) {
  if (value.empty()) return "it is empty";
  if (value.size() > kMaxCommandValue) return "it is longer than 512 bytes";
  for (const auto c : all) {
    if (c == kReplacement) return "it is not valid UTF-8";
    if (must_not_stand_raw(c)) return "it holds control, invisible or directional characters";
  }
  return std::nullopt;
}

std::optional<std::string_view> unsafe_in_powershell(const Characters& all) {
  if (is_dash(all.front())) return "it begins with '-' and would be read as an option";
  if (all.front() == '@') return "it begins with '@'";
  if (has_any(all, U"\"\u201C\u201D\u201E")) return "it holds a double quote, which programs get unescaped";
  if (all.back() == '\\') return "it ends with '\\', which would escape a quote of ours";
  if (has_any(all, U"*?[]")) return "it holds a wildcard";
  return std::nullopt;
}

std::optional<std::string_view> unsafe_in(Syntax syntax, std::string_view value, const Characters& all) {
  switch (syntax) {
    case Syntax::kSh:
      if (all.front() == '-') return "it begins with '-' and would be read as an option";
      return std::nullopt;
    case Syntax::kPowershell:
      return unsafe_in_powershell(all);
    case Syntax::kCli:
      if (all.front() == '-') return "it begins with '-' and would be read as an option";
      if (value.find_first_not_of(kCliWord) != std::string_view::npos)
        return "it holds characters that this command line cannot quote";
      return std::nullopt;
    case Syntax::kSpl:
      if (has_any(all, U"*`")) return "it holds '*' or '`', which a Splunk search cannot take literally";
      return std::nullopt;
    case Syntax::kConsole:
      if (has_any(all, U"\u201C\u201D")) return "it holds quotation marks";
      return std::nullopt;
    case Syntax::kKql:
    case Syntax::kSql:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string sh_word(std::string_view value) {
  if (value.find_first_not_of(kCliWord) == std::string_view::npos) return std::string(value);
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') out += "'\\'";
    out += c;
  }
  return out + '\'';
}

std::string powershell_word(const Characters& all) {
  std::string out = "'";
  for (const auto c : all) {
    if (is_single_quote(c)) append_utf8(out, c);
    append_utf8(out, c);
  }
  return out + '\'';
}

std::string quoted(std::string_view value, const Characters& all, Syntax syntax) {
  switch (syntax) {
    case Syntax::kSh:
      return sh_word(value);
    case Syntax::kPowershell:
      return powershell_word(all);
    case Syntax::kKql:
      return kql_literal(value);
    case Syntax::kSpl:
      return spl_literal(value).text;
    case Syntax::kSql:
      return sql_literal(value);
    case Syntax::kConsole:
      return "“" + std::string(value) + "”";
    case Syntax::kCli:
      break;
  }
  return std::string(value);
}

struct Quoting {
  std::string_view quotes;      // characters that open and close a literal
  char escape = '\0';           // takes the next character as it is; '\0': none
  std::string_view escapes_in;  // the quotes inside which it does
  std::string_view comment;     // up to the end of the line; empty: none
};

Quoting quoting_of(Syntax syntax) {
  switch (syntax) {
    case Syntax::kSh:
      return {"'\"`", '\\', "\"`", " #"};
    case Syntax::kPowershell:
      return {"'\"", '`', "\"", " #"};
    case Syntax::kKql:
      return {"'\"", '\\', "'\"", "//"};
    case Syntax::kSpl:
      return {"\"", '\\', "\"", "```"};
    case Syntax::kSql:
      return {"'\"", '\0', "", "--"};
    case Syntax::kConsole:
    case Syntax::kCli:
      break;
  }
  return {};
}

// What encloses offset `at`: a quote character, '#' for a comment, '\0' for nothing.
char enclosure_at(std::string_view command, std::size_t at, const Quoting& quoting) {
  char open = '\0';
  for (std::size_t i = 0; i < at; ++i) {
    const char c = command[i];
    if (open == '#') {
      if (c == '\n') open = '\0';
    } else if (open != '\0') {
      if (c == quoting.escape && quoting.escapes_in.find(open) != std::string_view::npos) ++i;
      if (c == open) open = '\0';
    } else if (quoting.quotes.find(c) != std::string_view::npos) {
      open = c;
    } else if (!quoting.comment.empty() && command.substr(i).starts_with(quoting.comment)) {
      open = '#';
    } else if (c == quoting.escape && quoting.escape != '\0') {
      ++i;
    }
  }
  return open;
}

bool stands_alone(std::string_view command, std::size_t at, std::size_t length) {
  constexpr std::string_view kBefore = " \n(,=;|{", kAfter = " \n),;|}";
  const auto end = at + length;
  const bool free_before = at == 0 || kBefore.find(command[at - 1]) != std::string_view::npos;
  return free_before && (end == command.size() || kAfter.find(command[end]) != std::string_view::npos);
}

}  // namespace

std::string_view to_text(Syntax syntax) {
  return kNames[static_cast<std::size_t>(syntax)];
}

Result<std::string> quote(std::string_view value, Syntax syntax) {
  const auto all = characters(value.substr(0, kMaxCommandValue + 1));
  auto why = unsafe_anywhere(value, all);
  if (!why) why = unsafe_in(syntax, value, all);
  if (why) {
    return error(ErrorKind::kInvalidInput, "quote for " + std::string(to_text(syntax)),
                 "“" + display_text(value, 60) + "” is not filled in: " + std::string(*why) + ".");
  }
  return quoted(value, all, syntax);
}

std::string misplaced(std::string_view command, std::size_t at, std::size_t length, Syntax syntax) {
  switch (enclosure_at(command, at, quoting_of(syntax))) {
    case '\0':
      break;
    case '#':
      return "stands in a comment";
    default:
      return "stands inside quotes; it brings its own";
  }
  if (syntax == Syntax::kPowershell && !stands_alone(command, at, length))
    return "touches other text; in PowerShell it must be a word of its own";
  return {};
}

}  // namespace tocsin::escape
