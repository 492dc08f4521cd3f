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

std::string join_sql(std::initializer_list<std::string_view> parts) {
  std::string sql;
  for (const auto part : parts) sql += part;
  return sql;
}

Error sqlite_error(sqlite3* db, int code, std::string_view op) {
  const auto kind = kind_of(code);
  std::string message = sqlite3_errstr(code);
  if (db != nullptr && sqlite3_extended_errcode(db) != SQLITE_OK) message = sqlite3_errmsg(db);
  const char* hint = kind == ErrorKind::kStorageFull ? "Free space on the disk of the data directory" : "";
  return error(kind, std::string(op), std::move(message), hint);
}

Statement::Statement(sqlite3* db, sqlite3_stmt* stmt, bool* in_use, bool owned, std::optional<Error> error)
    : db_(db), stmt_(stmt), in_use_(in_use), owned_(owned), error_(std::move(error)) {}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_),
      stmt_(other.stmt_),
      in_use_(other.in_use_),
      owned_(other.owned_),
      error_(std::move(other.error_)) {
  other.stmt_ = nullptr;
  other.in_use_ = nullptr;
  other.owned_ = false;
}

Statement::~Statement() {
  if (stmt_ == nullptr) return;
  if (owned_) {
    sqlite3_finalize(stmt_);
    return;
  }
  sqlite3_reset(stmt_);
  sqlite3_clear_bindings(stmt_);
  if (in_use_ != nullptr) *in_use_ = false;
}

void Statement::rewind() {
  if (stmt_ == nullptr) return;
  sqlite3_reset(stmt_);
  error_.reset();
}

void Statement::check(int code) {
  if (code != SQLITE_OK && !error_) error_ = sqlite_error(db_, code, "bind to the database");
}

Statement& Statement::query_values(std::span<const SqlValue> values) {
  rewind();
  int index = 0;
  for (const auto& value : values) {
    ++index;
    std::visit([&](const auto& v) { bind(index, v, SQLITE_TRANSIENT); }, value);
  }
  return *this;
}

bool Statement::next() {
  if (error_ || stmt_ == nullptr) return false;
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) error_ = sqlite_error(db_, code, "use the database");
  return false;
}

Result<void> Statement::finish() {
  while (next()) {
  }
  if (stmt_ != nullptr) sqlite3_reset(stmt_);
  return status();
}

Result<void> Statement::status() const {
  if (error_) return *error_;
  return {};
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(stmt_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (null(column)) return std::nullopt;
  return std::string(text(column));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& file, const Tuning& tuning) {
  configure_once();
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (tuning.read_only ? 0 : SQLITE_OPEN_CREATE);
  const int code =
      sqlite3_open_v2(file.c_str(), &db, flags, tuning.gather_log ? log_gathering_vfs() : nullptr);
  std::unique_ptr<Connection> connection(new Connection(db));
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

Connection::~Connection() {
  for (auto& [sql, cached] : statements_) sqlite3_finalize(cached.stmt);
  sqlite3_close_v2(db_);
}

void Connection::drop_idle_statements() {
  for (auto it = statements_.begin(); it != statements_.end();) {
    if (it->second.in_use) {
      ++it;
      continue;
    }
    sqlite3_finalize(it->second.stmt);
    it = statements_.erase(it);
  }
}

Statement Connection::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end() && !found->second.in_use) {
    found->second.in_use = true;
    return {db_, found->second.stmt, &found->second.in_use, false, std::nullopt};
  }
  sqlite3_stmt* stmt = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
  if (code != SQLITE_OK)
    return {db_, nullptr, nullptr, false, sqlite_error(db_, code, "prepare a statement")};
  if (found != statements_.end())
    return {db_, stmt, nullptr, true, std::nullopt};  // the cached one is at work
  if (statements_.size() >= kCachedStatements) drop_idle_statements();
  auto& cached = statements_[std::string(sql)];
  cached = {stmt, true};
  return {db_, stmt, &cached.in_use, false, std::nullopt};
}

Result<void> Connection::exec(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(db_, code, "use the database");
  return {};
}

}  // namespace tocsin::store
