#include "store/sqlite/migrations.h"

#include <array>

#include "base/embedded.h"

TOCSIN_EMBEDDED(store_001_alerts)
TOCSIN_EMBEDDED(store_002_search)
TOCSIN_EMBEDDED(store_003_incidents)
TOCSIN_EMBEDDED(store_004_operations)
TOCSIN_EMBEDDED(store_006_sharing)
TOCSIN_EMBEDDED(store_007_people)
TOCSIN_EMBEDDED(store_008_repeat_ids)
TOCSIN_EMBEDDED(store_009_enrichment)
TOCSIN_EMBEDDED(store_010_audit)
TOCSIN_EMBEDDED(store_011_access)
TOCSIN_EMBEDDED(store_015_leases)
TOCSIN_EMBEDDED(store_016_dispositions)
TOCSIN_EMBEDDED(store_017_desk)
TOCSIN_EMBEDDED(store_012_retention)

namespace tocsin::store {
namespace {

Result<void> take_step(Connection& db, std::size_t number, std::string_view sql) {
  const std::string version = "PRAGMA user_version=" + std::to_string(number);
  TOCSIN_CHECK(db.exec("BEGIN IMMEDIATE"));
  auto done = db.exec(std::string(sql).c_str());
  if (done) done = db.exec(version.c_str());
  if (done) done = db.exec("COMMIT");
  if (!done && db.in_transaction()) (void)db.exec("ROLLBACK");
  return done;
}

Result<std::size_t> version_of(Connection& db) {
  auto statement = db.prepare("PRAGMA user_version");
  if (statement.query().next()) return static_cast<std::size_t>(statement.int64(0));
  TOCSIN_CHECK(statement.status());
  return std::size_t{0};
}

}  // namespace

std::span<const std::string_view> migrations() {
  static const std::array steps{
      embedded_store_001_alerts(),       embedded_store_002_search(),     embedded_store_003_incidents(),
      embedded_store_004_operations(),   embedded_store_006_sharing(),    embedded_store_007_people(),
      embedded_store_008_repeat_ids(),   embedded_store_009_enrichment(), embedded_store_010_audit(),
      embedded_store_011_access(),       embedded_store_015_leases(),     embedded_store_012_retention(),
      embedded_store_016_dispositions(), embedded_store_017_desk()};
  return steps;
}

Result<void> migrate(Connection& db, std::size_t target) {
  const auto steps = migrations();
  TOCSIN_TRY(version, version_of(db));
  if (version > steps.size()) {
    return error(ErrorKind::kInvalidInput, "open the database",
                 "its schema is version " + std::to_string(version) + ", this program knows " +
                     std::to_string(steps.size()),
                 "It was written by a newer release: start that one, or restore a backup made before it");
  }
  for (auto number = version + 1; number <= target && number <= steps.size(); ++number) {
    TOCSIN_CHECK(take_step(db, number, steps[number - 1]));
  }
  return {};
}

}  // namespace tocsin::store
