#pragma once
// The archive of a backup, member by member, checked against its manifest.

#include <functional>

#include "backup/backup.h"
#include "backup/packed_file.h"
#include "backup/tar.h"

namespace tocsin::backup {

// What becomes of the members; the manifest is none.
struct Unpacker {
  std::function<Result<void>(const TarEntry&)> opened;
  std::function<Result<void>(std::string_view)> take;
  std::function<Result<void>()> closed;
};

// To the end. kInvalidSyntax when a member is missing, there twice, or not what the manifest says of it.
Result<Manifest> unpack(PackedReader& file, const Unpacker& to, const Progress& progress);

}  // namespace tocsin::backup
