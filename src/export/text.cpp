#include "export/text.h"

#include <algorithm>
#include <array>

#include "base/display_text.h"

namespace tocsin::exports {
namespace {

constexpr std::array<std::string_view, 8> kFormulaStarts{
    "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

// What some spreadsheets strip before they look for a formula. Spelled-out controls count as stripped: the
// value began with them.
std::string_view without_prefix(std::string_view value) {
  constexpr std::array<std::string_view, 8> kIgnored{" ",  "\"", "'",        "\t",
                                                     "\r", "\n", "\xC2\xA0", "\xE3\x80\x80"};
  for (bool more = true; more;) {
    more = false;
    for (const auto prefix : kIgnored) {
      if (!value.starts_with(prefix)) continue;
      value.remove_prefix(prefix.size());
      more = true;
    }
  }
  return value;
}

bool may_be_formula(std::string_view value) {
  if (value.starts_with('\t') || value.starts_with('\r') || value.starts_with('\n')) return true;
  const auto seen = without_prefix(value);
  return std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(),
                     [&](std::string_view start) { return seen.starts_with(start); });
}

void append_doubled(std::string& out, std::string_view text, char doubled) {
  for (const char c : text) {
    if (c == doubled) out += c;
    out += c;
  }
}

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// CommonMark's reference parser counts no more of them.
constexpr std::size_t kMaxCodeTicks = 79;
constexpr std::string_view kSpelledTick = "\xE2\x9F\xA6U+0060\xE2\x9F\xA7";  // as display_text spells
constexpr std::string_view kSpelledBar = "\xE2\x9F\xA6U+007C\xE2\x9F\xA7";
constexpr std::size_t kMaxFence = 200;

// A line that could close the fence is indented by four blanks: then it closes none.
void append_fenced_lines(std::string& out, std::string_view text, std::string_view fence) {
  while (true) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto begin = std::min(line.find_first_not_of(' '), line.size());
    if (line.substr(begin).starts_with(fence)) out += "    ";
    out += line;
    out += '\n';
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// At the start of a block "- ", "+ ", "1." and "=" mean something.
std::size_t escape_block_start(std::string& out, std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  if (at > 0 && at < text.size() && (text[at] == '.' || text[at] == ')')) {
    out.append(text.substr(0, at));
    out += '\\';
    out += text[at];
    return at + 1;
  }
  if (!text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == '=')) {
    out += '\\';
    out += text[0];
    return 1;
  }
  return 0;
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view value) {
  out += '"';
  if (may_be_formula(value)) out += '\'';
  append_doubled(out, display_text(value, kShownChars), '"');
  out += '"';
}

void append_html(std::string& out, std::string_view value) {
  for (const char c : display_text(value, kShownChars)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

void append_markdown(std::string& out, std::string_view value) {
  const auto shown = display_text(value, kShownChars);
  std::string_view text = shown;
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  text.remove_prefix(escape_block_start(out, text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool address = (text[i] == ':' && text.substr(i).starts_with("://")) || text[i] == '@' ||
                         (text[i] == '.' && i >= 3 && (text[i - 1] == 'w' || text[i - 1] == 'W'));
    if (address || std::string_view("\\`*_[]<>|~&#!^$").find(text[i]) != std::string_view::npos) out += '\\';
    out += text[i];
  }
}

void append_markdown_code(std::string& out, std::string_view value) {
  const auto shown = display_text(value, kShownChars);
  if (shown.find_first_not_of(' ') == std::string::npos) {
    out += "(empty)";
    return;
  }
  const auto ticks = longest_run(shown, '`');
  const bool spelled = ticks >= kMaxCodeTicks;
  const std::string fence(spelled ? 1 : ticks + 1, '`');
  out += fence;
  out += ' ';
  for (const char c : shown) {
    if (spelled && c == '`') {
      out += kSpelledTick;
    } else if (c == '|') {  // or a table cell would end here; after a backslash readers differ
      out += out.ends_with('\\') ? kSpelledBar : "\\|";
    } else {
      out += c;
    }
  }
  out += ' ';
  out += fence;
}

void append_markdown_block(std::string& out, std::string_view language, std::string_view text) {
  const auto shown = display_lines(text);
  const std::string fence(std::clamp<std::size_t>(longest_run(shown, '`') + 1, 3, kMaxFence), '`');
  out += fence;
  out += language;
  out += '\n';
  append_fenced_lines(out, shown, fence);
  out += fence;
  out += '\n';
}

std::string display_lines(std::string_view text) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_display_text(out, line, kShownChars);
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace tocsin::exports
