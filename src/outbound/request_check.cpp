#include "outbound/request_check.h"

#include <algorithm>

#include "base/ascii.h"

namespace tocsin::outbound {
namespace {

bool is_token_char(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_value_char(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](auto one) { return equal_ignoring_case(one, name); });
}

// Framing, routing and compression are libcurl's.
bool is_our_own(std::string_view name) {
  return is_one_of(
      name, {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE",
             "Trailer", "Expect", "Accept-Encoding", "Proxy-Authorization", "Proxy-Connection"});
}

bool is_secret(const Header& header) {
  return header.secret || is_one_of(header.name, {"Authorization", "Cookie"});
}

Result<void> check_header(const Header& header, const Url& url) {
  const auto wrong = [&](std::string message) {
    return error(ErrorKind::kInvalidInput, "call another service", std::move(message),
                 "header names are tokens, values one line of text", url.origin());
  };
  if (header.name.empty() || !std::all_of(header.name.begin(), header.name.end(), is_token_char)) {
    return wrong("the name of a header is bad");
  }
  if (is_our_own(header.name)) return wrong("the header " + header.name + " is the client's own");
  if (!std::all_of(header.value.begin(), header.value.end(), is_value_char)) {
    return wrong("the value of the header " + header.name + " is bad");
  }
  return {};
}

}  // namespace

Result<void> check_target(const Url& url, const Policy& policy) {
  const auto forbidden = [&](std::string message, std::string hint) {
    return error(ErrorKind::kForbidden, "call another service", std::move(message), std::move(hint),
                 url.origin());
  };
  if (url.scheme != "https" && !policy.allow_http) {
    return forbidden("http is not encrypted", "use https, or set outbound.allow_http");
  }
  const auto& ports = policy.ports;
  if (!ports.empty() && std::find(ports.begin(), ports.end(), url.port) == ports.end()) {
    return forbidden("this port is not allowed", "name it in outbound.ports if it is meant");
  }
  return {};
}

Result<Url> check_request(const Request& request, const Policy& policy) {
  TOCSIN_TRY(url, parse_url(request.url, request.query));
  TOCSIN_CHECK(check_target(url, policy));
  for (const auto& header : request.headers) TOCSIN_CHECK(check_header(header, url));
  const auto& limits = request.limits;
  if (std::min({limits.connect, limits.attempt, limits.total}) <= milliseconds(0)) {
    return error(ErrorKind::kInvalidInput, "call another service", "a time limit is not positive", {},
                 url.origin());
  }
  return url;
}

std::vector<std::string> header_lines(const Request& request, bool with_secrets) {
  std::vector<std::string> lines;
  for (const auto& header : request.headers) {
    if (is_secret(header) && !with_secrets) continue;
    // libcurl takes "Name:" as "send none" and "Name;" as "send it empty".
    lines.push_back(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  return lines;
}

}  // namespace tocsin::outbound
