#pragma once
// Sign-in through an OpenID provider, with the HTTP client that it needs.

#include <memory>

#include "auth/oidc_sign_in.h"
#include "config/config.h"
#include "outbound/outbound.h"

namespace tocsin::app {

class OidcService {
 public:
  // Null when the settings name no provider. The provider is asked at the first sign-in, not now: it may come
  // up later than this program. The rest outlives it.
  static Result<std::unique_ptr<OidcService>> create(const config::Settings& settings,
                                                     const auth::SecretBox& secrets,
                                                     auth::Directory& directory, const Clock& clock);

  auth::OidcSignIn& sign_in() { return sign_in_; }

 private:
  OidcService(auth::OidcOptions options, std::unique_ptr<outbound::Client> client,
              const auth::SecretBox& secrets, auth::Directory& directory, const Clock& clock);

  std::unique_ptr<outbound::Client> client_;
  auth::OidcSignIn sign_in_;
};

}  // namespace tocsin::app
