#pragma once
// A data directory into one file and back. Made beside a running server it holds whatever was acknowledged
// before it began, exactly once; docs/operations/backup.md tells how an operator uses it.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "backup/manifest.h"
#include "base/clock.h"

namespace tocsin::backup {

// Told now and then; `total` is an estimate, 0 when nothing is known.
using Progress = std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;

struct BackupOptions {
  std::filesystem::path data_dir;
  std::string database = "tocsin.db";  // inside it
  std::string file;
  bool with_keys = false;
  std::string version;  // of this program
  Timestamp now{};
  Progress progress{};
};
// Holds no second copy of anything, on disk or in memory. kNotFound without a database, kConflict when the
// file exists; after an error nothing is left of it.
Result<Manifest> make_backup(const BackupOptions& options);

// Reads and checks every byte of the file.
Result<Manifest> check_backup(const std::string& file, const Progress& progress = {});

struct RestoreOptions {
  std::string file;
  std::filesystem::path data_dir;
  std::string database = "tocsin.db";
  bool force = false;  // a directory that is not empty is moved aside, never deleted
  Timestamp now{};
  Progress progress{};
};
struct Restored {
  Manifest manifest;
  std::filesystem::path moved_aside;  // what was there before; empty: nothing was
};
// Everything is unpacked beside the directory and checked before the directory is touched. kConflict when it
// is not empty, or in use.
Result<Restored> restore_backup(const RestoreOptions& options);

}  // namespace tocsin::backup
