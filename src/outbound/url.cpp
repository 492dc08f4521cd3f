#include "outbound/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "outbound/address.h"

namespace tocsin::outbound {
namespace {

constexpr std::size_t kMaxUrl = 8 * 1024;

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Error bad_url(std::string message, std::string hint = "give an absolute https:// URL") {
  return error(ErrorKind::kInvalidInput, "read a URL", std::move(message), std::move(hint));
}

// Empty when there is no such part.
std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool is_plain(char c) {
  return c > 0x20 && c < 0x7F && c != '\\';
}

std::string_view authority(std::string_view text) {
  const auto slashes = text.find("//");
  if (slashes == std::string_view::npos) return {};
  const auto rest = text.substr(slashes + 2);
  return rest.substr(0, rest.find_first_of("/?#"));
}

Result<void> check_text(std::string_view text) {
  if (text.empty() || text.size() > kMaxUrl) return bad_url("it is empty or longer than 8 KiB");
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    return bad_url("it holds a blank, a control character, a backslash or something that is not ASCII",
                   "percent-encode it; write an international name in its xn-- form");
  }
  if (authority(text).find('@') != std::string_view::npos) {
    return bad_url("it holds user information", "send credentials as a header");
  }
  return {};
}

// "7", "0x7f": what inet_aton would take for a part of an address.
bool is_number(std::string_view label) {
  const bool hex = label.size() >= 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');
  const auto digits = hex ? label.substr(2) : label;
  return std::all_of(digits.begin(), digits.end(), hex ? is_hex : is_digit);
}

bool is_label(std::string_view label) {
  const bool ends_well = !label.empty() && label.front() != '-' && label.back() != '-';
  return ends_well && label.size() <= 63 &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

Result<void> read_host(CURLU* handle, Url& url) {
  auto host = to_lower(part(handle, CURLUPART_HOST));
  if (!part(handle, CURLUPART_ZONEID).empty()) return bad_url("its address has a zone");
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.ends_with('.')) host.pop_back();
  const auto address = Address::parse(host);
  if (!address && !is_host_name(host)) return bad_url("its host is neither a name nor an address");
  url.is_address = address.has_value();
  url.host = address ? address->text() : host;
  const bool bracket = address && !address->is_v4();
  const auto written = bracket ? "[" + url.host + "]" : url.host;
  if (curl_url_set(handle, CURLUPART_HOST, written.c_str(), 0) != CURLUE_OK)
    return bad_url("its host is bad");
  return {};
}

Result<Url> read(CURLU* handle) {
  Url url;
  url.scheme = part(handle, CURLUPART_SCHEME);
  if (url.scheme != "https" && url.scheme != "http") return bad_url("its scheme is not https");
  TOCSIN_CHECK(read_host(handle, url));
  const auto port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.port = static_cast<std::uint16_t>(std::atoi(port.c_str()));
  if (url.port == 0) return bad_url("its port is bad");
  curl_url_set(handle, CURLUPART_FRAGMENT, nullptr, 0);
  url.text = part(handle, CURLUPART_URL);
  return url;
}

Result<void> set(CURLU* handle, std::string_view text) {
  TOCSIN_CHECK(check_text(text));
  const auto code = curl_url_set(handle, CURLUPART_URL, std::string(text).c_str(), CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) return bad_url(curl_url_strerror(code));
  return {};
}

}  // namespace

bool is_host_name(std::string_view name) {
  if (name.size() > 253) return false;
  for (;;) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !is_number(label);
    name.remove_prefix(dot + 1);
  }
}

std::string Url::origin() const {
  const bool bracket = host.find(':') != std::string::npos;
  return scheme + "://" + (bracket ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Url::same_origin(const Url& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

Result<Url> parse_url(std::string_view text) {
  return parse_url(text, {});
}

Result<Url> parse_url(std::string_view text, const std::vector<std::pair<std::string, std::string>>& query) {
  const Handle handle(curl_url(), curl_url_cleanup);
  TOCSIN_CHECK(set(handle.get(), text));
  for (const auto& [name, value] : query) {
    const bool bad = name.find('=') != std::string::npos || name.find('\0') != std::string::npos ||
                     value.find('\0') != std::string::npos;
    auto pair = name;
    pair.append("=").append(value);
    if (bad || curl_url_set(handle.get(), CURLUPART_QUERY, pair.c_str(),
                            CURLU_APPENDQUERY | CURLU_URLENCODE) != CURLUE_OK) {
      return bad_url("a query parameter is bad", "names have no '=', nothing has a NUL");
    }
  }
  return read(handle.get());
}

Result<Url> resolve_url(const Url& base, std::string_view location) {
  const Handle handle(curl_url(), curl_url_cleanup);
  TOCSIN_CHECK(set(handle.get(), base.text));
  TOCSIN_CHECK(set(handle.get(), location));
  return read(handle.get());
}

}  // namespace tocsin::outbound
