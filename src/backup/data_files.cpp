#include "backup/data_files.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "backup/tar.h"

namespace tocsin::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLookedAt = 4096;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// What a backup run or a server keeps for the moment only.
bool is_passing(const std::string& name, const std::string& database) {
  return name.rfind(database, 0) == 0 || (name.size() > 5 && name.ends_with(".part")) ||
         name.ends_with(".tmp") || name.ends_with(".lock") || name.ends_with(".sock");
}

std::string why_not(const fs::directory_entry& entry, bool with_keys) {
  if (entry.is_symlink()) return "a symbolic link";
  if (!entry.is_regular_file()) return "no regular file";
  if (!with_keys && is_secret(entry.path())) return "a secret key; --with-keys takes it along";
  return "";
}

}  // namespace

bool is_secret(const fs::path& file) {
  const auto name = lower(file.filename().string());
  const auto extension = lower(file.extension().string());
  constexpr std::array<std::string_view, 5> kExtensions{".key", ".p12", ".pfx", ".jks", ".token"};
  constexpr std::array<std::string_view, 5> kWords{"secret", "passphrase", "password", "private",
                                                   "credential"};
  const auto in_name = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  if (std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end()) return true;
  if (std::any_of(kWords.begin(), kWords.end(), in_name)) return true;
  std::array<char, kLookedAt> begin{};
  std::ifstream in(file, std::ios::binary);
  in.read(begin.data(), begin.size());
  const std::string_view text(begin.data(), static_cast<std::size_t>(in.gcount()));
  return text.find("PRIVATE KEY-----") != std::string_view::npos;
}

Result<DataFiles> data_files(const fs::path& directory, const std::string& database, bool with_keys) {
  DataFiles found;
  std::error_code trouble;
  fs::recursive_directory_iterator entries(directory, fs::directory_options::none, trouble);
  for (; !trouble && entries != fs::recursive_directory_iterator(); entries.increment(trouble)) {
    const auto name = entries->path().lexically_relative(directory).generic_string();
    if (entries->is_directory(trouble) && !entries->is_symlink(trouble)) continue;
    if (is_passing(name, database)) continue;
    auto why = why_not(*entries, with_keys);
    if (why.empty() && !check_name(name)) why = "its name cannot be in an archive";
    if (why.empty()) {
      found.files.push_back(name);
    } else {
      found.left_out.push_back({name, why});
    }
  }
  if (trouble)
    return error(ErrorKind::kUnavailable, "read the data directory", trouble.message(), "",
                 directory.string());
  std::sort(found.files.begin(), found.files.end());
  return found;
}

}  // namespace tocsin::backup
