#pragma once
// `tocsin audit verify` and `tocsin audit export`, but for the command line.

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include "store/audit_chain.h"

namespace tocsin::app {

struct AuditVerification {
  store::ChainReport report;
  std::int64_t tenants = 0;
  double seconds = 0;
};

// Every chain of the database in `data_dir`, against the heads of the database, of the file beside it and of
// `heads_file` (empty: none). Changes nothing and works beside a running server. `progress`: records so far.
Result<AuditVerification> verify_audit(const std::filesystem::path& data_dir,
                                       const std::filesystem::path& heads_file,
                                       const std::function<void(std::int64_t)>& progress);

// One JSON object a line, tenant by tenant in order. Gives their number.
Result<std::int64_t> export_audit(const std::filesystem::path& data_dir, std::FILE* out);

}  // namespace tocsin::app
