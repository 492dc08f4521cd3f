#pragma once
// What can be said of a database file without opening it as a store.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::store {

// Whether another process has the database open; false when it cannot be told. Not for a process that has it
// open itself: looking drops its locks.
bool is_in_use(const std::string& file);

// The schema that this program makes and works with.
int newest_schema();

// Problems that SQLite itself finds in the file; empty when it is sound. `thorough`: in every index and row,
// which takes as long as reading all of it several times.
Result<std::string> check_sqlite(const std::string& file, bool thorough = false);

enum class JournalState : std::uint8_t {
  kEmpty,    // all of it is in the database
  kWaiting,  // alerts that the next start, or the running server, appends
  kForeign   // it does not follow this database
};

struct DatabaseFacts {
  int schema = 0;
  std::vector<std::string> differences;  // from the schema of that version: "alerts.title is missing"
  std::uint64_t log_bytes = 0;           // of the write-ahead log
  JournalState journal = JournalState::kEmpty;
  std::int64_t dead_letters = 0;  // not replayed
  std::int64_t jobs_dead = 0;
  std::optional<Timestamp> newest_alert;  // when it was received
};
// kNotFound without a file, kInvalidInput when it is no database of ours.
Result<DatabaseFacts> inspect_sqlite(const std::string& file);

}  // namespace tocsin::store
