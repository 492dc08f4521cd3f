#pragma once
// The one thread of this process that writes to PostgreSQL. It takes everything that waits, runs it in one
// transaction that holds the tenants concerned, commits, and only then answers. One work that fails does not
// spoil the others: the group is rolled back and run again one by one. When the server goes away during a
// commit, it is asked afterwards whether the transaction came through.

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/postgres/alert_append.h"
#include "store/postgres/connection.h"
#include "store/postgres/postgres.h"
#include "store/sql/core.h"

namespace tocsin::store {

// Where this process tells others what it changed, and as who.
struct NoticeName {
  std::string channel;
  std::string origin;
};

class PostgresWriter final : public Writer {
 public:
  PostgresWriter(const PostgresOptions& options, const WriteRules& rules, const Clock& clock,
                 std::unique_ptr<PgConnection> connection, GroupAppender& appender, NoticeName name);
  // `stored` runs after each commit that had appends, on the writer's thread.
  Result<void> start(std::function<void()> stored);
  ~PostgresWriter() override;
  PostgresWriter(const PostgresWriter&) = delete;
  PostgresWriter& operator=(const PostgresWriter&) = delete;

  void submit(Work work) override;
  void close();
  std::string trouble() const;

  // What a writing session is set up with.
  static const char* session();

 private:
  using Group = std::vector<Work>;
  using Outcomes = std::vector<Result<void>>;

  void loop();
  Group take();
  void commit(Group& group);
  Result<Outcomes> run(Group& group);
  using Way = Result<void> (PostgresWriter::*)(Group&, Outcomes&);
  Result<void> transact(Group& group, Outcomes& outcomes, Way way);
  Result<void> run_together(Group& group, Outcomes& outcomes);
  Result<void> run_one_by_one(Group& group, Outcomes& outcomes);
  Result<void> run_guarded(Work& work);
  Result<void> run_work(Work& work, WriteContext& write);
  bool is_retired(const Work& work) const { return retired_.contains(work.tenant.value); }
  Result<void> begin(const Group& group);
  Result<void> hold_tenants(std::vector<std::int64_t> tenants);
  Result<void> name_transaction();
  Result<void> send_notices();
  Result<void> write_gathered();
  void forget_gathered();
  Result<void> finish_transaction();
  void roll_back();
  Result<void> connect();
  Result<bool> came_through();
  void note_outcome(const Result<void>& result);
  void prune();
  WriteContext context();

  const PostgresOptions options_;
  const WriteRules& rules_;
  const Clock& clock_;
  std::unique_ptr<PgConnection> db_;
  GroupAppender& appender_;
  CounterDeltas counters_;
  IngestAudit ingested_;
  Changes changes_;
  const std::string channel_;
  const std::string origin_;
  CountedNames names_;
  std::function<void()> stored_;
  std::string transaction_;         // id of the one at hand
  std::set<std::int64_t> retired_;  // of its tenants, those that are deleted
  bool committing_ = false;         // it was sent a COMMIT that has no answer
  Timestamp pruned_at_{};
  std::chrono::steady_clock::time_point tried_at_{};

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Work> queue_;
  std::size_t queued_rows_ = 0;
  std::size_t queued_bytes_ = 0;
  bool closed_ = false;
  std::string trouble_;

  std::thread thread_;
};

}  // namespace tocsin::store
