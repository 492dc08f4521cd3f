#pragma once
// The embedded database: one SQLite file inside the data directory, one writer thread, a few readers.
// docs/decisions/0002-store-layout.md tells why the tables look as they do.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace tocsin::store {

struct SqliteOptions {
  std::string file;                         // made when absent; its folder must exist
  const Clock* clock = nullptr;             // outlives the database; null: the system's
  std::chrono::minutes dedup_window{60};    // how far apart two repeats of one fingerprint may be
  std::chrono::hours idempotency_kept{24};  // how long an Idempotency-Key is remembered
  std::size_t queue_rows = 20'000;          // waiting writes, together; more: kBusy
  std::size_t queue_bytes = 64U << 20;
  std::size_t group_rows = 10'000;              // of one transaction, and of appends that share a commit
  std::size_t readers = 4;                      // connections, each with a cache of its own
  std::size_t key_tail_rows = 200'000;          // alerts whose lookup keys may wait in memory
  std::size_t dead_letters_kept = 100'000;      // per tenant; the oldest go first
  std::chrono::milliseconds idle_after{50};     // without writes: then the background work runs
  std::chrono::milliseconds probe_every{1000};  // while writes fail: how often one is tried
};

// kInvalidInput for a file that a newer version wrote, kUnavailable when it cannot be opened.
Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options);

}  // namespace tocsin::store
