#pragma once
// Signing in through an OpenID provider: authorization code with PKCE (S256), as a relying party.
//
//   begin   ─► redirect the browser to `authorization_url`, set the cookie
//   finish  ◄─ the provider's callback with `code` and `state`, and the cookie: who it is, and with which
//   role
//
// state, nonce and the PKCE verifier are in the cookie, sealed and for ten minutes: a callback counts only in
// the browser that began, nothing is kept on the server, and several processes can share the work. The code
// is worth nothing without the verifier, so a stolen callback URL signs nobody in.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/id_token.h"
#include "auth/oidc_provider.h"
#include "auth/secret_box.h"
#include "base/clock.h"
#include "base/result.h"

namespace tocsin::auth {

struct OidcOptions {
  std::string issuer;  // exactly as the provider writes it
  std::string client_id;
  std::string client_secret;  // empty: a public client, PKCE alone
  std::string redirect_url;   // of our callback, as registered with the provider
  std::vector<std::string> scopes{"openid", "profile", "email"};
  std::string role_claim = "groups";
  std::vector<RoleRule> role_rules;          // the strongest first
  std::optional<std::string> fallback_role;  // absent: who has no mapped value may not sign in
  std::string display_name;                  // for people; empty: the host of the issuer
  bool ask_userinfo = false;                 // when the provider keeps groups out of the ID token
};

struct OidcStart {
  std::string authorization_url;
  std::string
      cookie;  // value of a cookie: __Host-, HttpOnly, SameSite=Lax (the callback comes from elsewhere)
};
inline constexpr std::chrono::minutes kOidcCookieLifetime{10};

struct OidcCallback {
  std::string_view code;
  std::string_view state;
  std::string_view issuer;  // RFC 9207; may be empty
  std::string_view error;   // the provider's own code, "access_denied"
  std::string_view cookie;
};

struct OidcIdentity {
  std::string issuer;  // with `subject` the only thing that names a person for good
  std::string subject;
  std::string
      username;  // preferred_username, else the mail address, else the subject: for display and first use
  std::string display_name;
  std::string email;  // empty unless the provider says it is verified
  std::string role;
  std::string return_to;  // what begin was given
};

// Thread-safe. Blocks while the provider is asked: three calls at most in `finish`.
class OidcClient {
 public:
  // kInvalidInput when an option is missing or an address is not https (http: on this machine only).
  static Result<void> check(const OidcOptions& options);

  // `box` and `clock` outlive it.
  OidcClient(OidcOptions options, Fetch fetch, const SecretBox& box, const Clock& clock);

  // `return_to`: a path of ours; anything else becomes "/".
  Result<OidcStart> begin(std::string_view return_to);

  // kForbidden: this is nobody who may sign in; kUnavailable: the provider does not answer. No message holds
  // a token, a code or the client's secret.
  Result<OidcIdentity> finish(const OidcCallback& callback);

 private:
  struct Pending;
  struct Tokens;
  Result<Pending> open_pending(const OidcCallback& callback) const;
  Result<Tokens> exchange(const ProviderMetadata& provider, std::string_view code,
                          std::string_view verifier) const;
  Result<boost::json::object> verified_claims(const Tokens& tokens, std::string_view nonce);
  Result<void> add_userinfo(const ProviderMetadata& provider, const Tokens& tokens,
                            boost::json::object& claims) const;
  Result<OidcIdentity> identity(const boost::json::object& claims) const;

  const OidcOptions options_;
  const Fetch fetch_;
  const SecretBox& box_;
  const Clock& clock_;
  OidcProvider provider_;
};

// A path on this server that is safe to redirect to: begins with one '/', holds no backslash and no control
// character.
bool is_local_path(std::string_view path);

}  // namespace tocsin::auth
