#pragma once
// A thin owner of an SQLite handle and its prepared statements.

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sql/connection.h"

namespace tocsin::store {

// What SQLite's code means to our callers: a full or failing disk is kStorageFull, another's lock kBusy.
Error sqlite_error(sqlite3* db, int code, std::string_view op);

class SqliteConnection final : public Connection {
 public:
  struct Tuning {
    bool read_only = false;
    int cache_kib = 2048;
    bool gather_log = false;  // for the writer (log_vfs.h)
  };
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& file, const Tuning& tuning);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Statement prepare(std::string_view sql) override;
  Result<void> exec(const char* sql) override;
  sqlite3* handle() const { return db_; }
  bool in_transaction() const override { return sqlite3_get_autocommit(db_) == 0; }
  std::int64_t changes() const override { return sqlite3_changes64(db_); }

 private:
  explicit SqliteConnection(sqlite3* db) : db_(db) {}
  struct Cached {
    std::unique_ptr<PreparedStatement> statement;
    bool in_use = false;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  sqlite3* db_;
  std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> statements_;
};

}  // namespace tocsin::store
