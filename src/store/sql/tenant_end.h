#pragma once
// What a tenant leaves behind elsewhere, when everything that it has is deleted.

#include <cstdint>
#include <map>
#include <string>

#include "store/audit.h"
#include "store/sql/connection.h"
#include "store/tenant_id.h"

namespace tocsin::store {

using RowsByTable = std::map<std::string, std::int64_t>;

// People stay: they may have a role elsewhere. What they were in this tenant goes, and every process is told
// to read anew who may do what. Inside the writer's transaction.
Result<void> end_grants(Connection& db, TenantId tenant);

// For the default tenant's chain: what went, and where the removed chain ended.
AuditEntry audit_of_removal(TenantId tenant, const ChainEnd& end, const RowsByTable& rows);

}  // namespace tocsin::store
