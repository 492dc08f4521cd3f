#pragma once
// What a database says, as one number: two databases with the same hash hold the same tenants, alerts,
// incidents, decisions and settings. What is derived and follows behind a watermark (lookup keys, full text)
// is not part of it, nor how the rows lie in pages.

#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite/connection.h"

namespace tocsin::store {

struct TableHash {
  std::string table;
  std::int64_t rows = 0;
  std::string sha256;  // hex, of its column names and of all rows in the order of their key
};

struct StateHash {
  std::string sha256;             // hex, of all tables
  std::vector<TableHash> tables;  // by name
};

// Reads every row. Within a transaction of the caller's, or of its own accord when nobody writes.
Result<StateHash> state_hash(SqliteConnection& db);

}  // namespace tocsin::store
