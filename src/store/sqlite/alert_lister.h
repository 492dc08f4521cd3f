#pragma once
// Runs an AlertQuery: chooses the walk, joins full-text matches with the alerts that are not indexed yet,
// counts.

#include "store/sql/scope.h"
#include "store/sqlite/alert_row.h"
#include "store/sqlite/core.h"
#include "store/store.h"

namespace tocsin::store {

// How much is looked at row by row, in rows, so that one call costs at most about a second however rare its
// matches are.
struct RowLimits {
  std::int64_t page = 100'000;  // beyond it the page ends early, with a cursor
  std::int64_t sorted =
      250'000;                   // by another order than seq, without a scope: beyond it the query is refused
  std::int64_t count = 100'000;  // beyond it the total is capped
};

// kInvalidInput for a limit, an offset or a cursor out of range. Inside one snapshot of `db`.
Result<Page<StoredAlert>> list_alerts(Connection& db, TenantId tenant, const AlertQuery& query,
                                      ScopePtr scope, const RowLimits& limits = {});

}  // namespace tocsin::store
