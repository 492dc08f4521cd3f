#pragma once
// Fetch (oidc_provider.h) through the one HTTP client of this program.

#include "auth/oidc_provider.h"
#include "outbound/outbound.h"

namespace tocsin::auth {

// Ten seconds and 512 KiB at most, no redirects, one retry of a GET. `client` outlives it.
Fetch fetch_through(outbound::Client& client);

}  // namespace tocsin::auth
