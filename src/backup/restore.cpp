#include <array>
#include <ctime>
#include <optional>

#include "backup/disk.h"
#include "backup/unpack.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/snapshot.h"

namespace tocsin::backup {
namespace {

namespace fs = std::filesystem;

// A folder beside the data directory; removed unless it became that.
class Staging {
 public:
  static Result<Staging> beside(const fs::path& directory) {
    std::error_code trouble;
    fs::create_directories(directory.parent_path(), trouble);
    auto name = directory.string() + ".restoring-XXXXXX";
    if (trouble || mkdtemp(name.data()) == nullptr) {
      return error(ErrorKind::kUnavailable, "restore", "no folder can be made beside " + directory.string(),
                   "Name a data directory in a folder that this user may write to");
    }
    return Staging(name);
  }
  explicit Staging(fs::path path) : path_(std::move(path)) {}
  Staging(Staging&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  Staging& operator=(Staging&&) = delete;
  ~Staging() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

// Members become files of the staging folder.
class Files {
 public:
  explicit Files(fs::path folder) : folder_(std::move(folder)) {}

  Unpacker unpacker() {
    return {[this](const TarEntry& entry) { return open(entry); },
            [this](std::string_view bytes) { return write_all(*handle_, bytes, name_); },
            [this] { return close(); }};
  }

 private:
  Result<void> open(const TarEntry& entry) {
    const auto path = folder_ / entry.name;  // the name was checked: it stays inside
    std::error_code trouble;
    fs::create_directories(path.parent_path(), trouble);
    if (trouble)
      return error(ErrorKind::kUnavailable, "restore", trouble.message(), "", path.parent_path().string());
    name_ = path.string();
    TOCSIN_TRY(handle, create_file(name_, entry.mode | 0600));
    handle_.emplace(std::move(handle));
    return {};
  }
  Result<void> close() {
    TOCSIN_CHECK(flush(*handle_, name_));
    handle_.reset();
    return {};
  }

  const fs::path folder_;
  std::string name_;
  std::optional<Handle> handle_;
};

Result<void> check_target(const RestoreOptions& options, const fs::path& directory) {
  std::error_code ignored;
  if (!fs::exists(directory, ignored)) return {};
  if (!fs::is_directory(directory, ignored))
    return error(ErrorKind::kConflict, "restore", directory.string() + " is no directory",
                 "Name another one");
  if (store::is_in_use((directory / options.database).string()))
    return error(ErrorKind::kConflict, "restore",
                 "a process has the database of " + directory.string() + " open", "Stop the server first");
  if (options.force || fs::is_empty(directory, ignored)) return {};
  return error(ErrorKind::kConflict, "restore", directory.string() + " is not empty",
               "Restore into an empty directory, or let --force move this one aside");
}

Result<void> check_space(const PackedReader& file, const fs::path& folder) {
  std::error_code trouble;
  const auto space = fs::space(folder, trouble);
  if (trouble || space.available > file.unpacked_bytes()) return {};
  return error(ErrorKind::kStorageFull, "restore",
               "the backup unpacks to " + std::to_string(file.unpacked_bytes() >> 20) + " MiB, and " +
                   std::to_string(space.available >> 20) + " MiB are free",
               "Free some space, or name another disk");
}

Result<void> check_database(const fs::path& file, const Manifest& manifest, const Progress& progress) {
  if (progress) progress("checking the database", 0, 0);
  {
    TOCSIN_TRY(problems, store::check_sqlite(file.string()));
    if (!problems.empty())
      return error(ErrorKind::kInvalidSyntax, "restore", "its database is damaged: " + problems,
                   "Take another backup");
    TOCSIN_TRY(snapshot, store::SqliteSnapshot::take(file.string()));
    if (snapshot->schema_version() > store::newest_schema())
      return error(ErrorKind::kUnsupported, "restore",
                   "its schema is version " + std::to_string(snapshot->schema_version()) +
                       ", this program knows " + std::to_string(store::newest_schema()),
                   "It was made by a newer release: restore it with that one");
    TOCSIN_TRY(state, snapshot->state_hash());
    if (state != manifest.state_hash)
      return error(ErrorKind::kInvalidSyntax, "restore", "its database does not say what it said",
                   "Take another backup");
  }
  std::error_code ignored;  // what looking at it left
  fs::remove(file.string() + "-wal", ignored);
  fs::remove(file.string() + "-shm", ignored);
  return {};
}

std::string stamp(Timestamp now) {
  std::string text = to_rfc3339(now).substr(0, 19);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + "Z";
}

// The old directory keeps everything, under another name.
Result<fs::path> move_aside(const fs::path& directory, Timestamp now) {
  std::error_code ignored;
  if (!fs::exists(directory, ignored) || fs::is_empty(directory, ignored)) return fs::path();
  auto aside = fs::path(directory.string() + ".before-restore-" + stamp(now));
  for (int n = 2; fs::exists(aside, ignored); ++n)
    aside = directory.string() + ".before-restore-" + stamp(now) + "-" + std::to_string(n);
  TOCSIN_CHECK(rename_new(directory, aside));
  return aside;
}

Result<void> flush_tree(const fs::path& folder) {
  std::error_code trouble;
  for (fs::recursive_directory_iterator entries(folder, trouble), end; !trouble && entries != end;
       entries.increment(trouble)) {
    if (entries->is_directory(trouble)) TOCSIN_CHECK(flush_folder(entries->path()));
  }
  return flush_folder(folder);
}

fs::path without_slash(const fs::path& directory) {
  const auto path = fs::absolute(directory).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

Result<Restored> restore_backup(const RestoreOptions& options) {
  const auto directory = without_slash(options.data_dir);
  TOCSIN_CHECK(check_target(options, directory));
  TOCSIN_TRY(file, PackedReader::open(options.file));
  TOCSIN_TRY(staging, Staging::beside(directory));
  TOCSIN_CHECK(check_space(*file, staging.path()));
  Files files(staging.path());
  TOCSIN_TRY(manifest, unpack(*file, files.unpacker(), options.progress));
  TOCSIN_CHECK(check_database(staging.path() / options.database, manifest, options.progress));
  TOCSIN_CHECK(flush_tree(staging.path()));
  TOCSIN_TRY(aside, move_aside(directory, options.now));
  TOCSIN_CHECK(rename_new(staging.path(), directory));
  staging.keep();
  return Restored{std::move(manifest), std::move(aside)};
}

}  // namespace tocsin::backup
