// backup and restore: a data directory into one file and back.

#include "backup/backup.h"

#include <unistd.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "base/display_text.h"

namespace tocsin::app {
namespace {

constexpr std::uint64_t kMebibyte = 1ULL << 20;

// 1: the file is not what it should be; 2: there is nothing to work on, or no place to put it.
int fail(const char* command, const Error& why) {
  std::fprintf(stderr, "tocsin %s: %s\n", command, display_text(to_string(why), 4000).c_str());
  const bool damaged = why.kind == ErrorKind::kInvalidSyntax || why.kind == ErrorKind::kUnsupported;
  return damaged ? 1 : 2;
}

// On a terminal one line that changes; else, in a log, a line now and then.
backup::Progress progress_of(const char* command) {
  return [command, terminal = isatty(STDERR_FILENO) != 0, told = std::uint64_t{0}](
             std::string_view what, std::uint64_t done, std::uint64_t total) mutable {
    if (!terminal && done != 0 && done < told + 256 * kMebibyte) return;
    told = done;
    std::string line = std::string("tocsin ") + command + ": " + std::string(what);
    if (done != 0) line += ", " + std::to_string(done / kMebibyte) + " MiB";
    if (total > done) line += " of " + std::to_string(total / kMebibyte);
    std::fprintf(stderr, terminal ? "\r\033[K%s" : "%s\n", line.c_str());
  };
}

void end_progress() {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
}

void print_state(const backup::Manifest& manifest) {
  for (const auto& tenant : manifest.tenants) {
    std::printf("tenant %s: %lld alerts, %lld incidents\n", display_text(tenant.name).c_str(),
                static_cast<long long>(tenant.alerts), static_cast<long long>(tenant.incidents));
  }
  std::printf("state %s\n", display_text(manifest.state_hash).c_str());
}

void print_list(const backup::Manifest& manifest) {
  std::printf("made %s by tocsin %s, format %d, schema %d, %s secret keys\n",
              display_text(manifest.created_at).c_str(), display_text(manifest.version).c_str(),
              manifest.format, manifest.schema, manifest.with_keys ? "with" : "without");
  print_state(manifest);
  for (const auto& member : manifest.members)
    std::printf("%s  %12ju  %s\n", display_text(member.sha256).c_str(),
                static_cast<std::uintmax_t>(member.bytes), display_text(member.name, 1000).c_str());
  for (const auto& one : manifest.left_out)
    std::printf("left out: %s (%s)\n", display_text(one.name, 1000).c_str(), display_text(one.why).c_str());
}

int list_backup(const std::string& file) {
  const auto manifest = backup::check_backup(file, progress_of("backup"));
  end_progress();
  if (!manifest) return fail("backup", manifest.error());
  print_list(*manifest);
  std::printf("every checksum is right\n");
  return 0;
}

}  // namespace

int backup(const BackupFlags& flags) {
  if (flags.list) return list_backup(flags.file);
  backup::BackupOptions options;
  options.data_dir = flags.data;
  options.database = kDatabaseFile;
  options.file = flags.file;
  options.with_keys = flags.with_keys;
  options.version = kVersion;
  options.now = SystemClock().now();
  options.progress = progress_of("backup");
  const auto manifest = backup::make_backup(options);
  end_progress();
  if (!manifest) return fail("backup", manifest.error());
  print_state(*manifest);
  for (const auto& one : manifest->left_out)
    std::fprintf(stderr, "left out: %s (%s)\n", display_text(one.name, 1000).c_str(),
                 display_text(one.why).c_str());
  std::printf("wrote %s\n", flags.file.c_str());
  return 0;
}

int restore(const RestoreFlags& flags) {
  backup::RestoreOptions options;
  options.file = flags.file;
  options.data_dir = flags.data;
  options.database = kDatabaseFile;
  options.force = flags.force;
  options.now = SystemClock().now();
  options.progress = progress_of("restore");
  const auto restored = backup::restore_backup(options);
  end_progress();
  if (!restored) return fail("restore", restored.error());
  print_state(restored->manifest);
  if (!restored->moved_aside.empty())
    std::printf("what was there before is now %s\n", restored->moved_aside.c_str());
  if (!restored->manifest.with_keys)
    std::printf("the backup holds no secret keys: put yours back, or new ones are made\n");
  std::printf("restored %s\n", flags.data.c_str());
  return 0;
}

}  // namespace tocsin::app
