// The yardstick of the ingest benchmark: how fast SQLite alone inserts the rows that the server stored.
//
//   sqlite_alone SOURCE.db TARGET.db TABLE [TABLE…]
//
// Takes the tables (the first is the one that is counted) with all their indexes and rows out of SOURCE into
// memory, then inserts them into an empty TARGET with the same pragmas as the server: one thread, prepared
// statements, transactions of 10,000 rows of the first table, each with its share of the other tables' rows.
// Only the inserts and commits are timed. The last line is JSON.

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kRowsPerTransaction = 10'000;

struct Table {
  std::string name;
  int columns = 0;
  std::vector<sqlite3_value*> values;  // row by row
  sqlite3_stmt* insert = nullptr;
  std::size_t rows() const { return columns == 0 ? 0 : values.size() / static_cast<std::size_t>(columns); }
};

[[noreturn]] void die(sqlite3* db, const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  std::exit(1);
}

void run(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) die(db, sql.c_str());
}

sqlite3_stmt* prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) die(db, sql.c_str());
  return statement;
}

std::string pragma(sqlite3* db, const char* name) {
  auto* statement = prepare(db, std::string("PRAGMA ") + name);
  sqlite3_step(statement);
  const std::string value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return value;
}

std::vector<std::string> schema_of(sqlite3* db, const std::string& table) {
  auto* statement =
      prepare(db, "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC");
  sqlite3_bind_text(statement, 1, table.c_str(), -1, SQLITE_TRANSIENT);
  std::vector<std::string> all;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  }
  sqlite3_finalize(statement);
  return all;
}

Table read_table(sqlite3* db, const std::string& name) {
  Table table{.name = name};
  auto* statement = prepare(db, "SELECT * FROM \"" + name + "\"");
  table.columns = sqlite3_column_count(statement);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < table.columns; ++i)
      table.values.push_back(sqlite3_value_dup(sqlite3_column_value(statement, i)));
  }
  sqlite3_finalize(statement);
  return table;
}

void insert_row(sqlite3* db, const Table& table, std::size_t row) {
  const auto first = row * static_cast<std::size_t>(table.columns);
  for (int i = 0; i < table.columns; ++i) {
    sqlite3_bind_value(table.insert, i + 1, table.values[first + static_cast<std::size_t>(i)]);
  }
  if (sqlite3_step(table.insert) != SQLITE_DONE) die(db, table.name.c_str());
  sqlite3_reset(table.insert);
}

double insert_all(sqlite3* db, const std::vector<Table>& tables) {
  const auto total = tables.front().rows();
  const auto started = std::chrono::steady_clock::now();
  for (std::size_t from = 0; from < total; from += kRowsPerTransaction) {
    const auto until = std::min(total, from + kRowsPerTransaction);
    run(db, "BEGIN");
    for (const auto& table : tables) {
      const auto last = table.rows() * until / total;
      for (auto row = table.rows() * from / total; row < last; ++row) insert_row(db, table, row);
    }
    run(db, "COMMIT");
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: sqlite_alone SOURCE.db TARGET.db TABLE [TABLE...]\n");
    return 2;
  }
  sqlite3* source = nullptr;
  sqlite3* target = nullptr;
  if (sqlite3_open_v2(argv[1], &source, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) die(source, argv[1]);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(std::string(argv[2]) + suffix);
  if (sqlite3_open(argv[2], &target) != SQLITE_OK) die(target, argv[2]);
  run(target, "PRAGMA page_size=" + pragma(source, "page_size"));
  run(target,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA "
      "wal_autocheckpoint=8192");

  std::vector<Table> tables;
  for (int i = 3; i < argc; ++i) {
    for (const auto& sql : schema_of(source, argv[i])) run(target, sql);
    tables.push_back(read_table(source, argv[i]));
    auto& table = tables.back();
    std::string marks = "?";
    for (int column = 1; column < table.columns; ++column) marks += ",?";
    table.insert = prepare(target, "INSERT INTO \"" + table.name + "\" VALUES(" + marks + ")");
  }
  const double seconds = insert_all(target, tables);
  const auto rows = tables.front().rows();
  std::printf("{\"rows\":%zu,\"seconds\":%.3f,\"rows_per_second\":%.0f}\n", rows, seconds,
              static_cast<double>(rows) / seconds);
  return 0;
}
