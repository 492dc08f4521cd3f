// Signing in through an OpenID provider. The two calls are pages of a browser's navigation, so what goes
// wrong is a page too.

#include "api/access.h"
#include "api/context.h"
#include "auth/gate.h"
#include "auth/oidc_sign_in.h"
#include "base/ascii.h"
#include "base/display_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

// Lax, not Strict: the provider's redirect brings it back.
constexpr std::string_view kCookie = "__Host-tocsin-oidc";
constexpr std::string_view kCookieEnd = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=";
constexpr std::size_t kMaxUserAgent = 300;

std::string oidc_cookie(std::string_view value) {
  const auto lifetime =
      value.empty() ? std::chrono::seconds(0) : std::chrono::seconds(auth::kOidcCookieLifetime);
  std::string out(kCookie);
  out.append("=").append(value).append(kCookieEnd).append(std::to_string(lifetime.count()));
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
      out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else
      out += c;
  }
  return out;
}

Response page(int status, std::string_view head, std::string_view body) {
  Response response;
  response.status = status;
  response.headers = {
      {"Content-Type", "text/html; charset=utf-8"},
      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
      {"Cache-Control", "no-store"}};
  response.body =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tocsin: sign in</title>"
      "<meta name=\"viewport\" content=\"width=device-width\">";
  response.body.append(head).append("<body><main>").append(body).append("</main>");
  return response;
}

// No redirect: the session cookie is SameSite=Strict, and a redirect that began at the provider would be
// followed without it. This page is ours, so what it opens carries the cookie.
Response go_on_to(std::string_view path) {
  const auto target = escaped(path);
  return page(200, "<meta http-equiv=\"refresh\" content=\"0; url=" + target + "\">",
              "<p><a href=\"" + target + "\">Go on to Tocsin</a></p>");
}

int status_of(ErrorKind kind) {
  if (kind == ErrorKind::kBusy) return 429;
  return kind == ErrorKind::kForbidden ? 403 : 503;
}

// "none has access" → "None has access. "; nothing for nothing.
std::string sentence(std::string_view text) {
  auto out = escaped(text);
  if (out.empty()) return out;
  if (is_lower(out.front())) out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out + (out.back() == '.' ? " " : ". ");
}

Response failure_page(const Error& failure) {
  return page(status_of(failure.kind), "",
              "<h1>You are not signed in</h1><p>" + sentence(failure.message) + sentence(failure.hint) +
                  "</p><p><a href=\"/sign-in\">Back to the sign-in</a></p>");
}

Result<auth::OidcSignIn*> find_oidc(const Context& context) {
  auto* const oidc = context.site.access->oidc;
  if (oidc != nullptr) return oidc;
  return error(ErrorKind::kNotFound, "sign in with OpenID Connect", "no provider is set up here",
               "Set auth.oidc.issuer, see docs/security/oidc.md.");
}

Result<Response> start(Context& context, const Request& request) {
  TOCSIN_TRY(oidc, find_oidc(context));
  const auto started = oidc->begin(request.query_param("next").value_or("/"));
  if (!started) return failure_page(started.error());
  Response response;
  response.status = 303;
  response.headers = {{"Location", started->authorization_url},
                      {"Set-Cookie", oidc_cookie(started->cookie)},
                      {"Cache-Control", "no-store"}};
  return response;
}

// A provider that is down refused nobody.
void note_refusal(const Access& access, const Error& why, const std::string& address) {
  if (access.refusals == nullptr || why.kind != ErrorKind::kForbidden) return;
  access.refusals->add(auth::Refusal::kProvider, why.where, address, why.message);
}

Result<Response> callback(Context& context, const Request& request) {
  TOCSIN_TRY(oidc, find_oidc(context));
  const auto parameter = [&](std::string_view name) { return request.query_param(name).value_or(""); };
  auth::OidcSignIn::Browser browser{
      request.remote_address, display_text(request.header("User-Agent"), kMaxUserAgent), {}};
  if (request.principal) browser.ends = SessionId::parse(request.principal->session);
  const auto done = oidc->finish({parameter("code"), parameter("state"), parameter("iss"), parameter("error"),
                                  auth::cookie_of(request, kCookie)},
                                 browser);
  if (!done) note_refusal(*context.site.access, done.error(), browser.address);
  auto response = done ? go_on_to(done->return_to) : failure_page(done.error());
  response.headers.emplace_back("Set-Cookie", oidc_cookie(""));
  if (done) response.headers.emplace_back("Set-Cookie", auth::session_cookie(done->session.token));
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/auth/oidc/start", start},
    {Method::kGet, "/api/v1/auth/oidc/callback", callback},
};

}  // namespace

void add_oidc_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
