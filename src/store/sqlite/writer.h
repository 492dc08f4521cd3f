#pragma once
// The one thread that writes. It takes everything that waits, runs it in one transaction, makes it durable,
// and only then answers: a group of appends by the ingest journal, its rows being committed together with
// those of later groups (open_groups.h); any other group by its own commit. One work that fails does not
// spoil the others: the group is rolled back and run again one by one. Between groups it works in the
// background (background.h).

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite/background.h"
#include "store/sqlite/core.h"
#include "store/sqlite/open_groups.h"

namespace tocsin::store {

class SqliteWriter final : public Writer {
 public:
  // `state` is already what the database says. start() appends what the journal holds, then starts the
  // thread.
  SqliteWriter(const SqliteOptions& options, const WriteRules& rules, const Clock& clock,
               std::unique_ptr<SqliteConnection> connection, std::unique_ptr<IngestJournal> journal,
               IngestState& state);
  Result<void> start();
  ~SqliteWriter() override;
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  void submit(Work work) override;

  // Returns when readers see every alert acknowledged before; after a failure (a full disk) all the same.
  // Does nothing on the writer's own thread.
  void settle();

  void close();
  std::string trouble() const;

 private:
  using Group = std::vector<Work>;
  using Outcomes = std::vector<Result<void>>;

  void loop();
  Group take(std::chrono::milliseconds timeout);
  bool has_work() const;
  void commit(Group& group);
  bool append_together(Group& group);
  Result<Outcomes> run_appends(Group& group);
  void commit_open_groups();
  bool settle_is_wanted() const;
  Result<Outcomes> run_together(Group& group);
  Result<Outcomes> run_one_by_one(Group& group);
  Result<void> run_guarded(Work& work);
  Result<void> finish_transaction();
  void roll_back(const IngestState::Mark& mark);
  void note_outcome(const Result<void>& result);
  void probe();
  WriteContext context();

  const SqliteOptions options_;
  const WriteRules& rules_;
  const Clock& clock_;
  const std::unique_ptr<SqliteConnection> db_;
  IngestState& state_;
  CounterDeltas counters_;
  IngestAudit ingested_;
  OpenGroups open_groups_;
  Background background_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Work> queue_;
  std::size_t queued_rows_ = 0;
  std::size_t queued_bytes_ = 0;
  bool closed_ = false;
  std::string trouble_;
  std::uint64_t settle_wanted_ = 0;  // calls of settle() so far
  std::uint64_t settled_ = 0;        // of them, those that may return
  std::condition_variable settled_one_;

  std::thread thread_;
};

}  // namespace tocsin::store
