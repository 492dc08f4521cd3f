#pragma once
// The [auth.oidc.roles] table of the settings file: role = ["value of the claim", ...]. Values are kept as
// they are written, because names of groups in directories hold commas.

#include <toml++/toml.h>

#include "config/config.h"

namespace tocsin::config {

inline constexpr std::string_view kRoleTable = "auth.oidc.roles.";

// kInvalidInput, with its place, unless the node is an array of texts that are not empty.
Result<void> apply_role(Settings& settings, const std::string& role, const toml::node& values,
                        const std::filesystem::path& file);

}  // namespace tocsin::config
