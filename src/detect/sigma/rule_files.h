#pragma once
// The rule files of paths: which there are, what tells that one of them is another than before, and their
// text.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::detect::sigma {

// What a look at a file tells without reading it; nothing but its name when there is no such file.
struct FileStamp {
  std::string file;
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;  // its text
  std::int64_t changed_ns = 0;   // that, its name or who may read it
};

inline constexpr std::size_t kMaxRuleFiles = 100'000;

struct RuleFileList {
  std::vector<FileStamp> files;  // in the order of the paths, below a directory by name
  // Directories that cannot be read, and one for what is too much; `where` is DIRECTORY:1:1.
  std::vector<Error> refusals;
};

// Paths as they are given, and below directories all `.yml` and `.yaml` that is not hidden. Links are not
// followed into directories: they may lead back up.
RuleFileList list_rule_files(std::span<const std::filesystem::path> paths);

// Absent when it cannot be read. Of a file that is too long, one byte more than a rule file may have.
std::optional<std::string> read_rule_file(const std::filesystem::path& path);
Error unreadable_file(const std::string& file);

// FILE of FILE:LINE:COL.
std::string_view file_of(std::string_view where);

}  // namespace tocsin::detect::sigma
