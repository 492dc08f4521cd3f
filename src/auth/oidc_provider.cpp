#include "auth/oidc_provider.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "auth/id_token.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::size_t kMaxDocument = 512 * 1024;
constexpr seconds kFresh{3600};
constexpr seconds kBetweenUnknownKeys{60};
constexpr seconds kAfterFailure{10};

Error distrusted(std::string message) {
  return error(ErrorKind::kForbidden, "sign in with OpenID Connect", std::move(message),
               "check auth.oidc.issuer against the provider's documentation");
}

Error unavailable(std::string message) {
  return error(ErrorKind::kUnavailable, "sign in with OpenID Connect", std::move(message), "try again later");
}

bool is_endpoint(std::string_view url, std::string_view issuer) {
  return url.starts_with("https://") || (issuer.starts_with("http://") && url.starts_with("http://"));
}

std::string discovery_url(std::string_view issuer) {
  while (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

// Absent: the default of the specification, which is client_secret_basic.
bool takes_form_only(const json::object& document) {
  const auto methods = list_claim(document, "token_endpoint_auth_methods_supported");
  const auto has = [&](std::string_view name) {
    return std::find(methods.begin(), methods.end(), name) != methods.end();
  };
  return has("client_secret_post") && !has("client_secret_basic");
}

bool is_true(const json::object& document, std::string_view name) {
  const auto* const value = document.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

}  // namespace

Result<ProviderMetadata> parse_provider_metadata(std::string_view text, std::string_view issuer) {
  boost::system::error_code failure;
  const auto value = json::parse(text, failure);
  if (failure || !value.is_object()) return distrusted("the provider's discovery document is no JSON object");
  const auto& document = value.as_object();
  ProviderMetadata out{text_claim(document, "issuer"),
                       text_claim(document, "authorization_endpoint"),
                       text_claim(document, "token_endpoint"),
                       text_claim(document, "jwks_uri"),
                       text_claim(document, "userinfo_endpoint"),
                       takes_form_only(document),
                       is_true(document, "authorization_response_iss_parameter_supported")};
  if (out.issuer != issuer) return distrusted("the provider's discovery document names another issuer");
  for (const auto& url : {out.authorization_endpoint, out.token_endpoint, out.jwks_uri})
    if (!is_endpoint(url, issuer))
      return distrusted("an endpoint of the provider is missing or is not https");
  if (!out.userinfo_endpoint.empty() && !is_endpoint(out.userinfo_endpoint, issuer))
    return distrusted("the provider's userinfo endpoint is not https");
  return out;
}

OidcProvider::OidcProvider(std::string issuer, Fetch fetch, const Clock& clock)
    : issuer_(std::move(issuer)), fetch_(std::move(fetch)), clock_(clock) {}

Result<std::string> OidcProvider::get(const std::string& url) {
  auto response = fetch_({url, {{"Accept", "application/json"}}, std::nullopt});
  if (!response) return unavailable("the provider cannot be reached: " + response.error().message);
  if (response->status != 200)
    return unavailable("the provider answered " + std::to_string(response->status));
  if (response->body.size() > kMaxDocument)
    return unavailable("the provider's document is larger than 512 KiB");
  return std::move(response->body);
}

Result<ProviderMetadata> OidcProvider::metadata() {
  const std::lock_guard lock(mutex_);
  return metadata_locked(clock_.now());
}

Result<ProviderMetadata> OidcProvider::metadata_locked(Timestamp now) {
  const bool is_fresh = metadata_.value && now - metadata_.fetched_at < kFresh;
  if (is_fresh) return *metadata_.value;
  if (now - metadata_.tried_at < kAfterFailure)
    return unavailable("the provider could not be asked a moment ago");
  metadata_.tried_at = now;
  TOCSIN_TRY(document, get(discovery_url(issuer_)));
  TOCSIN_TRY(parsed, parse_provider_metadata(document, issuer_));
  metadata_ = {parsed, now, {}};
  return parsed;
}

Result<std::vector<Jwk>> OidcProvider::keys_for(const JwsHeader& header) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  const bool is_fresh = keys_.value && now - keys_.fetched_at < kFresh;
  if (is_fresh && has_key_for(*keys_.value, header)) return *keys_.value;
  const auto pause = keys_.value ? kBetweenUnknownKeys : kAfterFailure;
  if (now - keys_.tried_at >= pause) TOCSIN_CHECK(refresh_keys(now));
  if (!keys_.value) return unavailable("the provider's keys could not be read a moment ago");
  return *keys_.value;
}

Result<void> OidcProvider::refresh_keys(Timestamp now) {
  keys_.tried_at = now;
  TOCSIN_TRY(metadata, metadata_locked(now));
  TOCSIN_TRY(document, get(metadata.jwks_uri));
  TOCSIN_TRY(parsed, parse_jwks(document));
  keys_.value = std::move(parsed);
  keys_.fetched_at = now;
  return {};
}

}  // namespace tocsin::auth
