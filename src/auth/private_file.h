#pragma once
// Files with secrets in them: mode 0600, links are not followed.

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::auth {

// At most 1 MiB of it. kNotFound when there is none; kForbidden when group or others may read or write it.
Result<std::string> read_private_file(const std::filesystem::path& path);

enum class IfThere { kReplace, kKeep };

// As a whole (written beside, flushed, renamed): after a crash there is the old one or the new. False when a
// file was there and is kept.
Result<bool> write_private_file(const std::filesystem::path& path, std::string_view text, IfThere if_there);

}  // namespace tocsin::auth
