#pragma once
// One tenant's data as JSON lines, in an archive that `backup --list` checks like any other.

#include <functional>
#include <string>
#include <string_view>

#include "backup/manifest.h"
#include "base/clock.h"
#include "store/store.h"

namespace tocsin::backup {

// Hands every row of a tenant's other tables to `each`, as JSON by column.
using DumpTables = std::function<Result<void>(
    const std::function<Result<void>(std::string_view table, std::string_view json)>& each)>;

struct TenantExport {
  DumpTables dump;   // of the database that `store` is open on
  std::string file;  // to be written; must not exist
  store::TenantId tenant;
  std::string name;
  std::string version;
  Timestamp now{};
};
// alerts/00001.jsonl … whole, occurrences, events, and every other table by its name.
Result<Manifest> export_tenant(store::TenantStore& store, const TenantExport& options);

}  // namespace tocsin::backup
