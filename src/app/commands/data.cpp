// backup, restore, doctor: what an operator does with a data directory while no server runs on it, or beside
// one.

#include <cstdio>
#include <system_error>

#include "app/commands/commands.h"
#include "config/config.h"
#include "store/sqlite/sqlite.h"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

int fail(const char* command, const std::string& why) {
  std::fprintf(stderr, "tocsin %s: %s\n", command, why.c_str());
  return 2;
}

}  // namespace

int backup(const fs::path& data_dir, const std::string& file) {
  if (!fs::exists(data_dir / store::kSqliteFile)) {
    return fail("backup",
                "there is no database in " + data_dir.string() + "; name the directory with --data");
  }
  if (fs::exists(file)) return fail("backup", file + " exists; a backup never overwrites");
  SystemClock clock;
  auto database = store::open_sqlite({.directory = data_dir, .clock = &clock, .read_only = true});
  if (!database) return fail("backup", to_string(database.error()));
  const auto done = (*database)->backup(file);
  if (!done) return fail("backup", to_string(done.error()));
  std::printf("wrote %s (%ju bytes)\n", file.c_str(), static_cast<std::uintmax_t>(fs::file_size(file)));
  return 0;
}

int restore(const fs::path& data_dir, const std::string& file) {
  const auto target = data_dir / store::kSqliteFile;
  if (fs::exists(target)) {
    return fail("restore", target.string() + " exists; restore into an empty directory and keep the old one");
  }
  std::error_code trouble;
  fs::create_directories(data_dir, trouble);
  fs::copy_file(file, target, trouble);
  if (trouble) return fail("restore", "copying " + file + " failed: " + trouble.message());
  SystemClock clock;
  auto database = store::open_sqlite({.directory = data_dir, .clock = &clock});
  if (!database) {
    fs::remove(target, trouble);
    return fail("restore", file + " is no backup of ours: " + to_string(database.error()));
  }
  const auto counts = (*database)->tenant(store::kDefaultTenant).counts();
  if (!counts) return fail("restore", to_string(counts.error()));
  std::printf("restored %lld alerts and %lld incidents\n", static_cast<long long>(counts->alerts),
              static_cast<long long>(counts->incidents));
  return 0;
}

}  // namespace tocsin::app
