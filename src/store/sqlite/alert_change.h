#pragma once
// A person's change of an alert, inside the writer's transaction, with all that is kept beside it.

#include "store/sql/core.h"
#include "store/sqlite/alert_row.h"

namespace tocsin::store {

// kConflict when if_version is given and stale. The version grows only when something changes.
Result<StoredAlert> change_alert(StoredAlert stored, const AlertChange& change,
                                 std::optional<std::int64_t> if_version, TenantId tenant,
                                 WriteContext& context);

}  // namespace tocsin::store
