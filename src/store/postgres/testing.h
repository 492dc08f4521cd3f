#pragma once
// For tests: PostgreSQL as the environment variable TOCSIN_TEST_POSTGRES names it, a schema of its own for
// each test.

#include <gtest/gtest.h>

#include <cstdlib>

#include "store/postgres/connection.h"
#include "store/postgres/postgres.h"
#include "store/test_support.h"

namespace tocsin::store::test {

inline std::string postgres_url() {
  const char* url = std::getenv("TOCSIN_TEST_POSTGRES");
  return url == nullptr ? "" : url;
}

inline std::string why_no_postgres() {
  return postgres_url().empty() ? "TOCSIN_TEST_POSTGRES names no server: ./scripts/test starts one" : "";
}

// Named after the test's folder, which is one of a kind.
inline std::string schema_of(const TempDir& dir) {
  return "test_" + to_hex(hash64(dir.path().string()));
}

inline std::string url_of_schema(const TempDir& dir) {
  const auto url = postgres_url();
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + schema_of(dir);
}

inline Result<void> on_postgres(const std::string& sql) {
  TOCSIN_TRY(db, PgConnection::open(postgres_url(), "SET client_min_messages = warning"));
  return db->exec(sql.c_str());
}

inline Result<std::unique_ptr<Database>> open_private_schema(const TempDir& dir, const Clock& clock) {
  TOCSIN_CHECK(on_postgres("CREATE SCHEMA IF NOT EXISTS " + schema_of(dir)));
  PostgresOptions options;
  options.url = url_of_schema(dir);
  options.clock = &clock;
  options.readers = 2;
  return open_postgres(options);
}

inline void drop_private_schema(const TempDir& dir) {
  EXPECT_TRUE(on_postgres("DROP SCHEMA IF EXISTS " + schema_of(dir) + " CASCADE"));
}

}  // namespace tocsin::store::test
