#include "http/open_mode.h"

#include <algorithm>

#include "http/refusals.h"
#include "http/text.h"

namespace tocsin::http {
namespace {

struct Input {
  const OpenModeRules& rules;
  const Request& request;
  std::string_view authority;
  bool websocket;
};

std::size_t count_header(const Request& request, std::string_view name) {
  const auto same = [&](const Header& header) { return equal_ignoring_case(header.first, name); };
  return static_cast<std::size_t>(std::count_if(request.headers.begin(), request.headers.end(), same));
}

bool is_write(Method method) {
  return method != Method::kGet && method != Method::kHead && method != Method::kOptions;
}

std::optional<Problem> refuse_proxied(const Input& in) {
  for (const std::string_view name : {"Forwarded", "X-Forwarded-For"}) {
    if (count_header(in.request, name) == 0) continue;
    return refusal(403, "Forbidden",
                   "Without sign-in this server answers no request that came through a proxy.",
                   "Connect to it directly, or turn sign-in on before putting a proxy in front of it.");
  }
  return std::nullopt;
}

std::optional<Problem> refuse_missing_host(const Input& in) {
  if (count_header(in.request, "Host") == 1) return std::nullopt;
  return refusal(400, "Bad request", "The request must have exactly one Host header.",
                 "HTTP/1.1 clients send it by themselves (RFC 9112 section 3.2).");
}

std::optional<Problem> refuse_foreign_host(const Input& in) {
  const bool host_ok = is_local_authority(in.request.header("Host"), in.rules.port, in.request.secure);
  const bool target_ok =
      in.authority.empty() || is_local_authority(in.authority, in.rules.port, in.request.secure);
  if (host_ok && target_ok) return std::nullopt;
  const auto port = std::to_string(in.rules.port);
  return refusal(403, "Forbidden",
                 "Without sign-in this server answers only to localhost, 127.0.0.1 and [::1], with its port.",
                 "Open " + std::string(in.request.secure ? "https" : "http") + "://localhost:" + port +
                     "/ instead. Another name that leads here may be a DNS rebinding attack.");
}

bool is_own_origin(std::string_view origin, const Input& in) {
  const std::string_view scheme = in.request.secure ? "https://" : "http://";
  if (!origin.starts_with(scheme)) return false;
  return is_local_authority(origin.substr(scheme.size()), in.rules.port, in.request.secure);
}

std::optional<Problem> refuse_foreign_origin(const Input& in) {
  if (!in.websocket && !is_write(in.request.method)) return std::nullopt;
  for (const auto& [name, value] : in.request.headers) {
    if (!equal_ignoring_case(name, "Origin") || is_own_origin(value, in)) continue;
    return refusal(403, "Forbidden", "A page of another origin asked for this, and it may not.",
                   "Use the console of this server, or a client that sends no Origin header.");
  }
  return std::nullopt;
}

using Rule = std::optional<Problem> (*)(const Input&);
constexpr Rule kRules[] = {refuse_proxied, refuse_missing_host, refuse_foreign_host, refuse_foreign_origin};

bool is_extra_type(const OpenModeRules& rules, std::string_view path, std::string_view type) {
  return std::any_of(rules.extra_types.begin(), rules.extra_types.end(), [&](const auto& extra) {
    return path.starts_with(extra.path_prefix) &&
           std::find(extra.types.begin(), extra.types.end(), type) != extra.types.end();
  });
}

std::string type_hint(const OpenModeRules& rules, std::string_view path) {
  std::string hint = "Send JSON as application/json, or one JSON object a line as application/x-ndjson";
  for (const auto& extra : rules.extra_types) {
    if (!path.starts_with(extra.path_prefix)) continue;
    for (const auto& type : extra.types) hint += ", or " + std::string(type);
  }
  return hint + ".";
}

}  // namespace

bool is_local_authority(std::string_view authority, std::uint16_t port, bool secure) {
  for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
    if (!equal_ignoring_case(authority.substr(0, name.size()), name)) continue;
    const auto rest = authority.substr(name.size());
    return rest.empty() ? port == (secure ? 443 : 80) : rest == ":" + std::to_string(port);
  }
  return false;
}

std::optional<Problem> check_open_mode(const OpenModeRules& rules, const Request& request,
                                       std::string_view authority, bool websocket) {
  const Input input{rules, request, authority, websocket};
  for (const auto rule : kRules) {
    if (auto problem = rule(input)) return problem;
  }
  return std::nullopt;
}

std::optional<Problem> check_body_type(const OpenModeRules& rules, const Request& request) {
  const auto type = request.content_type();
  const bool json = type == "application/json" || type == "application/x-ndjson";
  if (count_header(request, "Content-Type") == 1 && (json || is_extra_type(rules, request.path, type))) {
    return std::nullopt;
  }
  return refusal(
      415, "Unsupported media type",
      type.empty() ? "The body has no single Content-Type." : "This route does not take '" + type + "'.",
      type_hint(rules, request.path));
}

}  // namespace tocsin::http
