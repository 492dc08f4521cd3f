#pragma once
// What the stores of one database share.

#include <array>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "store/sqlite/connection.h"
#include "store/sqlite/key_index.h"
#include "store/sqlite/sqlite.h"

namespace tocsin::store {

// A bounded set of read connections. Thread-safe.
class ReaderPool {
 public:
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // `before_read` runs at the start of each take().
  static Result<std::unique_ptr<ReaderPool>> open(const SqliteOptions& options,
                                                  std::function<void()> before_read);
  // Waits for a free connection; kBusy after ten seconds. Not to be taken twice by one thread.
  Result<Lease> take();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  std::function<void()> before_read_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// One snapshot for several reads; ends with its scope.
class Snapshot {
 public:
  explicit Snapshot(Connection& db) : db_(db) { (void)db_.exec("BEGIN"); }
  ~Snapshot() { (void)db_.exec("COMMIT"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& db_;
};

enum class Counter : std::uint8_t {
  kAlerts,
  kAlertSeverity,
  kAlertStatus,
  kAlertSource,
  kIncidents,
  kIncidentsOpen,
  kEvents,
  kEventSource
};

// Changes of the kept counters, written once per transaction.
class CounterDeltas {
 public:
  void add(TenantId tenant, Counter counter, std::string_view name, std::int64_t delta);
  Result<void> write(Connection& db);  // and forget them
  void clear() { deltas_.clear(); }

 private:
  std::map<std::tuple<std::int64_t, std::int64_t, std::string>, std::int64_t> deltas_;
};

// A name written by others, for a counter: beyond kCountedNames different ones the rest count as one.
class CountedNames {
 public:
  static constexpr std::size_t kCountedNames = 1000;
  static constexpr std::string_view kOthers = "(others)";
  void know(TenantId tenant, Counter counter, std::string_view name);
  std::string_view counted_as(TenantId tenant, Counter counter, std::string_view name);

 private:
  std::map<std::pair<std::int64_t, Counter>, std::map<std::string, bool, std::less<>>> known_;
};

// What the writer remembers between transactions. Only the writer's thread changes it; `tail` may be read by
// all.
struct IngestState {
  model::Seq last_seq = 0;
  std::int64_t last_block = 0;
  model::Seq last_event = 0;
  KeyTail tail;
  BloomFilter bloom;
  bool bloom_ready = false;  // false: every key may be in the table
  CountedNames names;

  struct Mark {
    model::Seq last_seq;
    std::int64_t last_block;
    model::Seq last_event;
  };
  Mark mark() const { return {last_seq, last_block, last_event}; }
  void roll_back(const Mark& mark);
};

// What a write works with; only valid inside the writer's transaction.
struct WriteContext {
  Connection& db;
  IngestState& ingest;
  CounterDeltas& counters;
  const SqliteOptions& options;
  Timestamp now;
};

}  // namespace tocsin::store
