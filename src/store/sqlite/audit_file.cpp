#include "store/sqlite/audit_file.h"

#include <limits>
#include <map>
#include <set>

#include "store/sql/audit_log.h"
#include "store/sql/audit_store.h"
#include "store/sqlite/connection.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kChunkRows = 2'000;

class Reader final : public AuditReader {
 public:
  Reader(Connection& db, TenantId tenant) : db_(db), tenant_(tenant) {}

  Result<void> scan(std::int64_t after,
                    const std::function<bool(std::span<const AuditRecord>)>& each) const override {
    for (;;) {
      TOCSIN_TRY(records, read_audit(db_, tenant_, after, kChunkRows));
      if (records.empty() || !each(records)) return {};
      after = records.back().number;
    }
  }
  Result<ChainEnd> end() const override { return chain_end(db_, tenant_); }
  Result<std::vector<AuditHead>> heads(std::int64_t after, std::size_t limit) const override {
    return read_heads(db_, tenant_, after, limit);
  }

 private:
  Connection& db_;
  const TenantId tenant_;
};

class SqliteAuditFile final : public AuditFile {
 public:
  explicit SqliteAuditFile(std::unique_ptr<SqliteConnection> db) : db_(std::move(db)) {}

  // From one tenant to the next by the key of each table: nothing else is read.
  Result<std::vector<TenantId>> tenants() override {
    std::set<TenantId> found;
    for (const auto* sql : {"SELECT min(tenant) FROM audit WHERE tenant > ?1",
                            "SELECT min(tenant) FROM audit_ends WHERE tenant > ?1",
                            "SELECT min(tenant) FROM audit_heads WHERE tenant > ?1"}) {
      auto row = db_->prepare(sql);
      std::int64_t after = std::numeric_limits<std::int64_t>::min();
      while (row.query(after).next() && !row.null(0)) {
        after = row.int64(0);
        found.insert({after});
      }
      TOCSIN_CHECK(row.status());
    }
    return std::vector<TenantId>(found.begin(), found.end());
  }
  const AuditReader& reader(TenantId tenant) override {
    return readers_.try_emplace(tenant.value, *db_, tenant).first->second;
  }

 private:
  const std::unique_ptr<SqliteConnection> db_;
  std::map<std::int64_t, Reader> readers_;
};

}  // namespace

Result<std::unique_ptr<AuditFile>> AuditFile::open(const std::string& file) {
  TOCSIN_TRY(db, SqliteConnection::open(file, {.read_only = true}));
  // Whoever comes last would move the log into the file: a check changes nothing.
  sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  TOCSIN_CHECK(db->exec("BEGIN"));
  auto table = db->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'audit_heads'");
  const bool there = table.query().next();
  TOCSIN_CHECK(table.status());
  if (!there) {
    return error(ErrorKind::kInvalidInput, "read the audit", file + " holds none",
                 "It was written before there was an audit, or its tables were removed: start this release "
                 "on it once");
  }
  return std::unique_ptr<AuditFile>(std::make_unique<SqliteAuditFile>(std::move(db)));
}

}  // namespace tocsin::store
