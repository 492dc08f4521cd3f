#pragma once
// The rows of one tenant as JSON, table by table: for people who leave with their data.

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/tenant_id.h"

namespace tocsin::store::postgres {

// As store/sqlite/tenant_dump.h says, of one snapshot; servers may run.
Result<void> dump_tenant(
    const std::string& url, TenantId tenant,
    const std::function<Result<void>(std::string_view table, std::string_view json)>& each);

}  // namespace tocsin::store::postgres
