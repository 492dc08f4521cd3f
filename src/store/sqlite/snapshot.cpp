#include "store/sqlite/snapshot.h"

#include "store/sqlite/alert_read.h"
#include "store/sqlite/core.h"
#include "store/sqlite/ingest_journal.h"
#include "store/sqlite/page_image.h"
#include "store/sqlite/state_hash.h"

namespace tocsin::store {
namespace {

Error foreign(const std::string& file, const Error& why) {
  return error(ErrorKind::kInvalidInput, "read the database", why.message,
               "the file must be a database of ours", file);
}

Result<int> schema_version_of(SqliteConnection& db) {
  auto row = db.prepare("PRAGMA user_version");
  const int version = row.query().next() ? row.integer(0) : 0;
  TOCSIN_CHECK(row.status());
  return version;
}

class OpenSnapshot final : public SqliteSnapshot {
 public:
  OpenSnapshot(std::unique_ptr<SqliteConnection> db, PageImage image, std::string journal, int version)
      : db_(std::move(db)), image_(std::move(image)), journal_(std::move(journal)), version_(version) {}

  std::uint64_t bytes() const override { return image_.bytes(); }
  Result<void> read(const std::function<Result<void>(std::string_view)>& each) const override {
    return image_.read(each);
  }
  const std::string& journal() const override { return journal_; }
  int schema_version() const override { return version_; }
  Result<std::vector<TenantFacts>> tenants() override;
  Result<std::string> state_hash() override {
    TOCSIN_TRY(state, store::state_hash(*db_));
    return std::move(state.sha256);
  }

 private:
  const std::unique_ptr<SqliteConnection> db_;
  const PageImage image_;
  const std::string journal_;
  const int version_;
};

Result<std::vector<TenantFacts>> OpenSnapshot::tenants() {
  std::vector<TenantFacts> found;
  auto rows = db_->prepare(
      "SELECT t.tenant, t.name, coalesce(a.value, 0), coalesce(i.value, 0) FROM tenants t "
      "LEFT JOIN counters a ON a.tenant = t.tenant AND a.kind = ?1 "
      "LEFT JOIN counters i ON i.tenant = t.tenant AND i.kind = ?2 ORDER BY t.tenant");
  rows.query(Counter::kAlerts, Counter::kIncidents);
  while (rows.next())
    found.push_back({rows.int64(0), std::string(rows.text(1)), rows.int64(2), rows.int64(3)});
  TOCSIN_CHECK(rows.status());
  return found;
}

}  // namespace

// The journal first: what it no longer holds by then was committed before, and is in the later image.
Result<std::unique_ptr<SqliteSnapshot>> SqliteSnapshot::take(const std::string& file) {
  TOCSIN_TRY(journal, IngestJournal::copy(file + "-ingest"));
  auto db = SqliteConnection::open(file, {.read_only = true, .cache_kib = 8192});
  if (!db) return foreign(file, db.error());
  auto image = PageImage::open(**db);
  if (!image) return image.error().kind == ErrorKind::kBusy ? image.error() : foreign(file, image.error());
  const auto version = schema_version_of(**db);
  const auto applied = watermark_of(**db, "journal");
  if (!version || *version == 0 || !applied)
    return foreign(
        file, applied ? error(ErrorKind::kInvalidInput, "", "it has no tables of ours") : applied.error());
  if (journal.last <= static_cast<std::uint64_t>(*applied)) journal.records.clear();
  return std::unique_ptr<SqliteSnapshot>(std::make_unique<OpenSnapshot>(
      *std::move(db), *std::move(image), std::move(journal.records), *version));
}

}  // namespace tocsin::store
