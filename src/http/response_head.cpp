#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "http/gzip.h"
#include "http/text.h"

namespace tocsin::http {

// No guessing of types, no addresses told to others, no frames, no windows or pages of other origins that
// hold on to ours, and none of what a browser offers beyond showing a page.
constexpr std::string_view kSecurityHeaders =
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n";

namespace {

constexpr std::string_view kStayWithTls =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";
// Of what is no page: shown by itself it loads nothing, runs nothing and stands in no frame.
constexpr std::string_view kNoPage = "default-src 'none'; frame-ancestors 'none'; sandbox";

struct Phrase {
  int status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
};

std::string_view phrase(int status) {
  const auto* found = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                   [&](const Phrase& row) { return row.status == status; });
  return found == std::end(kPhrases) ? "Status" : found->text;
}

void append_value(std::string& out, std::string_view value) {
  const auto begin = out.size();
  out += value;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_control, ' ');
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  append_value(out, value);
  out += "\r\n";
}

// 204 and 304 have no content, and 204 no length either (RFC 9110 §8.6).
bool has_length(int status) {
  return status != 204 && status != 304;
}

struct Seen {
  bool cache_control = false;
  bool csp = false;
  bool html = false;
};

Seen append_own_fields(std::string& out, const Response& response) {
  Seen seen;
  for (const auto& [name, value] : response.headers) {
    seen.cache_control = seen.cache_control || equal_ignoring_case(name, "Cache-Control");
    seen.csp = seen.csp || equal_ignoring_case(name, "Content-Security-Policy");
    seen.html = seen.html || (equal_ignoring_case(name, "Content-Type") && value.starts_with("text/html"));
    append_field(out, name, value);
  }
  return seen;
}

}  // namespace

void append_head(std::string& out, const Response& response, const HeadContext& context) {
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += phrase(response.status);
  out += "\r\n";
  const auto seen = append_own_fields(out, response);
  if (!seen.cache_control) out += "Cache-Control: no-store\r\n";
  const auto policy = seen.html ? context.html_csp : kNoPage;
  // What a 304 says takes the place of what the browser kept with the page.
  constexpr int kNotModified = 304;
  if (!seen.csp && !policy.empty() && response.status != kNotModified)
    append_field(out, "Content-Security-Policy", policy);
  out += kSecurityHeaders;
  if (context.secure) out += kStayWithTls;
  if (!context.trace_id.empty()) append_field(out, "X-Trace-Id", context.trace_id);
  append_field(out, "Date", context.date);
  if (!context.keep_alive) out += "Connection: close\r\n";
  if (context.keep_alive && context.http_1_0) out += "Connection: keep-alive\r\n";
  if (response.next_piece) {
    if (!context.http_1_0) out += "Transfer-Encoding: chunked\r\n";
  } else if (has_length(response.status)) {
    append_field(out, "Content-Length", std::to_string(body_of(response).size()));
  }
  out += "\r\n";
}

std::string http_date(std::time_t time) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text.data();
}

void compress(Response& response, bool client_takes_gzip, std::size_t threshold) {
  if (!response.static_body.empty() || response.body.size() < threshold) return;
  bool compressible = false;
  for (const auto& [name, value] : response.headers) {
    if (equal_ignoring_case(name, "Content-Encoding")) return;
    compressible = compressible || (equal_ignoring_case(name, "Content-Type") && is_compressible(value));
  }
  if (!compressible) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!client_takes_gzip) return;
  response.body = gzip(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

std::string_view body_of(const Response& response) {
  return response.static_body.empty() ? std::string_view(response.body) : response.static_body;
}

}  // namespace tocsin::http
