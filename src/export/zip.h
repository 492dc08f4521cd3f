#pragma once
// Files as one ZIP archive in memory.

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::exports {

struct ZipEntry {
  std::string name;  // [A-Za-z0-9._/-], relative, without ".."
  std::string bytes;
};

// Deflated, in the order given; every entry bears the time `at`, so the same input gives the same bytes.
// kInternal when libarchive fails.
Result<std::string> make_zip(const std::vector<ZipEntry>& entries, Timestamp at);

}  // namespace tocsin::exports
