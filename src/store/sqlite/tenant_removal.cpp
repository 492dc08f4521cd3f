#include "store/sqlite/tenant_removal.h"

#include <vector>

#include "store/sqlite/alert_removal.h"
#include "store/sqlite/connection.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kAlertsAtOnce = 2000;

Result<std::vector<std::string>> texts(Connection& db, std::string_view sql) {
  std::vector<std::string> found;
  auto rows = db.prepare(sql);
  rows.query();
  while (rows.next()) found.emplace_back(rows.text(0));
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<std::vector<std::string>> tenant_tables(Connection& db) {
  return texts(
      db,
      "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
      "c.name = 'tenant' ORDER BY m.name");
}

// The names are those of our own tables.
std::string in_quotes(std::string_view name) {
  return '"' + std::string(name) + '"';
}

// Whoever may delete a tenant may delete what triggers else keep: they come back in the same transaction.
class TriggersOff {
 public:
  static Result<TriggersOff> of(Connection& db) {
    TOCSIN_TRY(names, texts(db, "SELECT name FROM sqlite_master WHERE type = 'trigger'"));
    TOCSIN_TRY(sql, texts(db, "SELECT sql FROM sqlite_master WHERE type = 'trigger'"));
    for (const auto& name : names) TOCSIN_CHECK(db.exec(("DROP TRIGGER " + in_quotes(name)).c_str()));
    return TriggersOff(db, std::move(sql));
  }
  Result<void> back() {
    for (const auto& sql : sql_) TOCSIN_CHECK(db_->exec(sql.c_str()));
    return {};
  }

 private:
  TriggersOff(Connection& db, std::vector<std::string> sql) : db_(&db), sql_(std::move(sql)) {}
  Connection* db_;
  std::vector<std::string> sql_;
};

class TenantRemoval {
 public:
  TenantRemoval(Connection& db, TenantId tenant, const Origin& origin, Timestamp now)
      : db_(db), tenant_(tenant), context_{db, counters_, ingested_, names_, rules_, now, &origin} {}

  Result<RowsByTable> run() {
    TOCSIN_TRY(end, chain_end(db_, tenant_));
    TOCSIN_CHECK(remove_all_alerts());
    TOCSIN_CHECK(end_grants(db_, tenant_));
    TOCSIN_CHECK(retire_number());
    TOCSIN_CHECK(remove("intel_entries",
                        "DELETE FROM intel_entries WHERE list IN (SELECT number FROM intel_lists "
                        "WHERE tenant = ?1)"));
    TOCSIN_TRY(triggers, TriggersOff::of(db_));
    TOCSIN_TRY(tables, tenant_tables(db_));
    for (const auto& table : tables)
      TOCSIN_CHECK(remove(table, "DELETE FROM " + in_quotes(table) + " WHERE tenant = ?1"));
    TOCSIN_CHECK(triggers.back());
    TOCSIN_CHECK(write_audit(context_, kDefaultTenant, audit_of_removal(tenant_, end, rows_)));
    return rows_;
  }

 private:
  // With their repeats, keys and words, which know no tenant.
  Result<void> remove_all_alerts() {
    for (;;) {
      std::vector<Seq> seqs;
      auto rows = db_.prepare("SELECT seq FROM alerts WHERE tenant = ?1 LIMIT ?2");
      rows.query(tenant_.value, kAlertsAtOnce);
      while (rows.next()) seqs.push_back(rows.int64(0));
      TOCSIN_CHECK(rows.status());
      TOCSIN_TRY(gone, remove_alerts(context_, tenant_, seqs));
      rows_["alerts"] += gone;
      if (gone == 0) return {};
    }
  }
  Result<void> retire_number() {
    return db_
        .prepare(
            "INSERT INTO watermarks (name, seq) VALUES ('last_tenant', ?1) ON CONFLICT (name) DO UPDATE "
            "SET seq = max(seq, excluded.seq)")
        .run(tenant_.value);
  }
  Result<void> remove(const std::string& table, const std::string& sql) {
    TOCSIN_CHECK(db_.prepare(sql).run(tenant_.value));
    rows_[table] += db_.changes();
    return {};
  }

  Connection& db_;
  const TenantId tenant_;
  CounterDeltas counters_;  // of the tenant alone: they go with it
  IngestAudit ingested_;
  CountedNames names_;
  const WriteRules rules_;
  WriteContext context_;
  RowsByTable rows_;
};

}  // namespace

Result<RowsByTable> remove_tenant(const std::string& file, TenantId tenant, const Origin& origin,
                                  Timestamp now) {
  if (tenant == kDefaultTenant)
    return error(ErrorKind::kForbidden, "delete a tenant",
                 "the default tenant's audit says who deleted the others",
                 "Delete the data directory, when nothing of it is to stay");
  TOCSIN_TRY(db, SqliteConnection::open(file, {}));
  TOCSIN_CHECK(db->exec("PRAGMA secure_delete=ON; BEGIN IMMEDIATE"));
  auto rows = TenantRemoval(*db, tenant, origin, now).run();
  if (rows) {
    if (auto done = db->exec("COMMIT"); !done) rows = done.error();
  }
  if (!rows && db->in_transaction()) (void)db->exec("ROLLBACK");
  // What was deleted shall not stay readable in the log either.
  if (rows) TOCSIN_CHECK(db->exec("PRAGMA wal_checkpoint(TRUNCATE)"));
  return rows;
}

}  // namespace tocsin::store
