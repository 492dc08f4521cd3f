#include "ingest/json_scan.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/ascii.h"

namespace tocsin::ingest {
namespace {

constexpr bool ends_scalar(char c) {
  return is_blank(c) || c == ',' || c == ']' || c == '}' || c == ':';
}

// Past the closing quote of the string whose opening quote stands at `at`; kNotFound when it never closes.
std::size_t skip_string(std::string_view text, std::size_t at) {
  std::size_t from = at + 1;
  while (from < text.size()) {
    const auto* quote = static_cast<const char*>(std::memchr(text.data() + from, '"', text.size() - from));
    if (quote == nullptr) return kNotFound;
    const auto place = static_cast<std::size_t>(quote - text.data());
    std::size_t slashes = 0;
    while (text[place - 1 - slashes] == '\\') ++slashes;  // stops at the opening quote at the latest
    if (slashes % 2 == 0) return place + 1;
    from = place + 1;
  }
  return kNotFound;
}

std::size_t skip_scalar(std::string_view text, std::size_t at) {
  const auto start = at;
  while (at < text.size() && !ends_scalar(text[at])) ++at;
  return at == start ? kNotFound : at;
}

// Takes `wanted` off the front of a name as it is written; false when another character stands there.
bool take_written(std::string_view& written, char wanted) {
  if (!written.starts_with('\\')) {
    if (!written.starts_with(wanted)) return false;
    written.remove_prefix(1);
    return true;
  }
  constexpr std::size_t kUnit = 6;  // "\u0061"
  if (!written.starts_with("\\u")) {
    const bool same = written.size() > 1 && written[1] == wanted;
    written.remove_prefix(std::min<std::size_t>(2, written.size()));
    return same && (wanted == '/' || wanted == '"' || wanted == '\\');
  }
  unsigned unit = 0;
  const auto digits = written.substr(2, 4);
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  written.remove_prefix(std::min(kUnit, written.size()));
  return code == std::errc() && end == digits.data() + 4 && unit == static_cast<unsigned char>(wanted);
}

bool is_name(std::string_view written, std::string_view name) {
  if (written.find('\\') == std::string_view::npos) return written == name;
  return std::all_of(name.begin(), name.end(), [&](char c) { return take_written(written, c); }) &&
         written.empty();
}

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return kNotFound;
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] != '{' && text[at] != '[') return skip_scalar(text, at);
  std::size_t depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
        at = skip_string(text, at);
        if (at == kNotFound) return kNotFound;
        break;
      case '{':
      case '[':
        ++depth;
        ++at;
        break;
      case '}':
      case ']':
        ++at;
        if (--depth == 0) return at;
        break;
      default:
        ++at;
    }
  }
  return kNotFound;
}

bool ArrayCursor::next(std::string_view& element) {
  at_ = skip_space(text_, at_);
  if (at_ < text_.size() && text_[at_] == ']' && first_) {
    ++at_;
    return false;
  }
  if (!first_) {
    if (at_ < text_.size() && text_[at_] == ']') {
      ++at_;
      return false;
    }
    failed_ = at_ >= text_.size() || text_[at_] != ',';
    if (failed_) return false;
    at_ = skip_space(text_, at_ + 1);
  }
  const auto end = skip_value(text_, at_);
  failed_ = end == kNotFound;
  if (failed_) return false;
  element = text_.substr(at_, end - at_);
  at_ = end;
  first_ = false;
  return true;
}

std::string_view find_member(std::string_view object, std::string_view name) {
  std::size_t at = skip_space(object, 0);
  if (at >= object.size() || object[at] != '{') return {};
  ++at;
  while (true) {
    at = skip_space(object, at);
    if (at >= object.size() || object[at] != '"') return {};
    const auto key_end = skip_string(object, at);
    if (key_end == kNotFound) return {};
    const auto key = object.substr(at + 1, key_end - at - 2);
    at = skip_space(object, key_end);
    if (at >= object.size() || object[at] != ':') return {};
    at = skip_space(object, at + 1);
    const auto end = skip_value(object, at);
    if (end == kNotFound) return {};
    if (is_name(key, name)) return object.substr(at, end - at);
    at = skip_space(object, end);
    if (at >= object.size() || object[at] != ',') return {};
    ++at;
  }
}

}  // namespace tocsin::ingest
