#pragma once
// Which version of each rule file counts when files changed: the one on disk, or, where that cannot be
// honoured, the one that has been in force. A slip of the pen does not switch a rule off.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "detect/sigma/rule_files.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::detect {

struct RuleFile {
  std::string file;
  std::shared_ptr<const std::string> text;  // never null
  std::size_t refused = 0;                  // what of it cannot be honoured
};

// What is on disk, in the order of reading.
struct RuleReading {
  std::vector<RuleFile> files;
  std::vector<Error> unreadable;  // files and directories
};
RuleReading read_rule_files(const sigma::RuleFileList& list);

struct RuleVersions {
  sigma::RuleSet set;           // with what is refused of the versions that do not count
  std::vector<RuleFile> files;  // that the set is of
  std::vector<std::string>
      kept;  // those of them of which another version is on disk, refused or not readable
};

// A changed file counts when no more of it is refused than of the one in force; a file that cannot be read,
// or is in a directory that cannot be, stays as it is in force. New files count with what can be honoured of
// them, and a file that is gone is gone. `beneath`: as in sigma::RuleSet::parse.
RuleVersions choose_versions(RuleReading reading, std::span<const RuleFile> in_force,
                             const sigma::LoadOptions& options, std::span<const sigma::RuleText> beneath);

}  // namespace tocsin::detect
