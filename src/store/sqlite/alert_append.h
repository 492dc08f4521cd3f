#pragma once
// The way of a batch into the database. prepare_batch does all the work that needs no database, on the
// caller's thread; append_batch does the rest inside the writer's transaction.

#include <memory>
#include <string>
#include <vector>

#include "store/sqlite/alert_row.h"
#include "store/sqlite/core.h"

namespace tocsin::store {

struct PreparedAlert {
  model::Alert alert;  // its document fields are gone: they are in the block
  std::uint64_t fingerprint = 0;
  std::string ulid, host, user, ip, attack, tags;
  Key id_key = 0;           // 0: the client gave no id
  Key fingerprint_key = 0;  // 0: it has none
};

struct PreparedBlock {
  std::size_t first = 0;  // of PreparedBatch::alerts
  std::size_t count = 0;
  std::string links;
  std::string docs;
};

struct PreparedBatch {
  TenantId tenant;
  std::vector<PreparedAlert> alerts;
  std::vector<PreparedBlock> blocks;
  std::string idempotency_key;
  std::uint64_t body_hash = 0;
  std::size_t bytes = 0;  // roughly what it holds in memory
};

// Takes kInvalidInput for an Idempotency-Key of more than 255 bytes.
Result<std::shared_ptr<const PreparedBatch>> prepare_batch(TenantId tenant, IngestBatch batch);

// May be run again after a rollback. kInvalidInput: the Idempotency-Key came with another body.
Result<std::vector<AppendOutcome>> append_batch(const PreparedBatch& batch, WriteContext& context);

}  // namespace tocsin::store
