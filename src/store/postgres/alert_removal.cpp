#include "store/postgres/alert_removal.h"

#include <algorithm>
#include <array>
#include <set>

#include "store/postgres/alert_read.h"
#include "store/postgres/search_indexer.h"
#include "store/postgres/tenant_store.h"
#include "store/sql/emptied_block.h"

namespace tocsin::store::postgres {
namespace {

// Of the tenant ?1 and its alerts ?2, while their rows still stand.
constexpr std::array<std::string_view, 6> kRemoveBefore{
    "DELETE FROM alert_text WHERE tenant = ?1 AND seq = ANY(?2::text::int8[])",
    "DELETE FROM incident_alerts WHERE tenant = ?1 AND alert_seq = ANY(?2::text::int8[])",
    "DELETE FROM dispositions WHERE tenant = ?1 AND alert_seq = ANY(?2::text::int8[])",
    "DELETE FROM desk_marks WHERE tenant = ?1 AND kind = 0 AND object = ANY(?2::text::int8[])",
    "DELETE FROM priority_corrections AS c USING alerts AS a WHERE a.tenant = ?1 AND a.seq = "
    "ANY(?2::text::int8[]) AND c.tenant = ?1 AND c.source = a.source AND c.type = a.type AND c.alert_id = "
    "'AL-' || a.ulid",
    "DELETE FROM feedback AS f USING alerts AS a WHERE a.tenant = ?1 AND a.seq = ANY(?2::text::int8[]) AND "
    "f.tenant = ?1 AND f.alert_id = 'AL-' || a.ulid"};

template <class... Args>
Result<std::vector<std::int64_t>> numbers(Connection& db, std::string_view sql, const Args&... args) {
  std::vector<std::int64_t> found;
  auto rows = db.prepare(sql);
  rows.query(args...);
  while (rows.next()) found.push_back(rows.int64(0));
  TOCSIN_CHECK(rows.status());
  return found;
}

template <class... Args>
Result<Slots> slots(Connection& db, std::string_view sql, const Args&... args) {
  TOCSIN_TRY(found, numbers(db, sql, args...));
  return Slots(found.begin(), found.end());
}

// The indexer writes words without holding the tenant, those behind the watermark: it has its turn before or
// after.
Result<void> keep_indexer_off(Connection& db, TenantId tenant, std::span<const Seq> seqs) {
  TOCSIN_TRY(searched, number_for(db, postgres_dialect().searched, tenant));
  if (*std::max_element(seqs.begin(), seqs.end()) <= searched) return {};
  return hold_search(db);
}

// Numbers of blocks and of alerts grow together: a block has alerts left when the next alert from its first
// one on is its own.
Result<void> remove_empty_blocks(Connection& db, TenantId tenant, std::span<const std::int64_t> blocks) {
  return db
      .prepare(
          "DELETE FROM blocks AS b WHERE b.tenant = ?1 AND b.block = ANY(?2::text::int8[]) AND (SELECT "
          "a.block FROM alerts AS a WHERE a.tenant = ?1 AND a.seq >= b.first_seq ORDER BY a.seq LIMIT 1) IS "
          "DISTINCT FROM b.block AND NOT EXISTS (SELECT 1 FROM alert_occurrences AS o WHERE o.tenant = ?1 "
          "AND o.block = b.block)")
      .run(tenant.value, array_text(blocks));
}

Result<void> tidy_block(Connection& db, TenantId tenant, std::int64_t block) {
  auto row = db.prepare("SELECT links, docs, first_seq FROM blocks WHERE tenant = ?1 AND block = ?2");
  if (!row.query(tenant.value, block).next()) return row.status();
  TOCSIN_TRY(docs, BlockReader::open(row.blob(1)));
  const auto first = row.int64(2);
  TOCSIN_TRY(alerts,
             slots(db, "SELECT slot FROM alerts WHERE tenant = ?1 AND seq >= ?2 AND seq < ?3 AND block = ?4",
                   tenant.value, first, first + static_cast<Seq>(docs.size()), block));
  TOCSIN_TRY(repeats, slots(db, "SELECT slot FROM alert_occurrences WHERE tenant = ?1 AND block = ?2",
                            tenant.value, block));
  TOCSIN_TRY(left, emptied_block(row.blob(0), docs, {alerts, repeats}));
  return db.prepare("UPDATE blocks SET links = ?3, docs = ?4 WHERE tenant = ?1 AND block = ?2")
      .run(tenant.value, block, Blob{left.links}, Blob{left.docs});
}

Result<void> tidy_blocks(Connection& db, TenantId tenant, const std::set<std::int64_t>& touched) {
  const std::vector<std::int64_t> blocks(touched.begin(), touched.end());
  TOCSIN_CHECK(remove_empty_blocks(db, tenant, blocks));
  TOCSIN_TRY(left, numbers(db, "SELECT block FROM blocks WHERE tenant = ?1 AND block = ANY(?2::text::int8[])",
                           tenant.value, array_text(blocks)));
  for (const auto block : left) TOCSIN_CHECK(tidy_block(db, tenant, block));
  return {};
}

}  // namespace

Result<std::int64_t> remove_alerts(WriteContext& context, TenantId tenant, std::span<const Seq> seqs) {
  if (seqs.empty()) return std::int64_t{0};
  auto& db = context.db;
  TOCSIN_CHECK(keep_indexer_off(db, tenant, seqs));
  TOCSIN_TRY(stored, load_alerts(db, tenant, seqs));
  const auto list = array_text(seqs);
  std::set<std::int64_t> blocks;
  for (const auto& one : stored) blocks.insert(one.block);
  TOCSIN_TRY(of_repeats, numbers(db,
                                 "DELETE FROM alert_occurrences WHERE tenant = ?1 AND alert_seq = "
                                 "ANY(?2::text::int8[]) RETURNING block",
                                 tenant.value, list));
  blocks.insert(of_repeats.begin(), of_repeats.end());
  for (const auto& sql : kRemoveBefore) TOCSIN_CHECK(db.prepare(sql).run(tenant.value, list));
  TOCSIN_CHECK(db.prepare("DELETE FROM alerts WHERE tenant = ?1 AND seq = ANY(?2::text::int8[])")
                   .run(tenant.value, list));
  TOCSIN_CHECK(tidy_blocks(db, tenant, blocks));
  for (const auto& one : stored) count_gone(context, tenant, one.alert);
  return static_cast<std::int64_t>(stored.size());
}

}  // namespace tocsin::store::postgres
