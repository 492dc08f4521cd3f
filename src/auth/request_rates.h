#pragma once
// How many requests a second a key and a tenant may send, beside what the server allows one address. One
// customer's runaway script then slows nobody else.

#include <optional>

#include "http/http.h"
#include "http/rate_limiter.h"

namespace tocsin::auth {

// Thread-safe; bounded memory (http/rate_limiter.h).
class RequestRates {
 public:
  using Time = TokenBucket::Time;
  RequestRates(http::Rate key, http::Rate tenant) : key_(key), tenant_(tenant) {}

  // The refusal (429 with Retry-After) of a request whose caller sends too many. Whoever acts without sign-in
  // is not counted.
  std::optional<http::Response> refuse(const http::Request& request, Time now);

 private:
  http::RateLimiter key_;
  http::RateLimiter tenant_;
};

}  // namespace tocsin::auth
