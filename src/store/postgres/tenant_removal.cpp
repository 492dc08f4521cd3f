#include "store/postgres/tenant_removal.h"

#include <array>
#include <functional>
#include <vector>

#include "store/audit_fields.h"
#include "store/postgres/connection.h"
#include "store/postgres/search_indexer.h"
#include "store/postgres/tenant_tables.h"
#include "store/postgres/writer.h"
#include "store/sql/audit_log.h"

namespace tocsin::store::postgres {
namespace {

constexpr std::int64_t kRowsAtOnce = 2000;
constexpr std::int64_t kBlocksAtOnce = 50;  // of up to a mebibyte each

// The large ones, by a key that grows: a walk from its start would pass what went before again and again.
struct Walk {
  std::string_view table;
  std::string_view key;
  std::int64_t at_once;
};
constexpr std::array<Walk, 7> kWalks{{{"alert_text", "seq", kRowsAtOnce},
                                      {"incident_alerts", "alert_seq", kRowsAtOnce},
                                      {"alert_occurrences", "alert_seq", kRowsAtOnce},
                                      {"alerts", "seq", kRowsAtOnce},
                                      {"blocks", "block", kBlocksAtOnce},
                                      {"event_blocks", "first_seq", kBlocksAtOnce},
                                      {"audit", "number", kRowsAtOnce}}};
constexpr std::string_view kEntriesOfLists =
    "list IN (SELECT number FROM intel_lists WHERE tenant = ?1)";  // they know no tenant themselves
constexpr std::string_view kOwnRows = "tenant = ?1";
constexpr std::string_view kRemovedRows = "removed:";  // of a table: a watermark of the tenant meanwhile

class TenantRemoval {
 public:
  TenantRemoval(PgConnection& db, TenantId tenant, const Origin& origin, Timestamp now)
      : db_(db), tenant_(tenant), origin_(origin), now_(now) {}

  Result<RowsByTable> run() {
    TOCSIN_TRY(tables, tenant_tables(db_));
    TOCSIN_CHECK(in_transaction([&] { return retire(); }));
    for (const auto& walk : kWalks) TOCSIN_CHECK(remove_along(walk));
    for (std::int64_t gone = 1; gone > 0;) {  // until nothing came from what was under way
      TOCSIN_TRY(entries, remove_rows("intel_entries", kEntriesOfLists));
      gone = entries;
      for (const auto& table : tables) {
        if (goes_last(table)) continue;
        TOCSIN_TRY(rows, remove_rows(table, kOwnRows));
        gone += rows;
      }
    }
    RowsByTable rows;
    const auto last = [&]() -> Result<void> {
      TOCSIN_TRY(removed, finish(tables));
      rows = std::move(removed);
      return {};
    };
    TOCSIN_CHECK(in_transaction(last));
    return rows;
  }

 private:
  // What the rest leans on: that it is retired, how far the removal is, where its chain ended, its name.
  static bool goes_last(const std::string& table) {
    return table == "tenant_locks" || table == "watermarks" || table == "audit_ends" || table == "tenants";
  }

  Result<void> in_transaction(const std::function<Result<void>()>& work) {
    TOCSIN_CHECK(db_.exec("BEGIN"));
    auto done = work();
    if (done) done = db_.exec("COMMIT");
    if (!done && db_.usable() && db_.in_transaction()) (void)db_.exec("ROLLBACK");
    return done;
  }

  // In the order of every writer: people and the audit belong to the default tenant.
  Result<void> hold() {
    TOCSIN_CHECK(db_.prepare("INSERT INTO tenant_locks (tenant) SELECT t FROM (VALUES (?1), (?2)) AS v (t) "
                             "ORDER BY t ON CONFLICT DO NOTHING")
                     .run(kDefaultTenant.value, tenant_.value));
    return db_.prepare("SELECT 1 FROM tenant_locks WHERE tenant IN (?1, ?2) ORDER BY tenant FOR UPDATE")
        .run(kDefaultTenant.value, tenant_.value);
  }
  Result<void> retire() {
    TOCSIN_CHECK(hold());
    TOCSIN_CHECK(run("UPDATE tenant_locks SET retired = 1 WHERE tenant = ?1"));
    TOCSIN_CHECK(hold_search(db_));  // whoever indexes its alerts has finished, and begins no more
    TOCSIN_CHECK(
        run("UPDATE tenants SET suspended = 1, version = version + 1 WHERE tenant = ?1 AND suspended = 0"));
    TOCSIN_CHECK(end_grants(db_, tenant_));
    TOCSIN_TRY(end, chain_end(db_, tenant_));
    AuditFields fields;
    fields.was("audit_records", end.number).was("audit_hash", to_hex(end.hash)).is("state", "begun");
    return record(
        {AuditAction::kTenantRemove, std::to_string(tenant_.value), fields.before(), fields.after()});
  }

  Result<void> remove_along(const Walk& walk) {
    for (std::int64_t after = -1;;) {
      TOCSIN_TRY(last, end_of_step(walk, after));
      if (!last) return {};
      const auto step = [&]() -> Result<void> {
        TOCSIN_CHECK(db_.prepare(join_sql({"DELETE FROM ", walk.table, " WHERE tenant = ?1 AND ", walk.key,
                                           " > ?2 AND ", walk.key, " <= ?3"}))
                         .run(tenant_.value, after, *last));
        return note_removed(walk.table, db_.changes());
      };
      TOCSIN_CHECK(in_transaction(step));
      after = *last;
    }
  }
  Result<std::optional<std::int64_t>> end_of_step(const Walk& walk, std::int64_t after) {
    auto row = db_.prepare(
        join_sql({"SELECT max(k) FROM (SELECT ", walk.key, " AS k FROM ", walk.table,
                  " WHERE tenant = ?1 AND ", walk.key, " > ?2 ORDER BY ", walk.key, " LIMIT ?3) AS step"}));
    std::optional<std::int64_t> last;
    if (row.query(tenant_.value, after, walk.at_once).next() && !row.null(0)) last = row.int64(0);
    TOCSIN_CHECK(row.status());
    return last;
  }

  // All of them, step by step; how many there were.
  Result<std::int64_t> remove_rows(std::string_view table, std::string_view which) {
    const auto sql =
        join_sql({"DELETE FROM ", in_quotes(table), " WHERE ctid = ANY (ARRAY (SELECT ctid FROM ",
                  in_quotes(table), " WHERE ", which, " LIMIT ?2))"});
    std::int64_t all = 0;
    for (std::int64_t gone = kRowsAtOnce; gone >= kRowsAtOnce; all += gone) {
      const auto step = [&]() -> Result<void> {
        TOCSIN_CHECK(db_.prepare(sql).run(tenant_.value, kRowsAtOnce));
        gone = db_.changes();
        return note_removed(table, gone);
      };
      TOCSIN_CHECK(in_transaction(step));
    }
    return all;
  }

  // In the transaction that removed them, so that none is counted twice or forgotten.
  Result<void> note_removed(std::string_view table, std::int64_t rows) {
    if (rows == 0) return {};
    return db_
        .prepare(
            "INSERT INTO watermarks (tenant, name, seq) VALUES (?1, ?2, ?3) ON CONFLICT (tenant, name) "
            "DO UPDATE SET seq = watermarks.seq + excluded.seq")
        .run(tenant_.value, std::string(kRemovedRows).append(table), rows);
  }
  Result<RowsByTable> noted() {
    RowsByTable removed;
    auto rows = db_.prepare("SELECT name, seq FROM watermarks WHERE tenant = ?1");
    rows.query(tenant_.value);
    while (rows.next()) {
      const auto name = rows.text(0);
      if (name.starts_with(kRemovedRows))
        removed[std::string(name.substr(kRemovedRows.size()))] = rows.int64(1);
    }
    TOCSIN_CHECK(rows.status());
    return removed;
  }

  Result<RowsByTable> finish(const std::vector<std::string>& tables) {
    TOCSIN_CHECK(hold());
    TOCSIN_TRY(end, chain_end(db_, tenant_));
    TOCSIN_TRY(rows, noted());
    for (const auto& table : tables) {
      if (table == "tenant_locks") continue;
      TOCSIN_CHECK(run(join_sql({"DELETE FROM ", in_quotes(table), " WHERE tenant = ?1"})));
      if (table != "watermarks") rows[table] += db_.changes();
    }
    TOCSIN_CHECK(run("UPDATE tenant_locks SET last_seq = 0, last_block = 0 WHERE tenant = ?1"));
    TOCSIN_CHECK(run(
        "INSERT INTO watermarks (tenant, name, seq) VALUES (0, 'last_tenant', ?1) ON CONFLICT (tenant, name) "
        "DO UPDATE SET seq = greatest(watermarks.seq, excluded.seq)"));
    TOCSIN_CHECK(end_grants(db_, tenant_));
    TOCSIN_CHECK(record(audit_of_removal(tenant_, end, rows)));
    return rows;
  }

  Result<void> run(std::string_view sql) { return db_.prepare(sql).run(tenant_.value); }
  Result<void> record(AuditEntry entry) {
    return append_audit(db_, kDefaultTenant, origin_, now_, std::move(entry));
  }

  PgConnection& db_;
  const TenantId tenant_;
  const Origin& origin_;
  const Timestamp now_;
};

}  // namespace

Result<RowsByTable> remove_tenant(const std::string& url, TenantId tenant, const Origin& origin,
                                  Timestamp now) {
  if (tenant == kDefaultTenant)
    return error(ErrorKind::kForbidden, "delete a tenant",
                 "the default tenant's audit says who deleted the others",
                 "Drop the schema, when nothing of it is to stay");
  TOCSIN_TRY(db, PgConnection::open(url, PostgresWriter::session()));
  return TenantRemoval(*db, tenant, origin, now).run();
}

}  // namespace tocsin::store::postgres
