#pragma once
// From an IncidentQuery to its page. Inside one snapshot of `db`.

#include <optional>

#include "store/sql/core.h"
#include "store/sqlite/cursor.h"

namespace tocsin::store {

// Merged incidents are history and not listed. kInvalidInput for a limit, an offset or a cursor out of range.
// query.scope is not looked at.
Result<Page<model::Incident>> list_incidents(Connection& db, TenantId tenant, const IncidentQuery& query);

// ---- for who walks the same list in his own way (sql/scoped_incidents.h)

// Where the query's page begins; kInvalidInput for a limit, an offset or a cursor out of range.
Result<std::optional<Cursor>> start_of(const IncidentQuery& query);
Cursor cursor_at(const model::Incident& incident, IncidentSort sort);
std::string encode_cursor_at(const model::Incident& incident, IncidentSort sort);
// At most query.limit + 1 of them, in the order of query.sort.
Result<std::vector<model::Incident>> incidents_after(Connection& db, TenantId tenant,
                                                     const IncidentQuery& query,
                                                     const std::optional<Cursor>& from);

}  // namespace tocsin::store
