#pragma once
// PostgreSQL 15 or later: one writer thread and connection, a few read connections, any number of processes
// on one database. docs/decisions/0006-postgresql.md tells how they stay in step.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace tocsin::store {

struct PostgresOptions {
  std::string url;                          // "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
  const Clock* clock = nullptr;             // outlives the database; null: the system's
  std::chrono::minutes dedup_window{60};    // how far apart two repeats of one fingerprint may be
  std::chrono::hours idempotency_kept{24};  // how long an Idempotency-Key is remembered
  std::size_t queue_rows = 20'000;          // waiting writes, together; more: kBusy
  std::size_t queue_bytes = 64U << 20;
  std::size_t group_rows = 10'000;              // of one transaction
  std::size_t readers = 4;                      // connections
  std::size_t dead_letters_kept = 100'000;      // per tenant; the oldest go first
  std::chrono::milliseconds probe_every{1000};  // while the server is away: how often it is tried
};

// "postgresql://…" or "postgres://…"
bool is_postgres_url(std::string_view url);

// Makes the tables in the first schema of the user's search path, or brings them up to date. kInvalidInput
// for a URL that cannot be read and for tables of a newer version, kUnavailable when the server does not
// answer.
Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options);

}  // namespace tocsin::store
