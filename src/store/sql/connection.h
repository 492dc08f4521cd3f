#pragma once
// A connection to a database that speaks SQL and its prepared statements, for code that is written once for
// all of them. Placeholders are ?1, ?2 …; values are only ever bound, never spliced in.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::store {

// Bytes, as opposed to text.
struct Blob {
  std::string_view bytes;
};

// An object for a function of ours (sqlite/query_functions.h), which only takes the type that it expects.
struct SqlPointer {
  std::shared_ptr<void> object;
  const char* type = "";  // a literal
};

// One value for a placeholder of a statement that was put together at run time; outlives its use.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string, SqlPointer>;

// Constant parts of a statement, put together.
std::string join_sql(std::initializer_list<std::string_view> parts);

// "%text%" for LIKE … ESCAPE '\'; its own signs stand for themselves.
std::string like_pattern(std::string_view text);

// What a placeholder that is null would otherwise hold.
enum class SqlType : std::uint8_t { kUnknown, kInteger, kReal, kText, kBlob };

// A prepared statement as one database has it. Placeholders count from 1, columns from 0.
class PreparedStatement {
 public:
  virtual ~PreparedStatement() = default;
  virtual void rewind() = 0;  // before the first row, without an error
  virtual void clear() = 0;   // lets go of rows and values
  virtual void bind_null(int index, SqlType type) = 0;
  virtual void bind_integer(int index, std::int64_t value) = 0;
  virtual void bind_real(int index, double value) = 0;
  // `stays`: the bytes outlive the run, so that they need not be copied.
  virtual void bind_text(int index, std::string_view value, bool stays) = 0;
  virtual void bind_blob(int index, std::string_view value, bool stays) = 0;
  virtual void bind_pointer(int index, const SqlPointer& value) = 0;
  virtual bool step() = 0;  // to the next row; false at the end and after an error
  virtual const std::optional<Error>& error() const = 0;  // the first since rewind()

  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual bool null(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // until the next step()
  virtual std::string_view blob(int column) const = 0;
};

// A prepared statement on loan from its connection; goes back, cleared, at the end of its scope. The first
// error sticks until it runs anew and is told by status(), so that a loop may be written without a check in
// each line.
class Statement {
 public:
  Statement(PreparedStatement& prepared, bool& in_use) : prepared_(&prepared), in_use_(&in_use) {}
  explicit Statement(std::unique_ptr<PreparedStatement> owned)
      : prepared_(owned.get()), owned_(std::move(owned)) {}
  explicit Statement(Error error) : error_(std::move(error)) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Binds ?1, ?2 … and runs to the end; may be called again.
  template <class... Args>
  Result<void> run(const Args&... args) {
    bind_all(true, args...);
    while (next()) {
    }
    auto result = status();
    if (prepared_ != nullptr) prepared_->rewind();
    return result;
  }
  // Binds ?1, ?2 … (copies text) and stands before the first row.
  template <class... Args>
  Statement& query(const Args&... args) {
    bind_all(false, args...);
    return *this;
  }
  Statement& query_values(std::span<const SqlValue> values);

  // false at the end and after an error
  bool next() { return prepared_ != nullptr && prepared_->step(); }
  Result<void> status() const;

  // Columns of the row that next() stands on; views live until the next call of next().
  std::int64_t int64(int column) const { return prepared_->integer(column); }
  int integer(int column) const { return static_cast<int>(prepared_->integer(column)); }
  double real(int column) const { return prepared_->real(column); }
  bool null(int column) const { return prepared_->null(column); }
  std::string_view text(int column) const { return prepared_->text(column); }
  std::string_view blob(int column) const { return prepared_->blob(column); }
  std::optional<std::string> optional_text(int column) const;
  Timestamp time(int column) const { return from_unix_nanos(int64(column)); }

 private:
  template <class... Args>
  void bind_all([[maybe_unused]] bool stays, const Args&... args) {
    if (prepared_ == nullptr) return;
    prepared_->rewind();
    int index = 0;
    (bind(++index, args, stays), ...);
  }
  void bind(int index, std::nullptr_t, bool) { prepared_->bind_null(index, SqlType::kUnknown); }
  void bind(int index, double value, bool) { prepared_->bind_real(index, value); }
  void bind(int index, std::string_view value, bool stays) { prepared_->bind_text(index, value, stays); }
  void bind(int index, const std::string& value, bool stays) { prepared_->bind_text(index, value, stays); }
  void bind(int index, const char* value, bool stays) { prepared_->bind_text(index, value, stays); }
  void bind(int index, const Blob& value, bool stays) { prepared_->bind_blob(index, value.bytes, stays); }
  void bind(int index, const SqlPointer& value, bool) { prepared_->bind_pointer(index, value); }
  void bind(int index, Timestamp value, bool) { prepared_->bind_integer(index, to_unix_nanos(value)); }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void bind(int index, T value, bool) {
    prepared_->bind_integer(index, static_cast<std::int64_t>(value));
  }
  template <class T>
  void bind(int index, const std::optional<T>& value, bool stays) {
    if (value) {
      bind(index, *value, stays);
    } else {
      prepared_->bind_null(index, type_of<T>());
    }
  }
  template <class T>
  static constexpr SqlType type_of() {
    if constexpr (std::is_same_v<T, Blob>) return SqlType::kBlob;
    if constexpr (std::is_floating_point_v<T>) return SqlType::kReal;
    if constexpr (std::is_convertible_v<T, std::string_view>) return SqlType::kText;
    return SqlType::kInteger;
  }

  PreparedStatement* prepared_ = nullptr;  // null: it could not be prepared
  bool* in_use_ = nullptr;                 // of the cache entry it was lent from; null when owned
  std::unique_ptr<PreparedStatement> owned_;
  std::optional<Error> error_;  // of preparing it
};

// Not thread-safe: one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Statement prepare(std::string_view sql) = 0;
  virtual Result<void> exec(const char* sql) = 0;  // constant SQL only: no values in it
  virtual bool in_transaction() const = 0;
  virtual std::int64_t changes() const = 0;     // rows that the last writing statement touched
  virtual bool usable() const { return true; }  // false: it is to be opened anew
};

// One snapshot for several reads; ends with its scope.
class Snapshot {
 public:
  explicit Snapshot(Connection& db) : db_(db) { (void)db_.exec("BEGIN"); }
  ~Snapshot() { (void)db_.exec("COMMIT"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& db_;
};

}  // namespace tocsin::store
