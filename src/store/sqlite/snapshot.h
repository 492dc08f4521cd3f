#pragma once
// Everything that a database had acknowledged at one moment, to be read while others, in this process or in
// another, go on writing: its pages as of one commit, and the alerts that are only in the ingest journal yet.
// Laid side by side as FILE and FILE-ingest they are opened like a database after a crash.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::store {

struct TenantFacts {
  std::int64_t tenant = 0;
  std::string name;
  std::int64_t alerts = 0;  // committed ones: those of the journal are not counted
  std::int64_t incidents = 0;
};

class SqliteSnapshot {
 public:
  // What was acknowledged before the call is in it. It holds a read transaction while it lives: the
  // database's log cannot begin anew, so it grows by what is written meanwhile. kInvalidInput when the file
  // is no database of ours.
  static Result<std::unique_ptr<SqliteSnapshot>> take(const std::string& file);
  virtual ~SqliteSnapshot() = default;

  virtual std::uint64_t bytes() const = 0;  // of the database
  virtual Result<void> read(const std::function<Result<void>(std::string_view)>& each) const = 0;
  virtual const std::string& journal() const = 0;  // empty: every alert is in the database
  virtual int schema_version() const = 0;
  virtual Result<std::vector<TenantFacts>> tenants() = 0;
  // Of the database without the journal; reads every row.
  virtual Result<std::string> state_hash() = 0;
};

}  // namespace tocsin::store
