#include "outbound/retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace tocsin::outbound {
namespace {

constexpr std::size_t kMaxDate = 64;

std::optional<milliseconds> until_date(const std::string& text, Timestamp now) {
  const auto then = curl_getdate(text.c_str(), nullptr);
  if (then < 0) return std::nullopt;
  const auto at = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  return std::chrono::seconds(then) - at;
}

// More digits than fit mean "very long".
std::optional<milliseconds> seconds(std::string_view digits) {
  std::uint32_t value = 0;
  const auto code = std::from_chars(digits.data(), digits.data() + digits.size(), value).ec;
  return std::chrono::seconds(code == std::errc{} ? value : UINT32_MAX);
}

}  // namespace

bool is_transient(int status) {
  constexpr int kTransient[] = {408, 425, 429, 500, 502, 503, 504};
  return std::find(std::begin(kTransient), std::end(kTransient), status) != std::end(kTransient);
}

bool may_repeat(const Request& request) {
  if (request.retry != Retry::kIfIdempotent) return request.retry == Retry::kAlways;
  return request.method != Method::kPost && request.method != Method::kPatch;
}

std::optional<milliseconds> parse_retry_after(std::string_view text, Timestamp now, milliseconds longest) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.empty() || text.size() > kMaxDate) return std::nullopt;
  const bool number = std::all_of(text.begin(), text.end(), is_digit);
  const auto wait = number ? seconds(text) : until_date(std::string(text), now);
  if (!wait) return std::nullopt;
  return std::clamp(*wait, milliseconds(0), longest);
}

milliseconds backoff_delay(const Backoff& backoff, std::uint32_t done, double random) {
  constexpr std::uint32_t kEnough = 30;  // doublings; the bound is reached long before
  const auto steps = std::min(done - 1, kEnough);
  const auto ceiling = std::min(static_cast<double>(backoff.longest.count()),
                                static_cast<double>(backoff.base.count()) * (1U << steps));
  return milliseconds(static_cast<milliseconds::rep>(ceiling * random));
}

}  // namespace tocsin::outbound
