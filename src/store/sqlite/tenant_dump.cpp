#include "store/sqlite/tenant_dump.h"

#include <memory>
#include <vector>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "store/sqlite/connection.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kTables =
    "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = "
    "'tenant' "
    "AND m.name NOT IN ('alerts', 'blocks', 'event_blocks', 'answers', 'idempotency', 'counters', "
    "'correlation') "
    "ORDER BY m.name";

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

std::string_view bytes_of(sqlite3_stmt* row, int column) {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(row, column));
  return data == nullptr
             ? std::string_view()
             : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

void write_value(JsonWriter& json, sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return json.value(static_cast<std::int64_t>(sqlite3_column_int64(row, column)));
    case SQLITE_FLOAT:
      return json.value(sqlite3_column_double(row, column));
    case SQLITE_TEXT:
      return json.value(bytes_of(row, column));
    case SQLITE_BLOB:
      return json.value(to_hex(bytes_of(row, column)));
    default:
      return json.value(nullptr);
  }
}

std::string row_json(sqlite3_stmt* row) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    for (int column = 0; column < sqlite3_column_count(row); ++column) {
      json.key(sqlite3_column_name(row, column));
      write_value(json, row, column);
    }
  });
  return text;
}

Result<void> dump_table(SqliteConnection& db, const std::string& table, TenantId tenant,
                        const std::function<Result<void>(std::string_view, std::string_view)>& each) {
  const auto sql = "SELECT * FROM \"" + table + "\" WHERE tenant = ?1";
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(db.handle(), sql.c_str(), -1, &raw, nullptr);
  const std::unique_ptr<sqlite3_stmt, Finalize> rows(raw);
  if (code != SQLITE_OK) return sqlite_error(db.handle(), code, "read table " + table);
  sqlite3_bind_int64(raw, 1, tenant.value);
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) TOCSIN_CHECK(each(table, row_json(raw)));
  return code == SQLITE_DONE ? Result<void>() : sqlite_error(db.handle(), code, "read table " + table);
}

}  // namespace

Result<void> dump_tenant(
    const std::string& file, TenantId tenant,
    const std::function<Result<void>(std::string_view table, std::string_view json)>& each) {
  TOCSIN_TRY(db, SqliteConnection::open(file, {.read_only = true}));
  std::vector<std::string> tables;
  auto rows = db->prepare(kTables);
  rows.query();
  while (rows.next()) tables.emplace_back(rows.text(0));
  TOCSIN_CHECK(rows.status());
  for (const auto& table : tables) TOCSIN_CHECK(dump_table(*db, table, tenant, each));
  return {};
}

}  // namespace tocsin::store
