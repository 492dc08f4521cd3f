// backup, restore, doctor: what an operator does with a data directory.

#include <unistd.h>

#include <cstdio>
#include <system_error>

#include "app/commands/commands.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/sqlite.h"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLowDiskBytes = 1ULL << 30;

int fail(const char* command, const std::string& why) {
  std::fprintf(stderr, "tocsin %s: %s\n", command, why.c_str());
  return 2;
}

// Prints one finding; true when it is a problem.
bool report(bool problem, const std::string& what, const std::string& hint = {}) {
  std::printf("%s  %s\n", problem ? "PROBLEM" : "ok     ", what.c_str());
  if (problem && !hint.empty()) std::printf("         %s\n", hint.c_str());
  return problem;
}

bool check_directory(const fs::path& data_dir) {
  if (!fs::is_directory(data_dir)) {
    return report(true, data_dir.string() + " is no directory",
                  "name the data directory with --data, or start the server once");
  }
  if (access(data_dir.c_str(), W_OK) != 0) {
    return report(true, data_dir.string() + " is not writable", "give it to the user that runs the server");
  }
  return report(false, data_dir.string() + " is writable");
}

bool check_disk(const fs::path& data_dir) {
  std::error_code trouble;
  const auto space = fs::space(data_dir, trouble);
  if (trouble) return report(true, "free space is not known: " + trouble.message());
  const auto mebibytes = std::to_string(space.available >> 20U);
  return report(space.available < kLowDiskBytes, mebibytes + " MiB free",
                "below 1 GiB the server may soon refuse alerts with 507; free some space");
}

bool check_database(const fs::path& data_dir) {
  const auto file = data_dir / kDatabaseFile;
  if (!fs::exists(file)) return report(false, "no database yet; the first start makes it");
  const auto problems = store::check_sqlite(file.string());
  if (!problems)
    return report(true, to_string(problems.error()), "restore the last backup into an empty directory");
  return report(!problems->empty(), problems->empty() ? "the database is sound" : *problems,
                "stop the server, keep a copy of the file, and restore the last backup");
}

}  // namespace

int backup(const fs::path& data_dir, const std::string& file) {
  const auto source = data_dir / kDatabaseFile;
  if (!fs::exists(source)) {
    return fail("backup",
                "there is no database in " + data_dir.string() + "; name the directory with --data");
  }
  const auto done = store::copy_sqlite(source.string(), file);
  if (!done) return fail("backup", to_string(done.error()));
  std::printf("wrote %s (%ju bytes)\n", file.c_str(), fs::file_size(file));
  return 0;
}

int restore(const fs::path& data_dir, const std::string& file) {
  const auto target = data_dir / kDatabaseFile;
  if (fs::exists(target)) {
    return fail("restore", target.string() + " exists; restore into an empty directory and keep the old one");
  }
  std::error_code trouble;
  fs::create_directories(data_dir, trouble);
  fs::copy_file(file, target, trouble);
  if (trouble) return fail("restore", "copying " + file + " failed: " + trouble.message());
  auto database = store::open_sqlite({.file = target.string()});
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

int doctor(const fs::path& data_dir) {
  int problems = 0;
  for (const auto& check : {check_directory, check_disk, check_database}) problems += check(data_dir) ? 1 : 0;
  if (problems > 0) std::printf("%d problem(s)\n", problems);
  return problems > 0 ? 1 : 0;
}

}  // namespace tocsin::app
