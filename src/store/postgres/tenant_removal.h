#pragma once
// Everything that one tenant has, taken out of a database that servers go on using for the others.

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/acting.h"
#include "store/sql/tenant_end.h"
#include "store/tenant_id.h"

namespace tocsin::store::postgres {

// First the tenant is suspended and retired: from then on every process refuses to write for it. Then its
// rows go in transactions of at most some thousand rows, so that nobody else waits long; in the last one go
// its name and the end of its audit chain, and the default tenant's audit says what went: rows by table, and
// where the removed chain ended. Stopped half-way it goes on when it is called again, and counts as if it had
// not been. What stays is the retired number. kForbidden for the default tenant, whose audit that is.
Result<RowsByTable> remove_tenant(const std::string& url, TenantId tenant, const Origin& origin,
                                  Timestamp now);

}  // namespace tocsin::store::postgres
