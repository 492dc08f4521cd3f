#include "ingest/cef.h"

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr bool is_key_char(char c) {
  return is_alnum(c) || c == '_' || c == '.' || c == '-' || c == ',' || c == '[' || c == ']';
}

// Takes a header field up to the next pipe that is not escaped; absent when there is none.
std::optional<std::string> take_header_field(std::string_view& rest) {
  std::string field;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    if (rest[at] == '|') {
      rest.remove_prefix(at + 1);
      return field;
    }
    const bool escape =
        rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '|' || rest[at + 1] == '\\');
    if (escape) ++at;
    field += rest[at];
  }
  return std::nullopt;
}

std::string unescape_value(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] != '\\' || at + 1 == value.size()) {
      out += value[at];
      continue;
    }
    switch (value[at + 1]) {
      case 'n':
        out += '\n';
        ++at;
        break;
      case 'r':
        out += '\r';
        ++at;
        break;
      case '=':
      case '|':
      case '\\':
        out += value[++at];
        break;
      default:
        out += '\\';
    }
  }
  return out;
}

struct KeyPlace {
  std::size_t start = 0;  // of the key
  std::size_t equals = 0;
};

// The next "key=" at or after `from`: the key stands at the start or after a blank, and its '=' is not
// escaped.
std::optional<KeyPlace> find_key(std::string_view text, std::size_t from) {
  std::size_t word = from;  // start of the run of key characters that ends here
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '=' && at > word && (word == 0 || is_blank(text[word - 1]))) return KeyPlace{word, at};
    if (!is_key_char(text[at])) word = at + 1;
  }
  return std::nullopt;
}

// "n" and "r" are escapes only where the specification has them: in values, never in "C:\new" written
// unescaped by a careless sender, which cannot be told apart; the specification wins.
void read_extension(std::string_view text, CefLine& line) {
  auto key = find_key(text, 0);
  while (key && line.extension.size() < kMaxCefFields) {
    const auto next = find_key(text, key->equals + 1);
    const auto end = next ? next->start : text.size();
    const auto value = trim(text.substr(key->equals + 1, end - key->equals - 1));
    line.extension.emplace_back(text.substr(key->start, key->equals - key->start), unescape_value(value));
    key = next;
  }
}

}  // namespace

std::string_view CefLine::get(std::string_view key) const {
  for (const auto& [known, value] : extension) {
    if (known == key) return value;
  }
  return {};
}

std::string_view CefLine::any(std::initializer_list<std::string_view> keys) const {
  for (const auto key : keys) {
    const auto value = get(key);
    if (!value.empty()) return value;
  }
  return {};
}

std::size_t find_cef(std::string_view line) {
  for (auto at = line.find("CEF:"); at != std::string_view::npos; at = line.find("CEF:", at + 1)) {
    auto digits = at + 4;
    while (digits < line.size() && (is_digit(line[digits]) || line[digits] == ' ')) ++digits;
    if (digits > at + 4 && digits < line.size() && line[digits] == '|') return at;
  }
  return std::string_view::npos;
}

std::optional<CefLine> parse_cef(std::string_view line) {
  const auto start = find_cef(line);
  if (start == std::string_view::npos) return std::nullopt;
  CefLine cef;
  cef.prefix = line.substr(0, start);
  auto rest = line.substr(line.find('|', start) + 1);
  for (auto* field : {&cef.vendor, &cef.product, &cef.version, &cef.signature_id, &cef.name, &cef.severity}) {
    auto value = take_header_field(rest);
    if (!value) return std::nullopt;
    *field = std::string(trim(*value));
  }
  read_extension(rest, cef);
  return cef;
}

}  // namespace tocsin::ingest
