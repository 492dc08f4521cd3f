#pragma once
// What an OpenID provider says of itself (OpenID Connect Discovery 1.0), and its keys, kept for a while.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/jws.h"
#include "base/clock.h"
#include "base/result.h"

namespace tocsin::auth {

struct FetchRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> form;  // set: POST with this body of application/x-www-form-urlencoded; else GET
};
struct FetchResponse {
  int status = 0;
  std::string body;
};
// Blocks; without redirects; bounded in time and size by whoever provides it. Thread-safe.
using Fetch = std::function<Result<FetchResponse>(const FetchRequest&)>;

struct ProviderMetadata {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  std::string userinfo_endpoint;           // may be empty
  bool takes_secret_in_form_only = false;  // client_secret_post without client_secret_basic
  bool sends_issuer = false;               // RFC 9207: the callback carries `iss`
};

// kForbidden when the document names another issuer than asked, or an endpoint that is neither https nor,
// with an issuer on http (a test on one machine), http.
Result<ProviderMetadata> parse_provider_metadata(std::string_view json, std::string_view issuer);

// Asks at first use and again after an hour; a key that is not known yet is asked for at most once a minute,
// so tokens with made-up kids cannot make this program call the provider in a loop. A failed call is not
// repeated for ten seconds. Thread-safe; calls of one provider happen one at a time.
class OidcProvider {
 public:
  OidcProvider(std::string issuer, Fetch fetch, const Clock& clock);

  // Errors are kUnavailable (the provider does not answer) or kForbidden (it answers what must not be
  // believed).
  Result<ProviderMetadata> metadata();
  Result<std::vector<Jwk>> keys_for(const JwsHeader& header);

 private:
  template <class T>
  struct Kept {
    std::optional<T> value;
    Timestamp fetched_at{};
    Timestamp tried_at{};
  };

  Result<ProviderMetadata> metadata_locked(Timestamp now);
  Result<void> refresh_keys(Timestamp now);
  Result<std::string> get(const std::string& url);

  const std::string issuer_;
  const Fetch fetch_;
  const Clock& clock_;
  std::mutex mutex_;
  Kept<ProviderMetadata> metadata_;
  Kept<std::vector<Jwk>> keys_;
};

}  // namespace tocsin::auth
