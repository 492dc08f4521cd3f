#include "store/postgres/tenant_tables.h"

namespace tocsin::store::postgres {

Result<std::vector<std::string>> tenant_tables(Connection& db) {
  std::vector<std::string> tables;
  auto rows = db.prepare(
      "SELECT c.relname::text FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid WHERE "
      "c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant' AND NOT "
      "a.attisdropped ORDER BY 1");
  rows.query();
  while (rows.next()) tables.emplace_back(rows.text(0));
  TOCSIN_CHECK(rows.status());
  return tables;
}

std::string in_quotes(std::string_view table) {
  return '"' + std::string(table) + '"';
}

}  // namespace tocsin::store::postgres
