#pragma once
// A correlator's delta, written with a few statements for thousands of rows: a row at a time, each costs a
// round trip, of which an alert would need three.

#include "store/sql/core.h"

namespace tocsin::store::postgres {

// Upserts, memberships with the incidents' alert counts, the watermark; as if written one after the other.
// Inside the writer's transaction.
Result<void> write_delta(const CorrelationDelta& delta, TenantId tenant, WriteContext& context);

}  // namespace tocsin::store::postgres
