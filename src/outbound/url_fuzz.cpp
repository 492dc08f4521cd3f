// What comes from the other side and is parsed before anything is decided: Location and Retry-After. Whatever
// they hold, what comes out keeps its promises, and reads the same again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "outbound/retry.h"
#include "outbound/url.h"

using namespace tocsin;
using namespace tocsin::outbound;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Url& url) {
  require(url.scheme == "http" || url.scheme == "https");
  require(url.port != 0 && !url.host.empty());
  require(url.is_address == Address::parse(url.host).has_value());
  require(url.is_address || is_host_name(url.host));
  require(url.text.find('@') == std::string::npos || url.text.find('@') > url.text.find('/', 8));
  const auto again = parse_url(url.text);
  // Escapes may grow it beyond the bound.
  if (again) require(again->host == url.host && again->port == url.port && again->scheme == url.scheme);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = parse_url(text)) check(*url);
  static const auto base = *parse_url("https://service.example:8443/a/b?c");
  if (const auto url = resolve_url(base, text)) check(*url);
  const auto wait = parse_retry_after(text, from_unix_nanos(0), milliseconds(300'000));
  if (wait) require(wait->count() >= 0 && wait->count() <= 300'000);
  if (const auto range = Range::parse(text)) require(range->contains(range->first));
  return 0;
}
