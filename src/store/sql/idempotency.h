#pragma once
// What batches with an Idempotency-Key were answered. Inside the writer's transaction.

#include <optional>
#include <vector>

#include "store/sql/core.h"

namespace tocsin::store {

// Absent when the key is unknown or too old. kInvalidInput: it came with another body.
Result<std::optional<std::vector<AppendOutcome>>> earlier_outcome(const PreparedBatch& batch,
                                                                  WriteContext& context);
Result<void> remember_outcome(const PreparedBatch& batch, const std::vector<AppendOutcome>& outcomes,
                              WriteContext& context);

}  // namespace tocsin::store
