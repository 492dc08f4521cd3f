#include "auth/oidc_settings.h"

#include <algorithm>
#include <array>

#include "auth/private_file.h"

namespace tocsin::auth {
namespace {

// Who has several groups gets the role that stands first.
constexpr std::array<std::string_view, 7> kRolesByStrength{"admin",     "tenant-admin", "senior", "analyst",
                                                           "responder", "auditor",      "viewer"};

Error wrong(std::string message, std::string where,
            std::string hint = "docs/security/oidc.md shows an example") {
  return error(ErrorKind::kInvalidInput, "settings of sign-in", std::move(message), std::move(hint),
               std::move(where));
}

bool is_role(std::string_view name) {
  return std::find(kRolesByStrength.begin(), kRolesByStrength.end(), name) != kRolesByStrength.end();
}

Result<std::vector<RoleRule>> role_rules(const config::OidcSettings& settings) {
  for (const auto& [role, values] : settings.roles)
    if (!is_role(role))
      return wrong("'" + role + "' is no role", "auth.oidc.roles." + role, "see docs/security/roles.md");
  std::vector<RoleRule> rules;
  for (const auto role : kRolesByStrength) {
    const auto found = settings.roles.find(std::string(role));
    if (found == settings.roles.end()) continue;
    for (const auto& value : found->second) rules.push_back({value, found->first});
  }
  return rules;
}

Result<std::string> client_secret(const config::OidcSettings& settings) {
  if (settings.client_secret_file.empty()) return std::string();
  TOCSIN_TRY(text, read_private_file(settings.client_secret_file));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return wrong("the file is empty", "auth.oidc.client_secret_file");
  return text;
}

}  // namespace

Result<std::optional<OidcOptions>> oidc_options(const config::OidcSettings& settings) {
  if (settings.issuer.empty()) return std::optional<OidcOptions>();
  OidcOptions options;
  TOCSIN_TRY(rules, role_rules(settings));
  TOCSIN_TRY(secret, client_secret(settings));
  options.issuer = settings.issuer;
  options.client_id = settings.client_id;
  options.client_secret = std::move(secret);
  options.redirect_url = settings.redirect_url;
  options.scopes = settings.scopes;
  options.role_claim = settings.role_claim;
  options.role_rules = std::move(rules);
  options.ask_userinfo = settings.ask_userinfo;
  options.display_name = settings.display_name;
  if (!settings.fallback_role.empty()) options.fallback_role = settings.fallback_role;
  if (options.fallback_role && !is_role(*options.fallback_role))
    return wrong("'" + settings.fallback_role + "' is no role", "auth.oidc.fallback_role");
  if (options.role_rules.empty() && !options.fallback_role)
    return wrong("nobody could sign in: there are no auth.oidc.roles and no fallback_role",
                 "auth.oidc.roles");
  TOCSIN_CHECK(OidcClient::check(options));
  return std::optional(std::move(options));
}

}  // namespace tocsin::auth
