#include "store/postgres/tenant_dump.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/json_writer.h"
#include "store/postgres/portable_text.h"
#include "store/postgres/tenant_tables.h"

namespace tocsin::store::postgres {
namespace {

// Packed documents, which the stores read; what is kept for a day; what is derived, or this database's own.
constexpr std::array<std::string_view, 11> kLeftOut{
    "alerts",   "alert_occurrences", "alert_text",  "answers",      "blocks",    "correlation",
    "counters", "event_blocks",      "idempotency", "tenant_locks", "watermarks"};

// From pg_type.dat, which is stable.
constexpr Oid kBytea = 17;
constexpr Oid kFloat8 = 701;
constexpr std::array<Oid, 3> kIntegers{20, 21, 23};

constexpr const char* kReading =
    "SET jit = off; SET default_transaction_read_only = on; SET bytea_output = 'hex'; "
    "SET default_transaction_isolation = 'repeatable read'";

void write_value(JsonWriter& json, const PGresult* rows, int row, int column) {
  if (PQgetisnull(rows, row, column) == 1) return json.value(nullptr);
  const std::string_view text(PQgetvalue(rows, row, column),
                              static_cast<std::size_t>(PQgetlength(rows, row, column)));
  const auto type = PQftype(rows, column);
  if (std::find(kIntegers.begin(), kIntegers.end(), type) != kIntegers.end())
    return json.value(static_cast<std::int64_t>(std::strtoll(text.data(), nullptr, 10)));
  if (type == kFloat8) return json.value(std::strtod(text.data(), nullptr));
  if (type == kBytea) return json.value(text.substr(std::min<std::size_t>(2, text.size())));  // behind \x
  json.value(from_portable_text(text).value_or(std::string(text)));
}

std::string row_json(const PGresult* rows, int row) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    for (int column = 0; column < PQnfields(rows); ++column) {
      json.key(PQfname(rows, column));
      write_value(json, rows, row, column);
    }
  });
  return text;
}

// Some rows at a time: a result is read whole. The number of a tenant is our own.
Result<void> dump_table(
    PgConnection& db, const std::string& table, TenantId tenant,
    const std::function<Result<void>(std::string_view table, std::string_view json)>& each) {
  TOCSIN_CHECK(db.exec(("DECLARE dumped NO SCROLL CURSOR FOR SELECT * FROM " + in_quotes(table) +
                        " WHERE tenant = " + std::to_string(tenant.value))
                           .c_str()));
  for (;;) {
    const PgResult rows(PQexec(db.handle(), "FETCH 500 FROM dumped"));
    if (PQresultStatus(rows.get()) != PGRES_TUPLES_OK) return db.failure(rows.get(), "read table " + table);
    for (int row = 0; row < PQntuples(rows.get()); ++row)
      TOCSIN_CHECK(each(table, row_json(rows.get(), row)));
    if (PQntuples(rows.get()) == 0) return db.exec("CLOSE dumped");
  }
}

}  // namespace

Result<void> dump_tenant(
    const std::string& url, TenantId tenant,
    const std::function<Result<void>(std::string_view table, std::string_view json)>& each) {
  TOCSIN_TRY(db, PgConnection::open(url, kReading));
  TOCSIN_CHECK(db->exec("BEGIN"));
  TOCSIN_TRY(tables, tenant_tables(*db));
  for (const auto& table : tables) {
    if (std::find(kLeftOut.begin(), kLeftOut.end(), table) != kLeftOut.end()) continue;
    TOCSIN_CHECK(dump_table(*db, table, tenant, each));
  }
  return db->exec("COMMIT");
}

}  // namespace tocsin::store::postgres
