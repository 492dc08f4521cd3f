#pragma once
// One tenant's data as JSON lines, in an archive that `backup --list` checks like any other.

#include <string>

#include "backup/manifest.h"
#include "base/clock.h"
#include "store/store.h"

namespace tocsin::backup {

struct TenantExport {
  std::string database;  // its file; `store` is open on it
  std::string file;      // to be written; must not exist
  store::TenantId tenant;
  std::string name;
  std::string version;
  Timestamp now{};
};
// alerts/00001.jsonl … whole, occurrences, events, and every other table by its name.
Result<Manifest> export_tenant(store::TenantStore& store, const TenantExport& options);

}  // namespace tocsin::backup
