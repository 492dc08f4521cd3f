#pragma once
// An answer on its way out: what every response carries, and its bytes. Pure.

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "http/http.h"

namespace tocsin::http {

struct HeadContext {
  std::string_view trace_id;
  std::string_view date;  // IMF-fixdate
  std::string_view html_csp;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool secure = false;  // over TLS: browsers shall not come back without it
};

// What every answer says to browsers, each line with its end.
extern const std::string_view kSecurityHeaders;

// Appends status line and headers with the empty line behind them. Adds what the handler left out:
// Content-Length, Cache-Control: no-store, the security headers, X-Trace-Id, Date. Control characters in
// header values, which could start a header of their own, become blanks.
void append_head(std::string& out, const Response& response, const HeadContext& context);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::time_t time);

// Replaces a compressible body of at least `threshold` bytes by its gzip form when the client takes it; says
// Vary either way.
void compress(Response& response, bool client_takes_gzip, std::size_t threshold);

// The bytes to send: static_body when set, else body.
std::string_view body_of(const Response& response);

}  // namespace tocsin::http
