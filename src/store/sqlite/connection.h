#pragma once
// A thin owner of an SQLite handle and its prepared statements. Values are only ever bound, never spliced in.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::store {

// Bytes, as opposed to text.
struct Blob {
  std::string_view bytes;
};

// An object for a function of ours (query_functions.h), which only takes the type that it expects.
struct SqlPointer {
  std::shared_ptr<void> object;
  const char* type = "";  // a literal
};

// One value for a placeholder of a statement that was put together at run time; outlives its use.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string, SqlPointer>;

// Constant parts of a statement, put together.
std::string join_sql(std::initializer_list<std::string_view> parts);

// What SQLite's code means to our callers: a full or failing disk is kStorageFull, another's lock kBusy.
Error sqlite_error(sqlite3* db, int code, std::string_view op);

// A prepared statement on loan from its connection; goes back, reset, at the end of its scope. The first
// error sticks until it runs anew and is told by status(), so that a loop may be written without a check in
// each line.
class Statement {
 public:
  Statement(sqlite3* db, sqlite3_stmt* stmt, bool* in_use, bool owned, std::optional<Error> error);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Binds ?1, ?2 … and runs to the end; may be called again.
  template <class... Args>
  Result<void> run(const Args&... args) {
    bind_all(SQLITE_STATIC, args...);
    return finish();
  }
  // Binds ?1, ?2 … (copies text) and stands before the first row.
  template <class... Args>
  Statement& query(const Args&... args) {
    bind_all(SQLITE_TRANSIENT, args...);
    return *this;
  }
  Statement& query_values(std::span<const SqlValue> values);

  bool next();  // false at the end and after an error
  Result<void> status() const;

  // Columns of the row that next() stands on; views live until the next call of next().
  std::int64_t int64(int column) const { return sqlite3_column_int64(stmt_, column); }
  int integer(int column) const { return sqlite3_column_int(stmt_, column); }
  double real(int column) const { return sqlite3_column_double(stmt_, column); }
  bool null(int column) const { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  std::optional<std::string> optional_text(int column) const;
  Timestamp time(int column) const { return from_unix_nanos(int64(column)); }

 private:
  void rewind();
  Result<void> finish();
  void check(int code);

  template <class... Args>
  void bind_all([[maybe_unused]] sqlite3_destructor_type life, const Args&... args) {
    rewind();
    int index = 0;
    (bind(++index, args, life), ...);
  }
  void bind(int index, std::nullptr_t, sqlite3_destructor_type) { check(sqlite3_bind_null(stmt_, index)); }
  void bind(int index, double value, sqlite3_destructor_type) {
    check(sqlite3_bind_double(stmt_, index, value));
  }
  void bind(int index, std::string_view value, sqlite3_destructor_type life) {
    const char* data = value.data() == nullptr ? "" : value.data();
    check(sqlite3_bind_text64(stmt_, index, data, value.size(), life, SQLITE_UTF8));
  }
  void bind(int index, const Blob& value, sqlite3_destructor_type life) {
    const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
    check(sqlite3_bind_blob64(stmt_, index, data, value.bytes.size(), life));
  }
  void bind(int index, const SqlPointer& value, sqlite3_destructor_type) {
    check(sqlite3_bind_pointer(stmt_, index, value.object.get(), value.type, nullptr));
  }
  void bind(int index, Timestamp value, sqlite3_destructor_type) {
    check(sqlite3_bind_int64(stmt_, index, to_unix_nanos(value)));
  }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void bind(int index, T value,
                                                                 sqlite3_destructor_type) {
    check(sqlite3_bind_int64(stmt_, index, static_cast<std::int64_t>(value)));
  }
  template <class T>
  void bind(int index, const std::optional<T>& value, sqlite3_destructor_type life) {
    if (value) {
      bind(index, *value, life);
    } else {
      bind(index, nullptr, life);
    }
  }
  void bind(int index, const std::string& value, sqlite3_destructor_type life) {
    bind(index, std::string_view(value), life);
  }
  void bind(int index, const char* value, sqlite3_destructor_type life) {
    bind(index, std::string_view(value), life);
  }

  sqlite3* db_;
  sqlite3_stmt* stmt_;
  bool* in_use_;  // of the cache entry it was lent from; null when owned
  bool owned_;
  std::optional<Error> error_;
};

// Not thread-safe: one thread at a time.
class Connection {
 public:
  struct Tuning {
    bool read_only = false;
    int cache_kib = 2048;
    bool gather_log = false;  // for the writer (log_vfs.h)
  };
  static Result<std::unique_ptr<Connection>> open(const std::string& file, const Tuning& tuning);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Statement prepare(std::string_view sql);
  Result<void> exec(const char* sql);  // constant SQL only: no values in it
  sqlite3* handle() const { return db_; }
  bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
  std::int64_t changes() const { return sqlite3_changes64(db_); }

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  struct Cached {
    sqlite3_stmt* stmt = nullptr;
    bool in_use = false;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  void drop_idle_statements();

  sqlite3* db_;
  std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> statements_;
};

}  // namespace tocsin::store
