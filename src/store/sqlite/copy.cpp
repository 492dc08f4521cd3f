#include "store/sqlite/copy.h"

#include <sqlite3.h>

#include <filesystem>
#include <memory>

namespace tocsin::store {
namespace {

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Error wrong(std::string op, sqlite3* db, const std::string& file) {
  return error(ErrorKind::kInvalidInput, std::move(op), sqlite3_errmsg(db),
               "the file must be a database of ours", file);
}

Result<Handle> open_read_only(const std::string& file) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  Handle db(raw);
  if (code != SQLITE_OK) return wrong("open a database", db.get(), file);
  sqlite3_busy_timeout(db.get(), 10'000);
  return db;
}

Result<Statement> prepare(sqlite3* db, const char* sql, const std::string& file) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, sql, -1, &raw, nullptr) != SQLITE_OK) return wrong("read a database", db, file);
  return Statement(raw);
}

}  // namespace

Result<void> copy_sqlite(const std::string& from, const std::string& to) {
  if (std::filesystem::exists(to)) {
    return error(ErrorKind::kConflict, "copy the database", to + " exists",
                 "a copy never overwrites; name another file");
  }
  TOCSIN_TRY(db, open_read_only(from));
  TOCSIN_TRY(statement, prepare(db.get(), "VACUUM INTO ?", from));
  sqlite3_bind_text(statement.get(), 1, to.c_str(), -1, SQLITE_TRANSIENT);
  if (sqlite3_step(statement.get()) != SQLITE_DONE) return wrong("copy the database", db.get(), from);
  return {};
}

Result<std::string> check_sqlite(const std::string& file) {
  TOCSIN_TRY(db, open_read_only(file));
  TOCSIN_TRY(statement, prepare(db.get(), "PRAGMA quick_check(20)", file));
  std::string problems;
  while (sqlite3_step(statement.get()) == SQLITE_ROW) {
    const std::string line = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
    if (line != "ok") problems += (problems.empty() ? "" : "; ") + line;
  }
  return problems;
}

}  // namespace tocsin::store
