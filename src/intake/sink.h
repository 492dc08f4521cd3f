#pragma once
// Where records go, and where positions are remembered: what the intake needs of the program around it.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/ingest.h"

namespace tocsin::intake {

// Thread-safe. kBusy, kStorageFull and kUnavailable mean "not now": the intake tries again and stops reading
// meanwhile.
class Sink {
 public:
  virtual ~Sink() = default;

  // Waits for the commit.
  virtual Result<void> keep_events(const std::vector<ingest::Record>& records) = 0;
  // Waits for the commit. `source` is what the bytes would be replayed as.
  virtual Result<void> keep_unreadable(const std::string& source,
                                       const std::vector<ingest::Rejection>& rejections) = 0;

  struct Stored {
    std::uint64_t created = 0;
    std::uint64_t occurrences = 0;
    std::uint64_t duplicates = 0;
  };
  struct Alerts {
    std::string source;
    std::vector<ingest::Record> records;
    std::string idempotency_key;  // empty: none
    std::uint64_t body_hash = 0;
  };
  // `done` runs after the commit, on the store's thread: it must only hand over.
  virtual void store_alerts(Alerts alerts, std::function<void(Result<Stored>)> done) = 0;
};

// Durable text by key. Thread-safe; write returns after the commit.
class PositionStore {
 public:
  virtual ~PositionStore() = default;
  virtual Result<std::optional<std::string>> read(const std::string& key) = 0;
  virtual Result<void> write(const std::string& key, const std::string& value) = 0;
};

}  // namespace tocsin::intake
