#include "backup/backup.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>

#include "backup/data_files.h"
#include "backup/disk.h"
#include "backup/packed_file.h"
#include "backup/packer.h"
#include "backup/tar.h"
#include "store/sqlite/snapshot.h"

namespace tocsin::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{1} << 20;

// A file of the data directory, as long as it was when it was opened: one that grows goes on in the next
// backup.
Result<void> add_file(Packer& packer, const fs::path& directory, const std::string& name) {
  const auto path = (directory / name).string();
  auto handle = open_file(path);
  if (!handle && handle.error().kind == ErrorKind::kNotFound) return {};  // an upload that was read meanwhile
  if (!handle) return std::move(handle).error();
  struct stat facts {};
  if (fstat(handle->get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  return packer.add(name, size, facts.st_mode & 0777, [&](const Sink& sink) -> Result<void> {
    std::string piece(kPiece, '\0');
    for (auto left = size; left > 0;) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
      TOCSIN_TRY(got, read_some(*handle, piece.data(), wanted));
      if (got == 0)
        return error(ErrorKind::kUnavailable, "read a file", "it was cut while it was read", "Try again",
                     path);
      TOCSIN_CHECK(sink({piece.data(), got}));
      left -= got;
    }
    return {};
  });
}

Result<Manifest> describe(store::SqliteSnapshot& snapshot, const BackupOptions& options) {
  Manifest manifest;
  manifest.version = options.version;
  manifest.created_at = to_rfc3339(options.now);
  manifest.schema = snapshot.schema_version();
  manifest.with_keys = options.with_keys;
  TOCSIN_TRY(tenants, snapshot.tenants());
  for (const auto& one : tenants)
    manifest.tenants.push_back({one.tenant, one.name, one.alerts, one.incidents});
  if (options.progress) options.progress("hashing the state", 0, 0);
  TOCSIN_TRY(state, snapshot.state_hash());
  manifest.state_hash = std::move(state);
  return manifest;
}

}  // namespace

Result<Manifest> make_backup(const BackupOptions& options) {
  const auto database = options.data_dir / options.database;
  std::error_code ignored;
  if (!fs::exists(database, ignored))
    return error(ErrorKind::kNotFound, "back up", "there is no database in " + options.data_dir.string(),
                 "Name the data directory with --data");
  TOCSIN_TRY(file, PackedWriter::create(options.file));
  TOCSIN_TRY(files, data_files(options.data_dir, options.database, options.with_keys));
  TOCSIN_TRY(snapshot, store::SqliteSnapshot::take(database.string()));
  TOCSIN_TRY(manifest, describe(*snapshot, options));
  Packer packer(*file, options.progress, snapshot->bytes());
  TOCSIN_CHECK(packer.add(options.database, snapshot->bytes(), 0600,
                          [&](const Sink& sink) { return snapshot->read(sink); }));
  if (!snapshot->journal().empty())
    TOCSIN_CHECK(packer.add(options.database + "-ingest", snapshot->journal()));
  snapshot.reset();  // from here on the log may begin anew
  for (const auto& name : files.files) TOCSIN_CHECK(add_file(packer, options.data_dir, name));
  manifest.members = packer.members();
  manifest.left_out = std::move(files.left_out);
  TOCSIN_CHECK(packer.add(std::string(kManifestName), to_json(manifest)));
  TOCSIN_CHECK(packer.finish());
  TOCSIN_CHECK(file->finish());
  return manifest;
}

}  // namespace tocsin::backup
