#include "http/target.h"

#include <algorithm>

#include "base/utf8.h"

namespace tocsin::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_utf8(std::string_view text) {
  return find_invalid_utf8(text) == text.size();
}

// Back slashes count as borders too: what looks like a way up on any system is refused.
bool has_dot_segment(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find_first_of("/\\", begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

Error bad_target(std::string message, std::string hint = {}) {
  return error(ErrorKind::kInvalidSyntax, "read the request target", std::move(message), std::move(hint));
}

Result<std::string> decode_path(std::string_view raw) {
  auto path = percent_decode(raw, false);
  if (!path) return bad_target("the path has a bad percent escape", "write a literal '%' as %25");
  if (std::any_of(path->begin(), path->end(), is_control))
    return bad_target("the path has control characters");
  if (!is_utf8(*path)) return bad_target("the path is not UTF-8");
  if (has_dot_segment(*path)) return bad_target("the path has '.' or '..' segments");
  return *std::move(path);
}

// Moves the authority of "http://authority/path" from `target` to the result.
Result<std::string> take_authority(std::string_view& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    std::string authority(target.substr(0, end));
    target.remove_prefix(end);
    if (authority.empty()) return bad_target("the absolute target names no host");
    return authority;
  }
  return bad_target("the target must be a path");
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

std::optional<QueryPairs> parse_query(std::string_view text) {
  QueryPairs pairs;
  while (!text.empty()) {
    const auto item = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (item.empty()) continue;
    const auto name_end = std::min(item.find('='), item.size());
    auto name = percent_decode(item.substr(0, name_end), true);
    auto value = percent_decode(item.substr(std::min(name_end + 1, item.size())), true);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) return std::nullopt;
    if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos) return std::nullopt;
    pairs.emplace_back(*std::move(name), *std::move(value));
  }
  return pairs;
}

Result<Target> parse_target(std::string_view target) {
  Target out;
  target = target.substr(0, target.find('#'));
  if (target == "*") {
    out.raw_path = out.path = "*";
    return out;
  }
  if (!target.starts_with('/')) {
    TOCSIN_TRY(authority, take_authority(target));
    out.authority = std::move(authority);
  }
  const auto query_at = std::min(target.find('?'), target.size());
  out.raw_path = query_at == 0 ? "/" : target.substr(0, query_at);
  TOCSIN_TRY(path, decode_path(out.raw_path));
  out.path = std::move(path);
  auto query = parse_query(target.substr(std::min(query_at + 1, target.size())));
  if (!query) return bad_target("the query has a bad percent escape, a NUL or bytes that are not UTF-8");
  out.query = *std::move(query);
  return out;
}

}  // namespace tocsin::http
