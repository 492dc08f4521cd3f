#include "ingest/xml.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr auto kEntities = std::to_array<std::pair<std::string_view, char>>(
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}});
constexpr std::size_t kMaxEntityName = 8;

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0U | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0U | code >> 12);
    } else {
      byte(0xF0U | code >> 18);
      byte(0x80U | (code >> 12 & 0x3FU));
    }
    byte(0x80U | (code >> 6 & 0x3FU));
  }
  byte(0x80U | (code & 0x3FU));
}

bool append_reference(std::string& out, std::string_view name) {
  const bool hex = name.starts_with("#x") || name.starts_with("#X");
  const auto digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, fault] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  const bool sound = fault == std::errc() && end == digits.data() + digits.size() && !digits.empty();
  if (!sound || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  append_utf8(out, code);
  return true;
}

bool append_entity(std::string& out, std::string_view name) {
  if (name.starts_with('#')) return append_reference(out, name);
  for (const auto& [known, c] : kEntities) {
    if (known != name) continue;
    out += c;
    return true;
  }
  return false;
}

std::string_view without_prefix(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// End of a tag that begins at 0: the '>' outside quotes; npos when there is none.
std::size_t tag_end(std::string_view text) {
  char quote = 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string decode_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto end = text[at] == '&' ? text.substr(at, kMaxEntityName + 2).find(';') : std::string_view::npos;
    if (end != std::string_view::npos && append_entity(out, text.substr(at + 1, end - 1))) {
      at += end;
    } else {
      out += text[at];
    }
  }
  return out;
}

bool XmlReader::skip_to(std::string_view mark) {
  const auto end = rest_.find(mark);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + mark.size());
  return end != std::string_view::npos;
}

XmlReader::Token XmlReader::next() {
  if (std::exchange(closes_, false)) return Token::kClose;
  while (!rest_.empty()) {
    if (rest_.starts_with("<![CDATA[")) {
      rest_.remove_prefix(9);
      text_ = rest_.substr(0, rest_.find("]]>"));
      verbatim_ = true;
      skip_to("]]>");
      return Token::kText;
    }
    if (rest_.starts_with("<!--")) {
      skip_to("-->");
    } else if (rest_.starts_with("<?") || rest_.starts_with("<!")) {
      skip_to(">");
    } else if (rest_.starts_with('<')) {
      return read_tag();
    } else {
      text_ = rest_.substr(0, rest_.find('<'));
      rest_.remove_prefix(text_.size());
      verbatim_ = false;
      if (!trim(text_).empty()) return Token::kText;
    }
  }
  return Token::kEnd;
}

XmlReader::Token XmlReader::read_tag() {
  const auto end = tag_end(rest_);
  if (end == std::string_view::npos) {
    rest_ = {};
    return Token::kEnd;
  }
  auto tag = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  const bool close = tag.starts_with('/');
  if (close) tag.remove_prefix(1);
  closes_ = !close && tag.ends_with('/');
  if (closes_) tag.remove_suffix(1);
  const auto blank = tag.find_first_of(" \t\r\n");
  name_ = without_prefix(tag.substr(0, blank));
  attributes_ = blank == std::string_view::npos ? std::string_view() : tag.substr(blank);
  return close ? Token::kClose : Token::kOpen;
}

std::string XmlReader::attribute(std::string_view name) const {
  auto rest = attributes_;
  for (auto equals = rest.find('='); equals != std::string_view::npos; equals = rest.find('=')) {
    const auto found = trim(rest.substr(0, equals));
    rest = trim(rest.substr(equals + 1));
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return {};
    const auto end = rest.find(rest[0], 1);
    if (end == std::string_view::npos) return {};
    if (without_prefix(found) == name) return decode_xml(rest.substr(1, end - 1));
    rest = rest.substr(end + 1);
  }
  return {};
}

std::string XmlReader::text() const {
  return verbatim_ ? std::string(text_) : decode_xml(trim(text_));
}

}  // namespace tocsin::ingest
