#pragma once
// The rows of one tenant as JSON, table by table: for people who leave with their data.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/tenant_id.h"

namespace tocsin::store {

// Every row of every table that has the tenant's number: one JSON object by column, bytes as hex digits. Left
// out are alerts and events (their documents are packed: read them through the stores) and what is only kept
// for a day or derived: blocks, kept answers, counters.
Result<void> dump_tenant(
    const std::string& file, TenantId tenant,
    const std::function<Result<void>(std::string_view table, std::string_view json)>& each);

}  // namespace tocsin::store
