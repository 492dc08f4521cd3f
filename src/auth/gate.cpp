#include "auth/gate.h"

#include "base/ascii.h"

namespace tocsin::auth {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kBearer = "bearer ";

struct Credential {
  enum class Kind { kNone, kToken, kCookie };
  Kind kind = Kind::kNone;
  std::string_view text;
};

Credential credential_of(const Request& request) {
  if (const auto in_path = request.path_param("token"); !in_path.empty())
    return {Credential::Kind::kToken, in_path};
  const auto authorization = request.header("Authorization");
  if (!authorization.empty()) {
    const bool is_bearer = to_lower(authorization.substr(0, kBearer.size())) == kBearer;
    return {Credential::Kind::kToken, is_bearer ? authorization.substr(kBearer.size()) : std::string_view()};
  }
  const auto cookie = cookie_of(request, kSessionCookie);
  return {cookie.empty() ? Credential::Kind::kNone : Credential::Kind::kCookie, cookie};
}

Response refuse(const Request& request, int status, std::string title, std::string detail, std::string hint) {
  return http::problem_response({status, std::move(title), std::move(detail), std::move(hint), {}},
                                request.trace_id);
}

bool wants_page(const Request& request) {
  const bool reads = request.method == http::Method::kGet || request.method == http::Method::kHead;
  return reads && request.header("Sec-Fetch-Mode") == "navigate";
}

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
         c == '.' || c == '~' || c == '/';
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_plain(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
  }
  return out;
}

Response to_sign_in(const Request& request) {
  Response response;
  response.status = 303;
  std::string next = percent_encoded(request.path);
  for (const auto& [name, value] : request.query) {
    next += next.find('?') == std::string::npos ? '?' : '&';
    next += percent_encoded(name) + "=" + percent_encoded(value);
  }
  response.headers.emplace_back("Location", "/sign-in?next=" + percent_encoded(next));
  return response;
}

Response not_signed_in(const Request& request, bool has_credential) {
  if (wants_page(request)) return to_sign_in(request);
  auto response = refuse(request, 401, "Not signed in",
                         has_credential ? "The session or token is not known, or its time is over."
                                        : "This needs a session or a token.",
                         "Sign in at /sign-in, or send a key as Authorization: Bearer.");
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tocsin\"");
  return response;
}

Response foreign_tenant(const Request& request) {
  return refuse(request, 404, "Not found", "There is no such tenant.", "GET /api/v1/session lists yours.");
}

bool is_write(const Request& request) {
  return request.method != http::Method::kGet && request.method != http::Method::kHead &&
         request.method != http::Method::kOptions;
}

std::string_view authority_of(std::string_view origin) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

// The scheme is not compared: a proxy that ends TLS in front of us speaks plain HTTP to us.
bool comes_from_own_page(const Request& request) {
  const auto origin = request.header("Origin");
  if (origin.empty()) return request.header("Sec-Fetch-Site") == "same-origin";
  return to_lower(authority_of(origin)) == to_lower(request.header("Host"));
}

std::string roles_with(model::Verb verb) {
  std::string names;
  for (const auto& row : model::role_table()) {
    if (!model::verbs_of(row.role).test(static_cast<std::size_t>(verb))) continue;
    names.append(names.empty() ? "" : ", ").append(row.name);
  }
  return names;
}

Response not_allowed(const Request& request, const model::Principal& caller, model::Verb verb) {
  if (wants_page(request)) return to_sign_in(request);  // which says what to do first
  const bool is_of_the_role = model::verbs_of(caller.role).test(static_cast<std::size_t>(verb));
  if (is_of_the_role && !model::verbs_in_scope().test(static_cast<std::size_t>(verb)) &&
      !caller.scope.is_everything()) {
    return refuse(request, 403, "Forbidden",
                  "This concerns the whole tenant, and you work in a part of it: " +
                      std::string(to_text(verb)) + " goes without a scope only.",
                  "Ask somebody whose role has no scope.");
  }
  if (caller.kind == model::Principal::Kind::kPerson && is_of_the_role) {
    return refuse(request, 403, "Forbidden", "The password must be changed first.",
                  "PUT /api/v1/me/password, or open /account.");
  }
  return refuse(request, 403, "Forbidden",
                "The role " + std::string(to_text(caller.role)) + " may not do this: it needs " +
                    std::string(to_text(verb)) + ".",
                "Roles that have it: " + roles_with(verb) + ".");
}

// Of the installation's only user, in the tenant that was asked for; null when there is none.
model::PrincipalPtr local_admin_of(const Directory& directory, std::string_view tenant) {
  const auto local = model::local_admin();
  if (tenant.empty() || tenant == local->tenant_name) return local;
  const auto known = directory.tenant_by_name(tenant);
  if (!known || known->suspended) return nullptr;
  auto there = *local;
  there.tenant = known->number;
  there.tenant_name = known->name;
  return std::make_shared<const model::Principal>(std::move(there));
}

// A page cannot set headers on links and WebSockets: there its tenant comes in a cookie.
std::string_view tenant_of(const Request& request) {
  const auto named = request.header("X-Tocsin-Tenant");
  return named.empty() ? cookie_of(request, kTenantCookie) : named;
}

// A token that is for one source hands in that source's payloads and nothing else.
bool is_foreign_source(const Request& request, const model::Principal& caller) {
  return !caller.source.empty() && request.path_param("source") != caller.source;
}

}  // namespace

std::string session_cookie(std::string_view token) {
  return std::string(kSessionCookie) + "=" + std::string(token) +
         "; Path=/; Secure; HttpOnly; SameSite=Strict";
}

std::string cleared_session_cookie() {
  return session_cookie("") + "; Max-Age=0";
}

std::string_view cookie_of(const Request& request, std::string_view name) {
  std::string_view found;
  for (const auto& [header, value] : request.headers) {
    if (to_lower(header) != "cookie") continue;
    for (std::string_view rest = value; !rest.empty();) {
      auto pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (!found.empty()) return {};
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

std::optional<Response> Gate::admit(Request& request, std::string_view pattern, bool websocket) const {
  const auto verb = verb_of_(websocket ? http::Method::kGet : request.method, pattern);
  if (!verb)  // a route that the document does not know is nobody's
    return refuse(request, 403, "Forbidden", "This route is not open to anybody.", {});
  const auto named = request.header("X-Tocsin-Tenant");
  if (is_open()) {
    request.principal = local_admin_of(directory_, tenant_of(request));
    if (!request.principal && named.empty()) request.principal = model::local_admin();
    return request.principal ? std::nullopt : std::optional(foreign_tenant(request));
  }
  const auto credential = credential_of(request);
  Directory::Found found;
  if (credential.kind == Credential::Kind::kToken) found = directory_.find_key(credential.text, named);
  if (credential.kind == Credential::Kind::kCookie) {
    found = directory_.find_session(credential.text, tenant_of(request));
    // Of a tenant that is gone, or another's who used this browser.
    if (found.foreign_tenant && named.empty()) found = directory_.find_session(credential.text, {});
  }
  request.principal = found.principal;
  if (*verb == model::Verb::kPublic) return std::nullopt;
  if (found.foreign_tenant) return foreign_tenant(request);
  if (!found.principal) return not_signed_in(request, credential.kind != Credential::Kind::kNone);
  const bool by_cookie = credential.kind == Credential::Kind::kCookie;
  if (by_cookie && (websocket || is_write(request)) && !comes_from_own_page(request)) {
    return refuse(request, 403, "Forbidden", "A page of another origin asked for this, and it may not.",
                  "Use this server's console, or a key as Authorization: Bearer.");
  }
  if (!found.principal->may(*verb)) return not_allowed(request, *found.principal, *verb);
  if (is_foreign_source(request, *found.principal)) {
    return refuse(request, 403, "Forbidden", "This token is for the source " + found.principal->source + ".",
                  "Post to /api/v1/webhooks/" + found.principal->source + ".");
  }
  return std::nullopt;
}

}  // namespace tocsin::auth
