#pragma once
// Judges every request by its head: who sends it, and whether they may do what its route does. Asks only
// memory (directory.h), so that a flood of bad tokens costs a hash each and no I/O.
//
// Credentials, the first that is there: a token in the path ("{token}" of a webhook), `Authorization:
// Bearer`, the session cookie. A cookie is sent by the browser whoever asks, so a write or a WebSocket with
// one must come from a page of our own (Origin or Sec-Fetch-Site).
//
// The tenant is X-Tocsin-Tenant's, else the cookie's, else the first that they belong to; in open mode any.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "auth/directory.h"
#include "http/http.h"

namespace tocsin::auth {

// "__Host-" makes browsers refuse it without Secure, with a Domain or for another path.
inline constexpr std::string_view kSessionCookie = "__Host-tocsin";
// Name of the tenant that a page shows, of those that the person belongs to. Chooses, and grants nothing.
inline constexpr std::string_view kTenantCookie = "tocsin_tenant";
std::string session_cookie(std::string_view token);  // value of Set-Cookie
std::string cleared_session_cookie();
// Value of one cookie of the request; empty when absent or sent twice.
std::string_view cookie_of(const http::Request& request, std::string_view name);

class Gate {
 public:
  using VerbFinder = std::function<std::optional<model::Verb>(http::Method method, std::string_view pattern)>;

  // `open_allowed`: while no person is known, requests act as the local admin (a loopback listener).
  Gate(Directory& directory, VerbFinder verb_of, bool open_allowed)
      : directory_(directory), verb_of_(std::move(verb_of)), open_allowed_(open_allowed) {}

  bool is_open() const { return open_allowed_ && directory_.is_open(); }

  // Sets request.principal (not for a public route that nobody signed in for), or answers: 401, 403, 404 for
  // a foreign tenant, 303 to the sign-in page for a browser's navigation. Any thread; never blocks.
  std::optional<http::Response> admit(http::Request& request, std::string_view pattern, bool websocket) const;

 private:
  Directory& directory_;
  VerbFinder verb_of_;
  bool open_allowed_;
};

}  // namespace tocsin::auth
