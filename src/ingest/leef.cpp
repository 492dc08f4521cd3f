#include "ingest/leef.h"

#include <charconv>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr char kTab = '\t';

// The delimiter that a 2.0 header names; absent when the text is none, so that it belongs to the attributes.
std::optional<char> read_delimiter(std::string_view text) {
  if (text.empty()) return kTab;
  if (text.size() == 1) return text[0];
  if (text == "\\t") return kTab;
  auto hex = text;
  if (hex.starts_with('0') || hex.starts_with('\\')) hex.remove_prefix(1);
  if (!hex.starts_with('x') && !hex.starts_with('X')) return std::nullopt;
  hex.remove_prefix(1);
  unsigned code = 0;
  const auto [end, fault] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
  if (hex.empty() || fault != std::errc() || end != hex.data() + hex.size() || code == 0 || code > 0x7f)
    return std::nullopt;
  return static_cast<char>(code);
}

// "\=" and "\\": what some senders write for '=' in a value.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '=' || text[at + 1] == '|')) ++at;
    out += text[at];
  }
  return out;
}

void add_pair(std::string_view name, std::string_view value, Fields& to) {
  const bool escaped =
      value.find("\\=") != std::string_view::npos || value.find("\\|") != std::string_view::npos;
  escaped ? to.add_own(name, unescaped(value)) : to.add(name, value);
}

void read_delimited(std::string_view text, char delimiter, Fields& to) {
  while (!text.empty()) {
    auto pair = take_until(text, delimiter);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = trim(pair.substr(0, equals));
    if (!name.empty()) add_pair(name, pair.substr(equals + 1), to);
  }
}

bool is_name(std::string_view text) {
  for (const char c : text) {
    if (!is_alnum(c) && c != '_' && c != '-' && c != '.') return false;
  }
  return !text.empty();
}

// Start of the name whose '=' stands at `equals`; npos when what stands there is no name.
std::size_t name_start(std::string_view text, std::size_t equals) {
  const auto blank = text.find_last_of(" \t", equals);
  const auto start = blank == std::string_view::npos ? 0 : blank + 1;
  return is_name(text.substr(start, equals - start)) ? start : std::string_view::npos;
}

void read_blank_separated(std::string_view text, Fields& to) {
  auto start = std::string_view::npos;
  std::size_t equals = 0;
  for (auto at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    const auto next = name_start(text, at);
    if (next == std::string_view::npos || (start != std::string_view::npos && next <= equals)) continue;
    if (start != std::string_view::npos) {
      add_pair(text.substr(start, equals - start), trim(text.substr(equals + 1, next - equals - 1)), to);
    }
    start = next;
    equals = at;
  }
  if (start != std::string_view::npos)
    add_pair(text.substr(start, equals - start), trim(text.substr(equals + 1)), to);
}

// In the text of one record, a delimiter that never comes means that blanks were used.
void read_attributes(std::string_view text, char delimiter, Fields& to) {
  if (delimiter == kTab && text.find(kTab) == std::string_view::npos) return read_blank_separated(text, to);
  read_delimited(text, delimiter, to);
}

bool take_header_field(std::string_view& rest, std::string_view& field) {
  const auto pipe = rest.find('|');
  if (pipe == std::string_view::npos) return false;
  field = trim(rest.substr(0, pipe));
  rest.remove_prefix(pipe + 1);
  return true;
}

}  // namespace

std::size_t find_leef(std::string_view line) {
  for (auto at = line.find("LEEF:"); at != std::string_view::npos; at = line.find("LEEF:", at + 1)) {
    const auto digits = line.substr(at + 5, 8);
    const auto pipe = digits.find('|');
    if (pipe != std::string_view::npos && pipe > 0 && is_digit(digits[0])) return at;
  }
  return std::string_view::npos;
}

std::optional<LeefLine> parse_leef(std::string_view line) {
  const auto start = find_leef(line);
  if (start == std::string_view::npos) return std::nullopt;
  LeefLine leef;
  leef.prefix = line.substr(0, start);
  auto rest = line.substr(start + 5);
  std::string_view format;
  if (!take_header_field(rest, format)) return std::nullopt;
  for (auto* field : {&leef.vendor, &leef.product, &leef.version, &leef.event_id}) {
    if (!take_header_field(rest, *field)) return std::nullopt;
  }
  char delimiter = kTab;
  if (format.starts_with('2')) {
    const auto pipe = rest.find('|');
    const auto named =
        pipe == std::string_view::npos ? std::nullopt : read_delimiter(trim(rest.substr(0, pipe)));
    if (named) {
      delimiter = *named;
      rest.remove_prefix(pipe + 1);
    }
  }
  read_attributes(rest, delimiter, leef.attributes);
  return leef;
}

}  // namespace tocsin::ingest
