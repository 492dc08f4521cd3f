#include "detect/sigma/rule_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "detect/sigma/position.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect::sigma {
namespace {

namespace fs = std::filesystem;

std::int64_t to_ns(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileStamp stamp_of(const fs::path& path) {
  FileStamp stamp{.file = path.string()};
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return stamp;
  stamp.bytes = static_cast<std::uint64_t>(status.st_size);
  stamp.modified_ns = to_ns(status.st_mtim);
  stamp.changed_ns = to_ns(status.st_ctim);
  return stamp;
}

// A pipe or a device with the name of a rule file would keep who reads it waiting.
bool is_file(const fs::directory_entry& entry) {
  std::error_code wrong;
  const auto type = entry.status(wrong).type();
  return type == fs::file_type::regular || type == fs::file_type::not_found || type == fs::file_type::none;
}

class Lister {
 public:
  void add(const fs::path& path) {
    std::error_code wrong;
    fs::is_directory(path, wrong) ? add_directory(path) : add_file(path);
  }
  RuleFileList finish() { return std::move(list_); }

 private:
  void add_directory(const fs::path& path) {
    std::error_code wrong;
    std::vector<fs::directory_entry> inside;
    fs::directory_iterator entries(path, wrong);
    for (const auto end = fs::directory_iterator(); !wrong && entries != end; entries.increment(wrong)) {
      if (!entries->path().filename().string().starts_with('.')) inside.push_back(*entries);
    }
    if (wrong) refuse(path, "the directory cannot be read: " + wrong.message(), {});
    std::sort(inside.begin(), inside.end());
    for (const auto& entry : inside) add_entry(entry);
  }

  void add_entry(const fs::directory_entry& entry) {
    std::error_code wrong;
    if (entry.is_directory(wrong)) {
      if (!entry.is_symlink(wrong)) add_directory(entry.path());
      return;
    }
    const auto suffix = entry.path().extension();
    if ((suffix == ".yml" || suffix == ".yaml") && is_file(entry)) add_file(entry.path());
  }

  void add_file(const fs::path& path) {
    if (list_.files.size() < kMaxRuleFiles) return list_.files.push_back(stamp_of(path));
    if (!std::exchange(is_full_, true))
      refuse(path, "there are more than 100,000 rule files; this one and those after it are left out",
             "Name the directories that hold rules.");
  }

  void refuse(const fs::path& path, std::string why, std::string hint) {
    auto error = fault({}, std::move(why), std::move(hint));
    error.where = path.string() + ':' + error.where;
    list_.refusals.push_back(std::move(error));
  }

  RuleFileList list_;
  bool is_full_ = false;
};

}  // namespace

RuleFileList list_rule_files(std::span<const fs::path> paths) {
  Lister lister;
  for (const auto& path : paths) lister.add(path);
  return lister.finish();
}

std::optional<std::string> read_rule_file(const fs::path& path) {
  std::error_code wrong;
  if (fs::is_directory(path, wrong)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 16'384> block{};
  while (file && text.size() <= kMaxYamlBytes) {
    file.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return std::nullopt;
  return text;
}

Error unreadable_file(const std::string& file) {
  auto error = fault({}, "the file cannot be read", "Check the path and its permissions.");
  error.where = file + ':' + error.where;
  return error;
}

std::string_view file_of(std::string_view where) {
  for (int part = 0; part < 2; ++part) where = where.substr(0, where.rfind(':'));
  return where;
}

}  // namespace tocsin::detect::sigma
