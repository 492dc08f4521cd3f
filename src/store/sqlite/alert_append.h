#pragma once
// The part of an append that runs inside the writer's transaction.

#include <vector>

#include "store/sqlite/core.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {

// May be run again after a rollback. kInvalidInput: the Idempotency-Key came with another body.
Result<std::vector<AppendOutcome>> append_batch(const PreparedBatch& batch, IngestState& ingest,
                                                WriteContext& context);

}  // namespace tocsin::store
