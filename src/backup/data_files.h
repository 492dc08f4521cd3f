#pragma once
// Which files of a data directory belong into a backup, beside the database: uploads, enrichment, mappings,
// playbooks and whatever else the server keeps there.

#include <filesystem>
#include <string>
#include <vector>

#include "backup/manifest.h"

namespace tocsin::backup {

struct DataFiles {
  std::vector<std::string> files;  // relative to the directory, sorted
  std::vector<LeftOut> left_out;   // and why
};

// `database`: the name of its file; that, its log and its journal are no files of this list. Secret keys are
// left out unless asked for; symbolic links always.
Result<DataFiles> data_files(const std::filesystem::path& directory, const std::string& database,
                             bool with_keys);

// By its name or by what stands at its beginning (a PEM private key). Errs on the safe side.
bool is_secret(const std::filesystem::path& file);

}  // namespace tocsin::backup
