#pragma once
// Takes alerts out of every table that knows them. Inside the writer's transaction, which holds the tenant.

#include <span>

#include "store/sql/core.h"

namespace tocsin::store::postgres {

// As RemoveAlerts says (store/sql/retention_store.h).
Result<std::int64_t> remove_alerts(WriteContext& context, TenantId tenant, std::span<const Seq> seqs);

}  // namespace tocsin::store::postgres
