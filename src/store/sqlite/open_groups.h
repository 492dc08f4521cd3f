#pragma once
// The transaction that the appends of many groups share, each group being durable in the ingest journal
// before it is acknowledged. Belongs to the writer; its thread only.

#include <atomic>
#include <memory>
#include <vector>

#include "store/sqlite/core.h"
#include "store/sqlite/ingest_journal.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {

class OpenGroups {
 public:
  OpenGroups(SqliteConnection& db, IngestState& state, CounterDeltas& counters, IngestAudit& ingested,
             const SqliteOptions& options, const WriteRules& rules, std::unique_ptr<IngestJournal> journal);

  // Appends what an earlier process journaled and did not commit. Before anything else.
  Result<void> recover();

  // The group's own work runs between begin() and end(); after end() it is durable. A failure of either, or
  // of what ran between them, is followed by abandon().
  Result<void> begin();
  Result<void> end(const std::vector<std::shared_ptr<const PreparedBatch>>& batches, Timestamp now);
  // Forgets the group at hand; the groups before it are appended again, when need be by the next commit().
  void abandon();

  bool worth_a_commit() const;
  // Commits the rows of all groups; afterwards no transaction is open. They stay in the journal when it
  // fails.
  Result<void> commit();
  // Whether an acknowledged alert may not be visible to readers yet. Asked by all threads.
  bool any() const { return any_.load(std::memory_order_acquire); }

 private:
  struct Group {
    std::vector<std::shared_ptr<const PreparedBatch>> batches;
    Timestamp now;
  };
  static Result<Group> decode_group(std::string_view payload);
  Result<void> append(const Group& group);
  Result<void> append_again();
  Result<void> finish();
  void roll_back();

  SqliteConnection& db_;
  IngestState& state_;
  CounterDeltas& counters_;
  IngestAudit& ingested_;
  const SqliteOptions& options_;
  const WriteRules& rules_;
  const std::unique_ptr<IngestJournal> journal_;
  std::vector<Group> groups_;   // journaled, their rows not committed
  std::size_t rows_ = 0;        // of groups_
  IngestState::Mark before_{};  // the transaction at hand
  std::string record_;
  std::atomic<bool> any_{false};
};

}  // namespace tocsin::store
