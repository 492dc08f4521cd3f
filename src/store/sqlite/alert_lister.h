#pragma once
// Runs an AlertQuery: chooses the walk, joins full-text matches with the alerts that are not indexed yet,
// counts.

#include "store/sql/scope.h"
#include "store/sqlite/alert_row.h"
#include "store/sqlite/core.h"
#include "store/store.h"

namespace tocsin::store {

// kInvalidInput for a limit, an offset or a cursor out of range. Inside one snapshot of `db`.
Result<Page<StoredAlert>> list_alerts(Connection& db, TenantId tenant, const AlertQuery& query,
                                      ScopePtr scope);

}  // namespace tocsin::store
