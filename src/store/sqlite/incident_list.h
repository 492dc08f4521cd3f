#pragma once
// From an IncidentQuery to its page. Inside one snapshot of `db`.

#include "store/sql/core.h"
#include "store/store.h"

namespace tocsin::store {

// Merged incidents are history and not listed. kInvalidInput for a limit, an offset or a cursor out of range.
Result<Page<model::Incident>> list_incidents(Connection& db, TenantId tenant, const IncidentQuery& query);

}  // namespace tocsin::store
