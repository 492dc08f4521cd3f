#include "auth/oidc.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "auth/sodium.h"
#include "auth/uri.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;

constexpr SecretOwner kCookieOwner{"", "oidc sign-in", ""};
constexpr std::size_t kMaxCookie = 4096;
constexpr std::size_t kMaxCode = 4096;
constexpr std::size_t kMaxReturnTo = 1024;
constexpr std::size_t kMaxAnswer = 512 * 1024;
constexpr std::size_t kVerifierLength = 64;  // RFC 7636 §4.1: 43 to 128
constexpr std::size_t kStateLength = 32;     // 190 bits

Error refused(std::string message, std::string hint = "begin the sign-in again") {
  return error(ErrorKind::kForbidden, "sign in with OpenID Connect", std::move(message), std::move(hint));
}

Error unavailable(std::string message) {
  return error(ErrorKind::kUnavailable, "sign in with OpenID Connect", std::move(message), "try again later");
}

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code failure;
  auto value = json::parse(text, failure);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

bool is_on_this_machine(std::string_view url) {
  static constexpr std::string_view kHosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
  for (const auto host : kHosts)
    if (url.starts_with(host) &&
        (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/'))
      return true;
  return false;
}

bool is_acceptable_url(std::string_view url) {
  return (url.starts_with("https://") && url.size() > 8) || is_on_this_machine(url);
}

}  // namespace

// What the cookie holds between begin and finish.
struct OidcClient::Pending {
  std::string state;
  std::string nonce;
  std::string verifier;
  std::string return_to;
};

struct OidcClient::Tokens {
  std::string id_token;
  std::string access_token;
};

bool is_local_path(std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//") || path.size() > kMaxReturnTo) return false;
  return std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
}

Result<void> OidcClient::check(const OidcOptions& options) {
  const auto invalid = [](std::string message, std::string where) {
    return error(ErrorKind::kInvalidInput, "settings of auth.oidc", std::move(message),
                 "see docs/security/oidc.md", std::move(where));
  };
  if (!is_acceptable_url(options.issuer)) return invalid("it is no https address", "auth.oidc.issuer");
  if (!is_acceptable_url(options.redirect_url))
    return invalid("it is no https address", "auth.oidc.redirect_url");
  if (options.client_id.empty()) return invalid("it is missing", "auth.oidc.client_id");
  if (std::find(options.scopes.begin(), options.scopes.end(), "openid") == options.scopes.end())
    return invalid("\"openid\" is not among them", "auth.oidc.scopes");
  return {};
}

OidcClient::OidcClient(OidcOptions options, Fetch fetch, const SecretBox& box, const Clock& clock)
    : options_(std::move(options)),
      fetch_(std::move(fetch)),
      box_(box),
      clock_(clock),
      provider_(options_.issuer, fetch_, clock) {}

Result<OidcStart> OidcClient::begin(std::string_view return_to) {
  TOCSIN_TRY(provider, provider_.metadata());
  const auto state = random_base62(kStateLength);
  const auto nonce = random_base62(kStateLength);
  const auto verifier = random_base62(kVerifierLength);
  const auto challenge = to_base64url(sha256(verifier));
  const auto scope = join(options_.scopes);
  const std::pair<std::string_view, std::string_view> query[] = {{"response_type", "code"},
                                                                 {"client_id", options_.client_id},
                                                                 {"redirect_uri", options_.redirect_url},
                                                                 {"scope", scope},
                                                                 {"state", state},
                                                                 {"nonce", nonce},
                                                                 {"code_challenge", challenge},
                                                                 {"code_challenge_method", "S256"}};
  const auto expires = std::chrono::floor<std::chrono::seconds>(clock_.now() + kOidcCookieLifetime);
  const json::object pending{{"state", state},
                             {"nonce", nonce},
                             {"verifier", verifier},
                             {"return_to", is_local_path(return_to) ? return_to : "/"},
                             {"expires", expires.time_since_epoch().count()}};
  const char separator = provider.authorization_endpoint.find('?') == std::string::npos ? '?' : '&';
  return OidcStart{provider.authorization_endpoint + separator + encode_form(query),
                   box_.seal(json::serialize(pending), kCookieOwner)};
}

Result<OidcClient::Pending> OidcClient::open_pending(const OidcCallback& callback) const {
  if (callback.cookie.empty() || callback.cookie.size() > kMaxCookie)
    return refused("this browser has begun no sign-in, or its cookie is gone");
  const auto text = box_.open(callback.cookie, kCookieOwner);
  const auto pending = text ? parse_object(*text) : std::nullopt;
  if (!pending) return refused("the cookie of the sign-in cannot be read");
  const auto* const expires = pending->if_contains("expires");
  if (expires == nullptr || !expires->is_int64() ||
      Timestamp(std::chrono::seconds(expires->as_int64())) <= clock_.now())
    return refused("the sign-in took longer than ten minutes");
  Pending out{text_claim(*pending, "state"), text_claim(*pending, "nonce"), text_claim(*pending, "verifier"),
              text_claim(*pending, "return_to")};
  if (out.state.empty() || !equal_in_constant_time(out.state, callback.state))
    return refused("the callback does not belong to the sign-in that this browser began");
  return out;
}

Result<OidcIdentity> OidcClient::finish(const OidcCallback& callback) {
  TOCSIN_TRY(pending, open_pending(callback));
  TOCSIN_TRY(provider, provider_.metadata());
  // Another provider's answer (RFC 9207), before the code is sent anywhere.
  const bool other_issuer =
      callback.issuer.empty() ? provider.sends_issuer : callback.issuer != options_.issuer;
  if (other_issuer) return refused("the callback is of another issuer");
  if (!callback.error.empty()) return refused("the provider refused the sign-in");
  if (callback.code.empty() || callback.code.size() > kMaxCode)
    return refused("the callback carries no code");
  TOCSIN_TRY(tokens, exchange(provider, callback.code, pending.verifier));
  TOCSIN_TRY(claims, verified_claims(tokens, pending.nonce));
  if (options_.ask_userinfo) TOCSIN_CHECK(add_userinfo(provider, tokens, claims));
  TOCSIN_TRY(who, identity(claims));
  who.return_to = pending.return_to;
  return who;
}

Result<OidcClient::Tokens> OidcClient::exchange(const ProviderMetadata& provider, std::string_view code,
                                                std::string_view verifier) const {
  std::vector<std::pair<std::string_view, std::string_view>> form{{"grant_type", "authorization_code"},
                                                                  {"code", code},
                                                                  {"redirect_uri", options_.redirect_url},
                                                                  {"code_verifier", verifier}};
  FetchRequest request{provider.token_endpoint, {{"Accept", "application/json"}}, {}};
  const bool in_form = options_.client_secret.empty() || provider.takes_secret_in_form_only;
  if (in_form) form.emplace_back("client_id", options_.client_id);
  if (in_form && !options_.client_secret.empty()) form.emplace_back("client_secret", options_.client_secret);
  // RFC 6749 §2.3.1: both parts are form-encoded first.
  if (!in_form)
    request.headers.emplace_back("Authorization",
                                 "Basic " + to_base64(percent_encode(options_.client_id) + ":" +
                                                      percent_encode(options_.client_secret)));
  request.form = encode_form(form);
  auto response = fetch_(request);
  if (!response) return unavailable("the provider cannot be reached: " + response.error().message);
  if (response->status >= 500)
    return unavailable("the provider answered " + std::to_string(response->status));
  if (response->status != 200 || response->body.size() > kMaxAnswer)
    return refused("the provider did not take the code: status " + std::to_string(response->status));
  const auto answer = parse_object(response->body);
  const auto* const id_token = answer ? answer->if_contains("id_token") : nullptr;
  if (id_token == nullptr || !id_token->is_string())
    return refused("the provider's answer holds no ID token");
  const auto* const access_token = answer->if_contains("access_token");
  return Tokens{std::string(id_token->as_string()), access_token != nullptr && access_token->is_string()
                                                        ? std::string(access_token->as_string())
                                                        : ""};
}

Result<json::object> OidcClient::verified_claims(const Tokens& tokens, std::string_view nonce) {
  TOCSIN_TRY(header, read_jws_header(tokens.id_token));
  TOCSIN_TRY(keys, provider_.keys_for(header));
  TOCSIN_TRY(claims, verify_jws(tokens.id_token, keys));
  TOCSIN_CHECK(check_id_token(claims, {options_.issuer, options_.client_id, nonce}, clock_.now()));
  const bool names_access_token = claims.contains("at_hash");
  if (names_access_token && text_claim(claims, "at_hash") != half_hash(header.alg, tokens.access_token))
    return refused("the access token does not belong to the ID token");
  return claims;
}

// Claims of the ID token, which is signed, are never replaced.
Result<void> OidcClient::add_userinfo(const ProviderMetadata& provider, const Tokens& tokens,
                                      json::object& claims) const {
  if (provider.userinfo_endpoint.empty() || tokens.access_token.empty())
    return unavailable("the provider has no userinfo endpoint or gave no access token");
  auto response =
      fetch_({provider.userinfo_endpoint, {{"Authorization", "Bearer " + tokens.access_token}}, {}});
  if (!response || response->status != 200 || response->body.size() > kMaxAnswer)
    return unavailable("the provider's userinfo cannot be read");
  const auto more = parse_object(response->body);
  if (!more || text_claim(*more, "sub") != text_claim(claims, "sub"))
    return refused("the provider's userinfo is about somebody else");
  for (const auto& [name, value] : *more) claims.emplace(name, value);
  return {};
}

Result<OidcIdentity> OidcClient::identity(const json::object& claims) const {
  const auto role =
      map_role(list_claim(claims, options_.role_claim), options_.role_rules, options_.fallback_role);
  if (!role)
    return refused("none of your groups has access", "ask your administrator for a group of auth.oidc.roles");
  OidcIdentity who;
  who.issuer = options_.issuer;
  who.subject = text_claim(claims, "sub");
  const auto* const verified = claims.if_contains("email_verified");
  if (verified != nullptr && verified->is_bool() && verified->as_bool())
    who.email = text_claim(claims, "email");
  who.username = text_claim(claims, "preferred_username");
  if (who.username.empty()) who.username = who.email.empty() ? who.subject : who.email;
  who.display_name = text_claim(claims, "name");
  who.role = *role;
  return who;
}

}  // namespace tocsin::auth
