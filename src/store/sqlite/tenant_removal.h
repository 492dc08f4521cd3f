#pragma once
// Everything that one tenant has, taken out of a database that no server has open.

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/acting.h"
#include "store/sql/tenant_end.h"
#include "store/tenant_id.h"

namespace tocsin::store {

// Rows of every table that has the tenant's number, and of those that belong to them; its audit, too. One
// transaction; the default tenant's audit says what went: rows by table, and where the removed chain of the
// audit ended. kForbidden for the default tenant, whose audit that is. Returns rows by table.
Result<RowsByTable> remove_tenant(const std::string& file, TenantId tenant, const Origin& origin,
                                  Timestamp now);

}  // namespace tocsin::store
