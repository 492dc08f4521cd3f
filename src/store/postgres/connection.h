#pragma once
// A thin owner of a libpq connection and its prepared statements. Values travel as parameters, in binary;
// statements are prepared when they first run, because their values say what types they take.

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sql/connection.h"

namespace tocsin::store {

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, FreeResult>;

class PgConnection final : public Connection {
 public:
  // `setup`: constant SQL that makes a session what it is for. kInvalidInput for a URL that cannot be read,
  // kUnavailable when nobody answers there. No message holds the password.
  static Result<std::unique_ptr<PgConnection>> open(const std::string& url, const char* setup);
  ~PgConnection() override;
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;

  Statement prepare(std::string_view sql) override;
  Result<void> exec(const char* sql) override;
  bool in_transaction() const override { return PQtransactionStatus(db_) > PQTRANS_ACTIVE; }
  std::int64_t changes() const override { return changes_; }
  bool usable() const override { return PQstatus(db_) == CONNECTION_OK; }

  // "COPY … FROM STDIN BINARY" of rows that CopyRows made (copy_rows.h).
  Result<void> copy(const char* sql, std::string_view rows);

  PGconn* handle() const { return db_; }
  // What the server or the lost connection means to our callers; forgets nothing.
  Error failure(const PGresult* result, std::string_view op) const;
  void note_changes(PGresult* result);
  std::string next_name() { return "s" + std::to_string(++names_); }

 private:
  explicit PgConnection(PGconn* db) : db_(db) {}
  void drop_idle_statements();
  struct Cached {
    std::unique_ptr<PreparedStatement> statement;
    bool in_use = false;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  PGconn* db_;
  std::int64_t changes_ = 0;
  std::uint64_t names_ = 0;
  std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> statements_;
};

// Where a URL leads, for messages: "host:port/name". Never its user or password.
std::string shown_place(const std::string& url);

}  // namespace tocsin::store
