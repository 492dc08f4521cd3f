#include "app/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/commands/commands.h"
#include "store/postgres/postgres.h"
#include "store/sqlite/sqlite.h"

namespace tocsin::app {
namespace {

constexpr std::string_view kLockFile = "tocsin.lock";

// Held until the process ends or the file is closed: a second process on the same files would write over what
// the first remembers.
class DirectoryLock {
 public:
  static Result<DirectoryLock> take(const std::filesystem::path& directory) {
    const auto path = directory / kLockFile;
    DirectoryLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.file_ >= 0 && ::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
    return error(ErrorKind::kUnavailable, "open the data directory",
                 directory.string() + " is in use by another process",
                 "stop that one first, or name another directory with --data");
  }
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

// Lets go of the lock after the database has closed.
class LockedDatabase final : public store::Database {
 public:
  LockedDatabase(DirectoryLock lock, std::unique_ptr<store::Database> database)
      : lock_(std::move(lock)), database_(std::move(database)) {}

  store::TenantStore& tenant(store::TenantId tenant) override { return database_->tenant(tenant); }
  store::PeopleStore& people() override { return database_->people(); }
  void close() override { database_->close(); }
  Result<std::vector<store::ChainEnd>> chain_ends() const override { return database_->chain_ends(); }
  std::string trouble() const override { return database_->trouble(); }
  Result<void> backup(const std::string& file) override { return database_->backup(file); }

 private:
  DirectoryLock lock_;
  std::unique_ptr<store::Database> database_;
};

Result<void> make_directory(const std::filesystem::path& directory) {
  std::error_code trouble;
  std::filesystem::create_directories(directory, trouble);
  if (!trouble) return {};
  return error(ErrorKind::kUnavailable, "open the data directory",
               directory.string() + ": " + trouble.message(), "name a writable directory with --data");
}

}  // namespace

Result<std::unique_ptr<store::Database>> open_database(const config::Settings& settings, const Clock& clock) {
  TOCSIN_CHECK(make_directory(settings.data_dir));
  if (store::is_postgres_url(settings.database_url)) {
    store::PostgresOptions options;
    options.url = settings.database_url;
    options.clock = &clock;
    options.dedup_window = settings.dedup_window;
    return store::open_postgres(options);
  }
  if (settings.database_url != "sqlite:") {
    // What was meant as a URL may hold a password: it is not repeated.
    return error(
        ErrorKind::kInvalidInput, "open the database", "the URL names a database that is not supported",
        "write postgresql://USER:PASSWORD@HOST/DATABASE, or leave --db and DATABASE_URL unset for the "
        "database inside the data directory",
        "DATABASE_URL");
  }
  TOCSIN_TRY(lock, DirectoryLock::take(settings.data_dir));
  TOCSIN_TRY(database, store::open_sqlite({.file = (settings.data_dir / kDatabaseFile).string(),
                                           .clock = &clock,
                                           .dedup_window = settings.dedup_window}));
  return std::unique_ptr<store::Database>(
      std::make_unique<LockedDatabase>(std::move(lock), std::move(database)));
}

}  // namespace tocsin::app
