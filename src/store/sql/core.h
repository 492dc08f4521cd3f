#pragma once
// What the stores of one database share, whichever it is: readers, one writer, kept counters.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "store/acting.h"
#include "store/sql/audit_log.h"
#include "store/sql/changes.h"
#include "store/sql/connection.h"
#include "store/store.h"

namespace tocsin::store {

// A bounded set of read connections. Thread-safe.
class ReaderPool {
 public:
  using Open = std::function<Result<std::unique_ptr<Connection>>()>;

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
    friend class ReaderPool;
    Result<void> renew();

    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Opens all of them. `before_read` runs at the start of each take().
  static Result<std::unique_ptr<ReaderPool>> open(std::size_t size, Open open_one,
                                                  std::function<void()> before_read);
  // Waits for a free connection; kBusy after ten seconds. One that is no longer usable is opened anew. Not to
  // be taken twice by one thread.
  Result<Lease> take();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  Open open_one_;
  std::function<void()> before_read_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

enum class Counter : std::uint8_t {
  kAlerts,
  kAlertSeverity,
  kAlertStatus,
  kAlertSource,
  kIncidents,
  kIncidentsOpen,
  kEvents,
  kEventSource,
  kAssetRevision  // counts the changes of the asset table
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
  Result<void> load(Connection& db);
  std::string_view counted_as(TenantId tenant, Counter counter, std::string_view name);

 private:
  std::map<std::pair<std::int64_t, Counter>, std::map<std::string, bool, std::less<>>> known_;
};

// Kept counters of one kind: name and value, the highest first.
Result<std::vector<std::pair<std::string, std::int64_t>>> read_counters(Connection& db, TenantId tenant,
                                                                        Counter counter, std::size_t limit);

// One number, 0 without a row.
Result<std::int64_t> number_for(Connection& db, std::string_view sql, TenantId tenant);

// What the options of every database have in common and writes go by.
struct WriteRules {
  std::chrono::minutes dedup_window{60};
  std::chrono::hours idempotency_kept{24};
  std::size_t dead_letters_kept = 100'000;
};

// What a write works with; only valid inside the writer's transaction.
struct WriteContext {
  Connection& db;
  CounterDeltas& counters;
  IngestAudit& ingested;
  CountedNames& names;
  const WriteRules& options;
  Timestamp now;
  const Origin* origin;        // on whose behalf; never null while a work runs
  Changes* changes = nullptr;  // null: nobody listens elsewhere
  std::string_view process{};  // Database::process
};

struct PreparedBatch;

// Of writes that are safe beside others of their tenant: they lock the rows they change.
constexpr TenantId kUnheld{-1};

// Takes writes and puts what waits into one transaction.
class Writer {
 public:
  struct Work {
    // Runs inside the transaction, perhaps again after a rollback, so it must not keep what it did before. An
    // error of the caller's making (kNotFound, kConflict, kInvalidInput, kForbidden) must come before its
    // first change.
    std::function<Result<void>(WriteContext&)> run;
    std::function<void(Result<void>)> done;  // after the commit, on the writer's thread
    std::size_t rows = 1;
    std::size_t bytes = 256;
    std::shared_ptr<const PreparedBatch> appended{};  // `run` does append_batch of this and nothing else
    TenantId tenant{0};  // whose data it changes and holds meanwhile; 0: nobody's; kUnheld: holds nothing
    Origin origin = Acting::current();  // on whose behalf: the thread's that makes the work
  };

  virtual ~Writer() = default;
  // Calls work.done with kBusy or kUnavailable, on this thread, when it cannot take it.
  virtual void submit(Work work) = 0;
};

// The caller's mistakes: found before anything was changed, so that the transaction goes on.
bool callers_mistake(ErrorKind kind);

// The writer, for the data of one tenant.
class TenantWriter {
 public:
  TenantWriter(Writer& writer, TenantId tenant) : writer_(&writer), tenant_(tenant) {}
  TenantWriter unheld() const { return {*writer_, kUnheld}; }

  void submit(Writer::Work work) const {
    work.tenant = tenant_;
    writer_->submit(std::move(work));
  }

  // Runs `write` on the writer's thread and waits for its commit. Never from a `done` callback.
  template <class T>
  Result<T> wait(std::function<Result<T>(WriteContext&)> write, std::size_t rows = 1,
                 std::size_t bytes = 256) const {
    std::optional<Result<T>> value;
    auto committed = wait_for(
        [&](WriteContext& context) -> Result<void> {
          value.emplace(write(context));
          if (!*value) return value->error();
          return {};
        },
        rows, bytes);
    if (!committed) return std::move(committed).error();
    return std::move(*value);
  }
  Result<void> wait_for(std::function<Result<void>(WriteContext&)> write, std::size_t rows = 1,
                        std::size_t bytes = 256) const;

 private:
  Writer* writer_;
  TenantId tenant_;
};

// Where databases number or index in their own way. ?1 is the tenant.
struct Dialect {
  std::string_view last_seq;    // of its newest alert
  std::string_view searched;    // alerts up to here are in full-text search
  std::string_view last_event;  // number of the last event
  // Times, block and slot of the repeats of the alert ?2, the newest first, at most ?3.
  std::string_view occurrences;
  std::string_view
      lock_free_rows;  // behind a SELECT: rows that no other transaction has locked, and lock them
  std::string_view lock_rows;
  bool has_our_functions;  // sqlite/query_functions.h may be asked inside a statement
  // A correlator's delta, as the database takes many rows at once.
  Result<void> (*write_delta)(const CorrelationDelta&, TenantId, WriteContext&);
};

class AssetGroupsCache;
std::shared_ptr<AssetGroupsCache> make_asset_groups_cache();

// What a tenant's stores borrow from the database, and share.
struct Parts {
  const Dialect& dialect;
  const WriteRules& options;
  const Clock& clock;
  ReaderPool& readers;
  TenantWriter writer;
  std::shared_ptr<AssetGroupsCache> asset_groups = make_asset_groups_cache();
};

}  // namespace tocsin::store
