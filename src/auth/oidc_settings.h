#pragma once
// Sign-in through an OpenID provider as the settings `auth.oidc.*` have it.

#include <optional>

#include "auth/oidc.h"
#include "config/config.h"

namespace tocsin::auth {

// Absent when no issuer is set. Reads the file of the client secret: kForbidden when others than its owner
// may read it. kInvalidInput names the setting that is wrong.
Result<std::optional<OidcOptions>> oidc_options(const config::OidcSettings& settings);

}  // namespace tocsin::auth
