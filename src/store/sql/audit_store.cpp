#include "store/sql/audit_store.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kListName = "audit";
constexpr std::string_view kColumns =
    "number, at, actor_kind, actor, address, trace_id, action, object_kind, object_id, before, after, "
    "reason, prev_hash, hash ";
constexpr std::size_t kWalked = 50'000;      // rows of one page that may be passed over
constexpr std::size_t kCountedRows = 5'000;  // looked at for `total` when a filter has no index
constexpr std::size_t kChunkRows = 2'000;
constexpr std::size_t kChunkBytes = std::size_t{8} << 20;

AuditRecord read_record(const Statement& row, TenantId tenant) {
  AuditRecord record;
  record.tenant = tenant;
  record.number = row.int64(0);
  record.at = row.time(1);
  record.actor_kind = static_cast<ActorKind>(row.integer(2));
  record.actor = row.text(3);
  record.address = row.text(4);
  record.trace_id = row.text(5);
  record.action = row.text(6);
  record.object_kind = row.text(7);
  record.object_id = row.text(8);
  record.before = row.text(9);
  record.after = row.text(10);
  record.reason = row.text(11);
  record.prev_hash = row.blob(12);
  record.hash = row.blob(13);
  return record;
}

std::size_t bytes_of(const AuditRecord& record) {
  return record.before.size() + record.after.size() + record.reason.size() + 512;
}

// The filter with the fewest records first: an object is changed seldom, an action happens often.
struct Driver {
  std::string_view index;
  std::string_view column;  // empty: time alone
  const std::optional<std::string>* value;
};
Driver driver_of(const AuditQuery& query) {
  static const std::optional<std::string> kNone;
  if (query.object) return {"audit_by_object", "object_id", &query.object};
  if (query.actor) return {"audit_by_actor", "actor", &query.actor};
  if (query.action) return {"audit_by_action", "action", &query.action};
  return {"audit_by_time", "", &kNone};
}

std::size_t filters_of(const AuditQuery& query) {
  return std::size_t{query.object.has_value()} + std::size_t{query.actor.has_value()} +
         std::size_t{query.action.has_value()};
}

// Whether the walk alone finds just what is asked for.
bool is_exact(const AuditQuery& query) {
  return filters_of(query) <= 1 && query.text.empty();
}

bool has_word(const AuditRecord& record, std::string_view lower_case_word) {
  const std::array<std::string_view, 9> texts{record.object_id, record.actor,    record.action,
                                              record.after,     record.before,   record.reason,
                                              record.address,   record.trace_id, record.object_kind};
  return std::any_of(texts.begin(), texts.end(),
                     [&](std::string_view text) { return contains_ignoring_case(text, lower_case_word); });
}

SqlText walk_of(std::string_view columns, TenantId tenant, const AuditQuery& query,
                const std::optional<Cursor>& from) {
  const auto driver = driver_of(query);
  SqlText text;
  text.sql = join_sql({"SELECT ", columns, "FROM audit INDEXED BY ", driver.index, " WHERE tenant = "});
  text.sql += text.bind(tenant.value);
  if (!driver.column.empty()) {
    text.sql.append(" AND ").append(driver.column).append(" = ");
    text.sql += text.bind(**driver.value);
  }
  if (query.from) text.sql += " AND at >= " + text.bind(to_unix_nanos(*query.from));
  if (from) {
    text.sql += " AND (at, number) < (" + text.bind(from->key) + ", " + text.bind(from->seq) + ")";
  } else if (query.until) {
    text.sql += " AND at < " + text.bind(to_unix_nanos(*query.until));
  }
  text.sql += " ORDER BY at DESC, number DESC";
  return text;
}

Result<void> count(Connection& db, TenantId tenant, const AuditQuery& query, Page<AuditRecord>& page) {
  const bool exact = is_exact(query);
  const auto most = exact ? kCountedAtMost : static_cast<std::int64_t>(kCountedRows);
  if (exact) {
    const auto text = audit_count(tenant, query, most + 1);
    auto counted = db.prepare(text.sql);
    if (counted.query_values(text.values).next()) page.total = counted.int64(0);
    page.total_capped = page.total > most;
    page.total = std::min(page.total, most);
    return counted.status();
  }
  auto text = audit_walk(tenant, query, std::nullopt);
  text.sql += " LIMIT " + text.bind(most + 1);
  auto rows = db.prepare(text.sql);
  rows.query_values(text.values);
  std::int64_t walked = 0;
  while (rows.next() && !page.total_capped) {
    page.total_capped = ++walked > most;
    if (!page.total_capped && fits(read_record(rows, tenant), query)) ++page.total;
  }
  return rows.status();
}

// In chunks, because some databases send whole results.
Result<Page<AuditRecord>> walk_page(Connection& db, TenantId tenant, const AuditQuery& query,
                                    std::optional<Cursor> from) {
  const auto limit = std::clamp<std::size_t>(query.limit, 1, 1000);
  const auto chunk = is_exact(query) ? limit + 1 : kChunkRows;
  Page<AuditRecord> page;
  for (std::size_t walked = 0;;) {
    auto walk = audit_walk(tenant, query, from);
    walk.sql += " LIMIT " + walk.bind(static_cast<std::int64_t>(chunk));
    auto rows = db.prepare(walk.sql);
    rows.query_values(walk.values);
    std::size_t read = 0;
    for (; rows.next(); ++read, ++walked) {
      auto record = read_record(rows, tenant);
      const bool fitting = fits(record, query);
      if (walked == kWalked || (fitting && page.items.size() == limit)) {
        page.next_cursor = encode_cursor(kListName, *from);
        return page;
      }
      from = Cursor{to_unix_nanos(record.at), record.number};
      if (fitting) page.items.push_back(std::move(record));
    }
    TOCSIN_CHECK(rows.status());
    if (read < chunk) return page;
  }
}

// `condition`: with the number ?2 and the limit ?3.
Result<std::vector<AuditHead>> heads_where(std::string_view condition, Connection& db, TenantId tenant,
                                           std::int64_t number, std::size_t limit) {
  auto rows = db.prepare(join_sql(
      {"SELECT number, hash, at, key, signature FROM audit_heads WHERE tenant = ?1 AND ", condition}));
  std::vector<AuditHead> heads;
  rows.query(tenant.value, number, limit);
  while (rows.next()) {
    heads.push_back({tenant, rows.int64(0), std::string(rows.blob(1)), rows.time(2),
                     std::string(rows.text(3)), std::string(rows.blob(4))});
  }
  TOCSIN_CHECK(rows.status());
  return heads;
}

}  // namespace

SqlText audit_walk(TenantId tenant, const AuditQuery& query, const std::optional<Cursor>& from) {
  return walk_of(kColumns, tenant, query, from);
}

SqlText audit_count(TenantId tenant, const AuditQuery& query, std::int64_t most) {
  auto text = walk_of("1 ", tenant, query, std::nullopt);
  text.sql = "SELECT count(*) FROM (" + text.sql + " LIMIT " + text.bind(most) + ") AS counted";
  return text;
}

bool fits(const AuditRecord& record, const AuditQuery& query) {
  if (query.actor && record.actor != *query.actor) return false;
  if (query.action && record.action != *query.action) return false;
  if (query.object && record.object_id != *query.object) return false;
  const auto text = to_lower(query.text);
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find_first_not_of(' ', at);
    if (begin == text.npos) break;
    at = std::min(text.find(' ', begin), text.size());
    if (!has_word(record, std::string_view(text).substr(begin, at - begin))) return false;
  }
  return true;
}

Result<Page<AuditRecord>> SqlAuditStore::list(const AuditQuery& query) const {
  std::optional<Cursor> from;
  if (!query.cursor.empty()) {
    TOCSIN_TRY(decoded, decode_cursor(kListName, query.cursor));
    from = decoded;
  }
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(page, walk_page(*db, tenant_, query, from));
  if (query.counted) TOCSIN_CHECK(count(*db, tenant_, query, page));
  return page;
}

Result<std::optional<AuditRecord>> SqlAuditStore::find(std::int64_t number) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row = db->prepare(join_sql({"SELECT ", kColumns, "FROM audit WHERE tenant = ?1 AND number = ?2"}));
  std::optional<AuditRecord> record;
  if (row.query(tenant_.value, number).next()) record = read_record(row, tenant_);
  TOCSIN_CHECK(row.status());
  return record;
}

// The connection goes back before each callback, which may well read something itself.
Result<void> SqlAuditStore::scan(std::int64_t after,
                                 const std::function<bool(std::span<const AuditRecord>)>& each) const {
  for (;;) {
    std::vector<AuditRecord> records;
    {
      TOCSIN_TRY(db, parts_.readers.take());
      TOCSIN_TRY(chunk, read_audit(*db, tenant_, after, kChunkRows));
      records = std::move(chunk);
    }
    if (records.empty() || !each(records)) return {};
    after = records.back().number;
  }
}

Result<ChainEnd> SqlAuditStore::end() const {
  TOCSIN_TRY(db, parts_.readers.take());
  return chain_end(*db, tenant_);
}

Result<void> SqlAuditStore::add(const AuditEntry& entry) {
  return parts_.writer.wait_for([&](WriteContext& context) { return write_audit(context, tenant_, entry); });
}

Result<std::vector<AuditHead>> SqlAuditStore::heads(std::int64_t after, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  return read_heads(*db, tenant_, after, limit);
}

Result<void> SqlAuditStore::add_head(const AuditHead& head) {
  return parts_.writer.wait_for([&](WriteContext& context) {
    return context.db
        .prepare(
            "INSERT INTO audit_heads (tenant, number, hash, at, key, signature) VALUES (?1, ?2, ?3, ?4, ?5, "
            "?6) ON CONFLICT (tenant, number) DO NOTHING")
        .run(tenant_.value, head.number, Blob{head.hash}, head.at, head.key, Blob{head.signature});
  });
}

Result<std::vector<AuditHead>> SqlAuditStore::newest_heads(std::int64_t before, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  return heads_where("number < ?2 ORDER BY number DESC LIMIT ?3", *db, tenant_, before, limit);
}

Result<std::vector<AuditRecord>> read_audit(Connection& db, TenantId tenant, std::int64_t after,
                                            std::size_t limit) {
  auto rows = db.prepare(join_sql(
      {"SELECT ", kColumns, "FROM audit WHERE tenant = ?1 AND number > ?2 ORDER BY number LIMIT ?3"}));
  std::vector<AuditRecord> records;
  rows.query(tenant.value, after, limit);
  for (std::size_t bytes = 0; bytes < kChunkBytes && rows.next();) {
    records.push_back(read_record(rows, tenant));
    bytes += bytes_of(records.back());
  }
  TOCSIN_CHECK(rows.status());
  return records;
}

Result<std::vector<AuditHead>> read_heads(Connection& db, TenantId tenant, std::int64_t after,
                                          std::size_t limit) {
  return heads_where("number > ?2 ORDER BY number LIMIT ?3", db, tenant, after, limit);
}

}  // namespace tocsin::store
