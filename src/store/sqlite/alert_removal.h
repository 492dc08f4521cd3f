#pragma once
// Takes alerts out of every table that knows them. Inside the writer's transaction.

#include <span>

#include "store/sql/core.h"

namespace tocsin::store {

// Row, repeats, membership, lookup keys, words, corrections and feedback; their slots in blocks are emptied,
// and blocks that nothing points into are dropped. Counters follow. Returns how many there were.
Result<std::int64_t> remove_alerts(WriteContext& context, TenantId tenant, std::span<const Seq> seqs);

// Row, notes, actions, decisions, hold and feedback of an incident whose alerts are gone, and of those that
// were merged into it.
Result<std::int64_t> remove_incident(WriteContext& context, TenantId tenant, Seq incident);

}  // namespace tocsin::store
