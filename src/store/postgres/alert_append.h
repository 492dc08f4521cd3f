#pragma once
// Appends of one group, inside the writer's transaction: what they might repeat is looked up together,
// decided in memory, and all rows are sent with COPY.

#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "store/postgres/connection.h"
#include "store/sql/core.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {

// The writer's thread only.
class GroupAppender {
 public:
  // How far a tenant's numbers have come. Its row is locked.
  struct Numbers {
    Seq last_seq = 0;
    std::int64_t last_block = 0;
  };
  using Held = std::map<std::int64_t, Numbers>;

  void begin() { held_.clear(); }  // a transaction
  void hold(TenantId tenant, Numbers numbers) { held_[tenant.value] = numbers; }
  const Held& held() const { return held_; }
  void hold_again(const Held& held) { held_ = held; }  // after a rollback to then

  // An error fails all of them; a batch that is refused by itself says so to take().
  Result<void> append(std::span<const PreparedBatch* const> batches, WriteContext& context);
  // What became of one of them; once.
  Result<std::vector<AppendOutcome>> take(const PreparedBatch& batch);

 private:
  Held held_;
  std::unordered_map<const PreparedBatch*, Result<std::vector<AppendOutcome>>> outcomes_;
};

}  // namespace tocsin::store
