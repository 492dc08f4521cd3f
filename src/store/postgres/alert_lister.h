#pragma once
// Runs an AlertQuery: pages, full text with the alerts that are not indexed yet, conditions, counts.

#include "store/sql/core.h"
#include "store/sql/scope.h"
#include "store/sqlite/alert_row.h"

namespace tocsin::store::postgres {

// kInvalidInput for a limit, an offset or a cursor out of range. Inside one snapshot of `db`.
Result<Page<StoredAlert>> list_alerts(Connection& db, TenantId tenant, const AlertQuery& query,
                                      ScopePtr scope);

}  // namespace tocsin::store::postgres
