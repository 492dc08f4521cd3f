#pragma once
// The databases that the contract suite runs against, and its fixture.

#include <gtest/gtest.h>

#include "store/postgres/testing.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {

struct Backend {
  std::string name;
  std::function<Result<std::unique_ptr<Database>>(const TempDir&, const Clock&)>
      open;  // again: the same data
  std::function<void(const TempDir&)> forget{};
  std::function<std::string()> missing{};  // why it cannot be tested here; empty: it can
};

inline std::vector<Backend> backends() {
  const auto sqlite = [](const TempDir& dir, const Clock& clock) {
    SqliteOptions options;
    options.file = dir.file("tocsin.db");
    options.clock = &clock;
    return open_sqlite(options);
  };
  // As it is after millions of alerts: every key goes into its table at once and is found there.
  const auto sqlite_keys_in_table = [](const TempDir& dir, const Clock& clock) {
    SqliteOptions options;
    options.file = dir.file("tocsin.db");
    options.clock = &clock;
    options.key_tail_rows = 1;
    return open_sqlite(options);
  };
  return {{"sqlite", sqlite},
          {"sqlite_keys_in_table", sqlite_keys_in_table},
          {"postgres", open_private_schema, drop_private_schema, why_no_postgres}};
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
