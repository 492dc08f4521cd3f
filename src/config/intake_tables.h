#pragma once
// The [[intake.syslog]] and [[intake.file]] tables of the settings file.

#include <toml++/toml.h>

#include "config/config.h"

namespace tocsin::config {

// `name` is "intake.syslog" or "intake.file"; kInvalidInput for another, and for a table that cannot be used,
// with its place.
Result<void> apply_intake(Settings& settings, std::string_view name, const toml::array& tables,
                          const std::filesystem::path& file);

}  // namespace tocsin::config
