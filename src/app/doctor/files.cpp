// What lies on disk: the data directory, who may read it, and the files that the organisation keeps in it.

#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <system_error>

#include "app/doctor/doctor.h"
#include "backup/data_files.h"
#include "base/display_text.h"
#include "ingest/mapping.h"
#include "respond/playbook.h"

namespace tocsin::app::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLowSpaceBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kLowInodes = 10'000;
constexpr auto kStale = std::chrono::hours(90 * 24);
constexpr std::size_t kNamedAtMost = 5;

std::string errno_text() {
  return std::generic_category().message(errno);
}

std::string shown(const fs::path& file) {
  return display_text(file.string(), 400);
}

// The first of them, and how many more.
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamedAtMost; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamedAtMost) text += " and " + std::to_string(names.size() - kNamedAtMost) + " more";
  return text;
}

// Every file below the folder; what cannot be entered is named in `closed`.
std::vector<fs::path> files_below(const fs::path& folder, std::vector<std::string>& closed) {
  std::vector<fs::path> found;
  std::error_code trouble;
  fs::recursive_directory_iterator entries(folder, trouble);
  for (; !trouble && entries != fs::recursive_directory_iterator(); entries.increment(trouble)) {
    std::error_code ignored;
    if (entries->is_regular_file(ignored)) found.push_back(entries->path());
  }
  if (trouble) closed.push_back(shown(folder) + " (" + trouble.message() + ")");
  return found;
}

fs::path enrichment_folder(const Installation& installation) {
  if (installation.settings && !installation.settings->enrich_dir.empty())
    return installation.settings->enrich_dir;
  return installation.data_dir / "enrichment";
}

void check_age(const fs::path& file, Timestamp now, Findings& findings) {
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0) return;
  const auto age = now - from_unix_nanos(std::int64_t{facts.st_mtime} * 1'000'000'000);
  if (age > Nanos(kStale))
    findings.problem(shown(file) + " is " + std::to_string(age / std::chrono::hours(24)) + " days old",
                     "fetch a newer one: what it says of addresses has changed since");
}

struct FileSystem {
  std::int64_t magic;  // of statfs(2)
  std::string_view name;
};
constexpr std::array<FileSystem, 9> kNetworked{{{0x6969, "NFS"},
                                                {0x517B, "SMB"},
                                                {0xFF534D42, "CIFS"},
                                                {0xFE534D42, "SMB2"},
                                                {0x01021997, "9P"},
                                                {0x00C36400, "Ceph"},
                                                {0x47504653, "GPFS"},
                                                {0x0BD00BD0, "Lustre"},
                                                {0x5346414F, "AFS"}}};

}  // namespace

void check_directory(const Installation& installation, Findings& findings) {
  const auto& directory = installation.data_dir;
  struct stat facts {};
  if (stat(directory.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return findings.problem(shown(directory) + " is no directory",
                            "name the data directory with --data, or start the server once");
  if (access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
    return findings.problem(shown(directory) + " is not writable: " + errno_text(),
                            "give it to the user that runs the server");
  if ((facts.st_mode & S_IWOTH) != 0)
    return findings.problem("everybody on this machine may write to " + shown(directory),
                            "chmod o-w it: who can write there can replace the database");
  findings.good(shown(directory) + " is writable");
}

void check_space(const Installation& installation, Findings& findings) {
  struct statvfs facts {};
  if (statvfs(installation.data_dir.c_str(), &facts) != 0)
    return findings.problem("free space is not known: " + errno_text(),
                            "look at the disk of the data directory");
  const auto bytes = std::uint64_t{facts.f_bavail} * facts.f_frsize;
  const auto text = std::to_string(bytes >> 20U) + " MiB free";
  if (bytes < kLowSpaceBytes)
    findings.problem(text,
                     "below 1 GiB the server may soon refuse alerts with 507: free some space, or shorten "
                     "the retention (docs/operations/retention.md)");
  else
    findings.good(text);
  if (facts.f_files > 0 && facts.f_favail < kLowInodes)
    findings.problem(std::to_string(facts.f_favail) + " inodes free",
                     "remove small files from this file system, or make it anew with more inodes");
}

void check_file_system(const Installation& installation, Findings& findings) {
  struct statfs facts {};
  if (statfs(installation.data_dir.c_str(), &facts) != 0) return;
  const auto magic = static_cast<std::int64_t>(facts.f_type) & 0xFFFFFFFF;
  for (const auto& one : kNetworked) {
    if (one.magic != magic) continue;
    return findings.problem(
        "the data directory is on " + std::string(one.name),
        "a database on a network file system can be damaged: move it to a local disk, or use PostgreSQL");
  }
  findings.good("the data directory is on a local file system");
}

void check_leftovers(const Installation& installation, Findings& findings) {
  const auto directory = fs::absolute(installation.data_dir).lexically_normal();
  const auto name = (directory.has_filename() ? directory : directory.parent_path()).filename().string();
  const auto parent = (directory.has_filename() ? directory : directory.parent_path()).parent_path();
  std::vector<std::string> found;
  std::error_code trouble;
  for (fs::directory_iterator entries(parent, trouble), end; !trouble && entries != end;
       entries.increment(trouble)) {
    const auto entry = entries->path().filename().string();
    if (entry.rfind(name + ".restoring-", 0) == 0) found.push_back(shown(entries->path()));
  }
  if (found.empty()) return findings.good("no restore was cut off");
  findings.problem("a restore was cut off: " + listed(found),
                   "remove what it left, and restore again if need be");
}

void check_keys(const Installation& installation, Findings& findings) {
  std::vector<std::string> closed;
  std::vector<std::string> open;
  std::size_t keys = 0;
  for (const auto& file : files_below(installation.data_dir, closed)) {
    struct stat facts {};
    if (!backup::is_secret(file) || stat(file.c_str(), &facts) != 0) continue;
    ++keys;
    if ((facts.st_mode & 0077) != 0) open.push_back(shown(file));
  }
  if (open.empty())
    return findings.good(std::to_string(keys) + " secret keys, readable by their owner alone");
  findings.problem("others may read secret keys: " + listed(open),
                   "chmod 600 them, and think of replacing them");
}

void check_enrichment(const Installation& installation, Findings& findings) {
  const auto folder = enrichment_folder(installation);
  std::error_code trouble;
  if (!fs::exists(folder, trouble)) return findings.good("no files of facts are kept in " + shown(folder));
  std::vector<std::string> closed;
  const auto files = files_below(folder, closed);
  for (const auto& file : files) {
    if (access(file.c_str(), R_OK) != 0) closed.push_back(shown(file) + " (" + errno_text() + ")");
    if (file.extension() == ".mmdb" || file.filename() == "known_exploited_vulnerabilities.json")
      check_age(file, installation.now, findings);
  }
  if (!closed.empty())
    findings.problem("files of facts cannot be read: " + listed(closed),
                     "give them to the user of the server");
  else
    findings.good(std::to_string(files.size()) + " files of facts can be read");
}

void check_mappings(const Installation& installation, Findings& findings) {
  const auto mappings = ingest::load_mappings(installation.data_dir / "mappings");
  for (const auto& fault : mappings.faults)
    findings.problem(
        "a mapping is left out: " + to_string({fault.kind, fault.op, fault.message, {}, fault.where}),
        fault.hint.empty() ? "correct it; docs/mappings.md tells how" : fault.hint);
  if (mappings.faults.empty()) findings.good(std::to_string(mappings.list.size()) + " mappings of your own");
}

void check_playbooks(const Installation& installation, Findings& findings) {
  if (!installation.settings || installation.settings->playbooks_dir.empty())
    return findings.good("the built-in playbooks are used");
  const auto library = respond::load_playbooks(installation.settings->playbooks_dir);
  for (const auto& fault : library.errors)
    findings.problem(
        "a playbook is left out: " + to_string({fault.kind, fault.op, fault.message, {}, fault.where}),
        fault.hint.empty() ? "correct it; docs tell what a playbook holds" : fault.hint);
  if (library.errors.empty()) findings.good("every playbook of your own can be read");
}

}  // namespace tocsin::app::doctor
