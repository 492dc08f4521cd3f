#pragma once
// Takes an incident out of every table that knows it. Inside the writer's transaction.

#include "store/sql/core.h"

namespace tocsin::store {

// Row, notes, actions, decisions, hold and feedback of an incident whose alerts are gone, and of those that
// were merged into it. Returns how many there were.
Result<std::int64_t> remove_incident(WriteContext& context, TenantId tenant, Seq incident);

}  // namespace tocsin::store
