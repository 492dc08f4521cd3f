#pragma once
// The databases that the contract suite runs against, and its fixture.

#include <gtest/gtest.h>

#include <algorithm>

#include "store/postgres/tenant_dump.h"
#include "store/postgres/tenant_removal.h"
#include "store/postgres/tenant_tables.h"
#include "store/postgres/testing.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/tenant_dump.h"
#include "store/sqlite/tenant_removal.h"
#include "store/test_support.h"

namespace tocsin::store::test {

struct Backend {
  std::string name;
  std::function<Result<std::unique_ptr<Database>>(const TempDir&, const Clock&)>
      open;  // again: the same data
  std::function<void(const TempDir&)> forget{};
  std::function<std::string()> missing{};  // why it cannot be tested here; empty: it can

  // Beside the stores:
  using EachRow = std::function<Result<void>(std::string_view table, std::string_view json)>;
  std::function<Result<RowsByTable>(const TempDir&, TenantId, const Origin&, Timestamp)> remove_tenant{};
  std::function<Result<void>(const TempDir&, TenantId, const EachRow&)> dump_tenant{};
  std::function<std::unique_ptr<Connection>(const TempDir&)> connect{};
  std::function<std::vector<std::string>(Connection&, bool)> tables{};  // that know a tenant, or that do not
  std::function<std::string(Connection&, const std::string&)> row_text{};  // of a table "t": SQL
};

inline std::vector<std::string> texts_of(Connection& db, std::string_view sql) {
  std::vector<std::string> texts;
  auto rows = db.prepare(sql);
  for (rows.query(); rows.next();) texts.emplace_back(rows.text(0));
  EXPECT_TRUE(succeeded(rows.status())) << sql;
  return texts;
}

inline Backend sqlite_backend(std::string name, std::optional<std::size_t> key_tail_rows) {
  const auto file = [](const TempDir& dir) { return dir.file("tocsin.db"); };
  Backend backend;
  backend.name = std::move(name);
  backend.open = [=](const TempDir& dir, const Clock& clock) {
    SqliteOptions options;
    options.file = file(dir);
    options.clock = &clock;
    if (key_tail_rows) options.key_tail_rows = *key_tail_rows;
    return open_sqlite(options);
  };
  backend.remove_tenant = [=](const TempDir& dir, TenantId tenant, const Origin& origin, Timestamp now) {
    return remove_tenant(file(dir), tenant, origin, now);
  };
  backend.dump_tenant = [=](const TempDir& dir, TenantId tenant, const Backend::EachRow& each) {
    return dump_tenant(file(dir), tenant, each);
  };
  backend.connect = [=](const TempDir& dir) -> std::unique_ptr<Connection> {
    return value_of(SqliteConnection::open(file(dir), {}));
  };
  backend.tables = [](Connection& db, bool with_tenant) {
    return texts_of(db,
                    join_sql({"SELECT name FROM sqlite_master AS m WHERE type = 'table' AND name NOT LIKE "
                              "'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'alert\\_text\\_%' ESCAPE '\\' "
                              "AND ",
                              with_tenant ? "" : "NOT ",
                              "EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'tenant')"}));
  };
  backend.row_text = [](Connection& db, const std::string& table) {
    std::string sql = "''";
    for (const auto& column : texts_of(db, "SELECT name FROM pragma_table_info('" + table + "')"))
      sql += " || '|' || quote(\"" + column + "\")";
    return sql;
  };
  return backend;
}

inline Backend postgres_backend() {
  Backend backend{"postgres", open_private_schema, drop_private_schema, why_no_postgres};
  backend.remove_tenant = [](const TempDir& dir, TenantId tenant, const Origin& origin, Timestamp now) {
    return postgres::remove_tenant(url_of_schema(dir), tenant, origin, now);
  };
  backend.dump_tenant = [](const TempDir& dir, TenantId tenant, const Backend::EachRow& each) {
    return postgres::dump_tenant(url_of_schema(dir), tenant, each);
  };
  backend.connect = [](const TempDir& dir) -> std::unique_ptr<Connection> {
    return value_of(PgConnection::open(url_of_schema(dir), "SET client_min_messages = warning"));
  };
  backend.tables = [](Connection& db, bool with_tenant) {
    const auto known = value_of(postgres::tenant_tables(db));
    if (with_tenant) return known;
    auto all = texts_of(db,
                        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                        "current_schema()::regnamespace");
    std::erase_if(all,
                  [&](const auto& one) { return std::find(known.begin(), known.end(), one) != known.end(); });
    return all;
  };
  backend.row_text = [](Connection&, const std::string&) { return std::string("t::text"); };
  return backend;
}

// The second: as it is after millions of alerts, when every key goes into its table at once and is found
// there.
inline std::vector<Backend> backends() {
  return {sqlite_backend("sqlite", {}), sqlite_backend("sqlite_keys_in_table", 1), postgres_backend()};
}

inline std::string backend_name(const testing::TestParamInfo<Backend>& info) {
  return info.param.name;
}

class BackendTest : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    const auto missing = GetParam().missing ? GetParam().missing() : std::string();
    if (!missing.empty()) GTEST_SKIP() << missing;
    reopen();
  }
  void TearDown() override {
    database_.reset();
    if (!IsSkipped() && GetParam().forget) GetParam().forget(dir_);
  }
  void reopen() {
    database_.reset();
    auto opened = GetParam().open(dir_, clock_);
    ASSERT_TRUE(opened) << to_string(opened.error());
    database_ = std::move(*opened);
  }
  Database& database() { return *database_; }
  TenantStore& store() { return database_->tenant(kDefaultTenant); }
  AlertStore& alerts() { return store().alerts(); }
  IncidentStore& incidents() { return store().incidents(); }
  Timestamp now() const { return clock_.now(); }

  FakeClock clock_;
  TempDir dir_;
  std::unique_ptr<Database> database_;
};

inline void PrintTo(const Backend& backend, std::ostream* out) {
  *out << backend.name;
}

}  // namespace tocsin::store::test
