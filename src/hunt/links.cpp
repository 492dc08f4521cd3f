#include "hunt/links.h"

#include <zlib.h>

#include <array>
#include <functional>

namespace tocsin::hunt {
namespace {

constexpr const char* kOp = "read link";

std::string url_encoded(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto part = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = (bits << 8U) | (i < part.size() ? static_cast<unsigned char>(part[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= part.size() ? kDigits[(bits >> (18U - 6U * i)) & 63U] : '=';
  }
  return out;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // zlib's way to ask for a gzip header
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void append_utf16(std::string& out, std::uint32_t unit) {
  out += static_cast<char>(unit & 0xFFU);
  out += static_cast<char>(unit >> 8U);
}

// `text` is a query of ours: valid UTF-8.
std::string utf16_le(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at++]);
    const std::size_t tails = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    std::uint32_t c = tails == 0 ? first : first & (0x3FU >> tails);
    for (std::size_t i = 0; i < tails && at < text.size(); ++i)
      c = (c << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    if (c < 0x10000) {
      append_utf16(out, c);
    } else {
      append_utf16(out, 0xD800 + ((c - 0x10000) >> 10U));
      append_utf16(out, 0xDC00 + ((c - 0x10000) & 0x3FFU));
    }
  }
  return out;
}

std::string rison(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '!') out += '!';
    out += c;
  }
  return out + '\'';
}

std::string epoch(Timestamp at) {
  return std::to_string(to_unix_nanos(at) / 1'000'000'000);
}

struct Placeholder {
  std::string_view name;
  std::function<std::string(const Query&, const Links&)> value;
};
const std::array<Placeholder, 9>& placeholders() {
  static const std::array<Placeholder, 9> table{{
      {"query", [](const Query& q, const Links&) { return url_encoded(q.text); }},
      {"query_gzip", [](const Query& q, const Links&) { return url_encoded(base64(gzip(q.text))); }},
      {"query_gzip_utf16",
       [](const Query& q, const Links&) { return url_encoded(base64(gzip(utf16_le(q.text)))); }},
      {"query_rison", [](const Query& q, const Links&) { return url_encoded(rison(q.text)); }},
      {"from", [](const Query& q, const Links&) { return url_encoded(to_rfc3339(q.from)); }},
      {"until", [](const Query& q, const Links&) { return url_encoded(to_rfc3339(q.until)); }},
      {"from_epoch", [](const Query& q, const Links&) { return epoch(q.from); }},
      {"until_epoch", [](const Query& q, const Links&) { return epoch(q.until); }},
      {"workspace", [](const Query&, const Links& links) { return url_encoded(links.workspace); }},
  }};
  return table;
}

const Placeholder* find_placeholder(std::string_view name) {
  for (const auto& one : placeholders()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

Error wrong(std::string message) {
  return error(ErrorKind::kInvalidInput, kOp, std::move(message),
               "such as https://splunk.example/en-US/app/search/search?q={query}&earliest={from_epoch}");
}

}  // namespace

Result<void> check_link(std::string_view link) {
  const std::string_view scheme = link.starts_with("https://") ? "https://" : "http://";
  if (!link.starts_with(scheme)) return wrong("must begin with https:// or http://");
  const auto path = link.find('/', scheme.size());
  if (path == std::string_view::npos || link.substr(0, path).find('{') != std::string_view::npos)
    return wrong("the server must be written out, with a path after it");
  for (const char c : link) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\')
      return wrong("holds a character that no address holds");
  }
  for (auto open = link.find('{'); open != std::string_view::npos; open = link.find('{', open + 1)) {
    const auto close = std::min(link.find('}', open), link.size());
    const auto name = link.substr(open + 1, close - open - 1);
    if (find_placeholder(name) == nullptr) return wrong("'{" + std::string(name) + "}' is no placeholder");
  }
  return {};
}

std::string link_to(const Query& query, const Links& links) {
  const auto found = links.templates.find(query.platform);
  if (found == links.templates.end()) return {};
  std::string_view rest = found->second;
  std::string out;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    out += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = std::min(rest.find('}', open), rest.size() - 1);
    if (const auto* one = find_placeholder(rest.substr(open + 1, close - open - 1)))
      out += one->value(query, links);
    rest.remove_prefix(close + 1);
  }
  return out.size() <= kMaxLink ? out : std::string();
}

}  // namespace tocsin::hunt
