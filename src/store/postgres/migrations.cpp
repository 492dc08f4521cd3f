#include "store/postgres/migrations.h"

#include <array>

#include "base/embedded.h"

TOCSIN_EMBEDDED(postgres_001_alerts)
TOCSIN_EMBEDDED(postgres_002_incidents)
TOCSIN_EMBEDDED(postgres_003_operations)
TOCSIN_EMBEDDED(postgres_004_enrichment)
TOCSIN_EMBEDDED(postgres_005_audit)
TOCSIN_EMBEDDED(postgres_006_leases)
TOCSIN_EMBEDDED(postgres_007_access)
TOCSIN_EMBEDDED(postgres_008_retention)
TOCSIN_EMBEDDED(postgres_009_dispositions)
TOCSIN_EMBEDDED(postgres_010_desk)

namespace tocsin::store {
namespace {

// The lock is of this schema: installations in other schemas of the database do not wait.
constexpr const char* kBegin =
    "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('tocsin schema ' || current_schema(), 0)); "
    "CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY, "
    "taken_at TIMESTAMPTZ NOT NULL DEFAULT now())";

Result<std::size_t> version_of(PgConnection& db) {
  auto row = db.prepare("SELECT coalesce(max(number), 0) FROM schema_steps");
  std::size_t version = 0;
  if (row.query().next()) version = static_cast<std::size_t>(row.int64(0));
  TOCSIN_CHECK(row.status());
  return version;
}

Result<void> take_steps(PgConnection& db, std::size_t target) {
  const auto steps = postgres_migrations();
  TOCSIN_TRY(version, version_of(db));
  if (version > steps.size()) {
    return error(ErrorKind::kInvalidInput, "open the database",
                 "its schema is version " + std::to_string(version) + ", this program knows " +
                     std::to_string(steps.size()),
                 "It was written by a newer release: start that one, or restore a backup made before it");
  }
  for (auto number = version + 1; number <= target && number <= steps.size(); ++number) {
    TOCSIN_CHECK(db.exec(std::string(steps[number - 1]).c_str()));
    TOCSIN_CHECK(db.prepare("INSERT INTO schema_steps (number) VALUES (?1)").run(number));
  }
  return db.exec("COMMIT");
}

}  // namespace

std::span<const std::string_view> postgres_migrations() {
  static const std::array steps{embedded_postgres_001_alerts(),       embedded_postgres_002_incidents(),
                                embedded_postgres_003_operations(),   embedded_postgres_004_enrichment(),
                                embedded_postgres_005_audit(),        embedded_postgres_006_leases(),
                                embedded_postgres_007_access(),       embedded_postgres_008_retention(),
                                embedded_postgres_009_dispositions(), embedded_postgres_010_desk()};
  return steps;
}

Result<void> migrate_postgres(PgConnection& db, std::size_t target) {
  auto done = db.exec(kBegin);
  if (done) done = take_steps(db, target);
  if (!done && db.usable()) (void)db.exec("ROLLBACK");
  return done;
}

}  // namespace tocsin::store
