#pragma once
// When a request is tried again. Pure.

#include <optional>
#include <string_view>

#include "outbound/outbound.h"

namespace tocsin::outbound {

// 408, 425, 429, 500, 502, 503, 504.
bool is_transient(int status);

// True when the request may be sent a second time though the first may have arrived.
bool may_repeat(const Request& request);

// Retry-After: seconds or an HTTP date; at least 0, at most `longest`. Absent when it is neither.
std::optional<milliseconds> parse_retry_after(std::string_view text, Timestamp now, milliseconds longest);

// Before attempt `done` + 1, `done` >= 1; `random` in [0, 1).
milliseconds backoff_delay(const Backoff& backoff, std::uint32_t done, double random);

}  // namespace tocsin::outbound
