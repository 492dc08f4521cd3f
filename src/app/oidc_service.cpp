#include "app/oidc_service.h"

#include "auth/oidc_settings.h"
#include "auth/outbound_fetch.h"
#include "outbound/settings.h"

namespace tocsin::app {

OidcService::OidcService(auth::OidcOptions options, std::unique_ptr<outbound::Client> client,
                         const auth::SecretBox& secrets, auth::Directory& directory, const Clock& clock)
    : client_(std::move(client)),
      sign_in_(std::move(options), auth::fetch_through(*client_), secrets, directory, clock) {}

Result<std::unique_ptr<OidcService>> OidcService::create(const config::Settings& settings,
                                                         const auth::SecretBox& secrets,
                                                         auth::Directory& directory, const Clock& clock) {
  TOCSIN_TRY(options, auth::oidc_options(settings.oidc));
  if (!options) return std::unique_ptr<OidcService>();
  TOCSIN_TRY(http, outbound::client_options(settings));
  TOCSIN_TRY(client, outbound::Client::create(std::move(http)));
  return std::unique_ptr<OidcService>(
      new OidcService(*std::move(options), std::move(client), secrets, directory, clock));
}

}  // namespace tocsin::app
