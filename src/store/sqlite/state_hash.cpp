#include "store/sqlite/state_hash.h"

#include <array>
#include <bit>

#include "base/sha256.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

// Lookup keys, full text and its parts, how far background work has come and who does it, and the disk probe.
constexpr std::string_view kTables =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND name NOT LIKE 'alert\\_text%' ESCAPE '\\' AND name NOT IN ('alert_keys', 'watermarks', 'probe', "
    "'leases') "
    "ORDER BY name";

Result<std::vector<std::string>> texts(SqliteConnection& db, std::string_view sql,
                                       std::string_view argument) {
  std::vector<std::string> found;
  auto rows = db.prepare(sql);
  argument.empty() ? rows.query() : rows.query(argument);
  while (rows.next()) found.emplace_back(rows.text(0));
  TOCSIN_CHECK(rows.status());
  return found;
}

std::string in_quotes(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + in_quotes(name);
  return list;
}

// A table without a primary key of its own is in the order in which its rows came.
Result<std::string> select_all(SqliteConnection& db, const std::string& table, std::string& columns) {
  TOCSIN_TRY(names, texts(db, "SELECT name FROM pragma_table_info(?1) ORDER BY name", table));
  TOCSIN_TRY(key, texts(db, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", table));
  columns = joined(names);
  return "SELECT " + columns + " FROM " + in_quotes(table) + " ORDER BY " +
         (key.empty() ? "rowid" : joined(key));
}

void add_value(std::string& bytes, sqlite3_stmt* row, int column) {
  ByteWriter to(bytes);
  const int type = sqlite3_column_type(row, column);
  bytes += static_cast<char>(type);
  switch (type) {
    case SQLITE_INTEGER:
      to.fixed64(static_cast<std::uint64_t>(sqlite3_column_int64(row, column)));
      return;
    case SQLITE_FLOAT:
      to.real(sqlite3_column_double(row, column));
      return;
    case SQLITE_NULL:
      return;
    default: {
      const auto* const data = static_cast<const char*>(sqlite3_column_blob(row, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
      to.text(data == nullptr ? std::string_view() : std::string_view(data, size));
    }
  }
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

Result<TableHash> hash_table(SqliteConnection& db, const std::string& table) {
  std::string bytes;
  TOCSIN_TRY(sql, select_all(db, table, bytes));
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(db.handle(), sql.c_str(), -1, &raw, nullptr);
  const std::unique_ptr<sqlite3_stmt, Finalize> rows(raw);
  if (code != SQLITE_OK) return sqlite_error(db.handle(), code, "hash table " + table);
  Sha256 hash;
  TableHash found{table, 0, {}};
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(raw); ++column) add_value(bytes, raw, column);
    hash.add(bytes);
    bytes.clear();
    ++found.rows;
  }
  if (code != SQLITE_DONE) return sqlite_error(db.handle(), code, "hash table " + table);
  hash.add(bytes);  // of an empty table: its columns
  found.sha256 = to_hex(hash.finish());
  return found;
}

}  // namespace

Result<StateHash> state_hash(SqliteConnection& db) {
  TOCSIN_TRY(tables, texts(db, kTables, {}));
  StateHash state;
  std::string all;
  for (const auto& table : tables) {
    TOCSIN_TRY(hash, hash_table(db, table));
    all += table + ' ' + hash.sha256 + '\n';
    state.tables.push_back(std::move(hash));
  }
  state.sha256 = sha256_hex(all);
  return state;
}

}  // namespace tocsin::store
