#pragma once
// Files that were acknowledged and are read later.

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace tocsin::app {

// Whole and on disk when it returns, also after a power cut; else nothing of it is there. Makes the folder.
// kStorageFull or kUnavailable.
Result<void> write_spool_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace tocsin::app
