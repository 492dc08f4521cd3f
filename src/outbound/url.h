#pragma once
// URLs as libcurl reads them, so that what is judged is what is connected to. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tocsin::outbound {

struct Url {
  std::string text;    // canonical, without a fragment
  std::string scheme;  // "https", "http"
  std::string host;    // lower case, no dot at the end, no brackets; an address in its usual form
  std::uint16_t port = 0;
  bool is_address = false;

  // "https://host:443": all that messages may show of it.
  std::string origin() const;
  bool same_origin(const Url& other) const;
};

// kInvalidInput, without quoting the text. Refused: other schemes, user information, zone ids, control
// characters, blanks, backslashes, anything but ASCII, hosts that only look like numbers.
Result<Url> parse_url(std::string_view text);

// With `query` added, percent-encoded.
Result<Url> parse_url(std::string_view text, const std::vector<std::pair<std::string, std::string>>& query);

// Where a Location header leads from `base`. Its errors are those of parse_url.
Result<Url> resolve_url(const Url& base, std::string_view location);

// Letters, digits, '-', '_' in labels of 1 to 63, 253 in all, lower or upper case; the last label is no
// number.
bool is_host_name(std::string_view name);

}  // namespace tocsin::outbound
