#pragma once
// Copies of a database file, taken beside a running server or without one.

#include <string>

#include "base/result.h"

namespace tocsin::store {

// Writes a consistent, compact copy of `from` to `to`, which must not exist. Readers and the writer of `from`
// go on. kInvalidInput when `from` is no database of ours, kConflict when `to` exists.
Result<void> copy_sqlite(const std::string& from, const std::string& to);

// Problems that SQLite itself finds in the file; empty when it is sound.
Result<std::string> check_sqlite(const std::string& file);

}  // namespace tocsin::store
