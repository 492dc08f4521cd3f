#include "store/sqlite/connection.h"

#include <mutex>

#include "store/sqlite/log_vfs.h"
#include "store/sqlite/query_functions.h"

namespace tocsin::store {
namespace {

// Lists are put together from filters, so their texts are many: beyond this the idle ones are dropped.
constexpr std::size_t kCachedStatements = 160;
constexpr int kBusyTimeoutMs = 10'000;

ErrorKind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return ErrorKind::kStorageFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kBusy;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
      return ErrorKind::kUnavailable;
    case SQLITE_TOOBIG:
      return ErrorKind::kTooLarge;
    default:
      return ErrorKind::kInternal;
  }
}

// SQLite's own memory statistics take a lock at each allocation, and nobody reads them. Too late once another
// part of the process has used SQLite; then it stays as it is.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

Error sqlite_error(sqlite3* db, int code, std::string_view op) {
  const auto kind = kind_of(code);
  std::string message = sqlite3_errstr(code);
  if (db != nullptr && sqlite3_extended_errcode(db) != SQLITE_OK) message = sqlite3_errmsg(db);
  const char* hint = kind == ErrorKind::kStorageFull ? "Free space on the disk of the data directory" : "";
  return error(kind, std::string(op), std::move(message), hint);
}

namespace {

class SqliteStatement final : public PreparedStatement {
 public:
  SqliteStatement(sqlite3* db, sqlite3_stmt* stmt) : db_(db), stmt_(stmt) {}
  ~SqliteStatement() override { sqlite3_finalize(stmt_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void rewind() override {
    sqlite3_reset(stmt_);
    error_.reset();
  }
  void clear() override {
    rewind();
    sqlite3_clear_bindings(stmt_);
  }
  void bind_null(int index, SqlType) override { check(sqlite3_bind_null(stmt_, index)); }
  void bind_integer(int index, std::int64_t value) override {
    check(sqlite3_bind_int64(stmt_, index, value));
  }
  void bind_real(int index, double value) override { check(sqlite3_bind_double(stmt_, index, value)); }
  void bind_text(int index, std::string_view value, bool stays) override {
    check(sqlite3_bind_text64(stmt_, index, data_of(value), value.size(), life(stays), SQLITE_UTF8));
  }
  void bind_blob(int index, std::string_view value, bool stays) override {
    check(sqlite3_bind_blob64(stmt_, index, data_of(value), value.size(), life(stays)));
  }
  void bind_pointer(int index, const SqlPointer& value) override {
    check(sqlite3_bind_pointer(stmt_, index, value.object.get(), value.type, nullptr));
  }
  bool step() override {
    if (error_) return false;
    const int code = sqlite3_step(stmt_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) error_ = sqlite_error(db_, code, "use the database");
    return false;
  }
  const std::optional<Error>& error() const override { return error_; }

  std::int64_t integer(int column) const override { return sqlite3_column_int64(stmt_, column); }
  double real(int column) const override { return sqlite3_column_double(stmt_, column); }
  bool null(int column) const override { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }
  std::string_view text(int column) const override {
    return bytes(reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column)), column);
  }
  std::string_view blob(int column) const override {
    return bytes(static_cast<const char*>(sqlite3_column_blob(stmt_, column)), column);
  }

 private:
  static const char* data_of(std::string_view value) { return value.data() == nullptr ? "" : value.data(); }
  static sqlite3_destructor_type life(bool stays) { return stays ? SQLITE_STATIC : SQLITE_TRANSIENT; }
  std::string_view bytes(const char* data, int column) const {
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
  }
  void check(int code) {
    if (code != SQLITE_OK && !error_) error_ = sqlite_error(db_, code, "bind to the database");
  }

  sqlite3* db_;
  sqlite3_stmt* stmt_;
  std::optional<Error> error_;
};

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& file,
                                                                 const Tuning& tuning) {
  configure_once();
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (tuning.read_only ? 0 : SQLITE_OPEN_CREATE);
  const int code =
      sqlite3_open_v2(file.c_str(), &db, flags, tuning.gather_log ? log_gathering_vfs() : nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(db));
  if (code != SQLITE_OK) {
    auto failed = sqlite_error(db, code, "open the database " + file);
    failed.kind = ErrorKind::kUnavailable;
    return failed;
  }
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  const std::string cache = "PRAGMA cache_size=-" + std::to_string(tuning.cache_kib);
  TOCSIN_CHECK(connection->exec(cache.c_str()));
  TOCSIN_CHECK(connection->exec("PRAGMA temp_store=MEMORY"));
  TOCSIN_CHECK(add_query_functions(db));
  if (tuning.read_only) TOCSIN_CHECK(connection->exec("PRAGMA query_only=1"));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close_v2(db_);
}

Statement SqliteConnection::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end() && !found->second.in_use) {
    found->second.in_use = true;
    return {*found->second.statement, found->second.in_use};
  }
  sqlite3_stmt* stmt = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
  if (code != SQLITE_OK) return Statement(sqlite_error(db_, code, "prepare a statement"));
  auto prepared = std::make_unique<SqliteStatement>(db_, stmt);
  if (found != statements_.end()) return Statement(std::move(prepared));  // the cached one is at work
  if (statements_.size() >= kCachedStatements)
    std::erase_if(statements_, [](const auto& entry) { return !entry.second.in_use; });
  auto& cached = statements_[std::string(sql)];
  cached = {std::move(prepared), true};
  return {*cached.statement, cached.in_use};
}

Result<void> SqliteConnection::exec(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(db_, code, "use the database");
  return {};
}

}  // namespace tocsin::store
