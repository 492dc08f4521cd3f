#include "store/postgres/alert_read.h"

#include <algorithm>
#include <unordered_map>

#include "store/postgres/array_text.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/key_index.h"

namespace tocsin::store::postgres {
namespace {

constexpr std::size_t kBlocksAtOnce = 64;  // unpacked they may be a mebibyte each

Result<std::optional<StoredAlert>> read_one(Statement& row) {
  std::optional<StoredAlert> stored;
  if (row.next()) stored = read_alert(row);
  TOCSIN_CHECK(row.status());
  return stored;
}

using Slots = std::unordered_map<std::int64_t, std::vector<StoredAlert*>>;

Error damaged(const StoredAlert& stored) {
  return error(ErrorKind::kInternal, "read alert " + stored.alert.id.str(), "its document is damaged",
               "Restore a backup");
}

Result<void> read_blocks(Connection& db, TenantId tenant, std::span<const std::int64_t> blocks,
                         Slots& slots) {
  auto rows =
      db.prepare("SELECT block, docs FROM blocks WHERE tenant = ?1 AND block = ANY(?2::text::int8[])");
  rows.query(tenant.value, array_text(blocks));
  while (rows.next()) {
    TOCSIN_TRY(block, BlockReader::open(rows.blob(1)));
    auto& wanted = slots[rows.int64(0)];
    for (auto* stored : wanted) {
      if (!decode_document(block.item(stored->slot), stored->alert)) return damaged(*stored);
    }
    wanted.clear();
  }
  return rows.status();
}

}  // namespace

std::string array_text(std::span<const std::int64_t> numbers) {
  ArrayText text;
  for (const auto number : numbers) text.number(number);
  return text.str();
}

// `+ 0`: in the order of an index the planner would look for the key in every row of the tenant.
Result<std::optional<StoredAlert>> find_alert(Connection& db, TenantId tenant, std::string_view id) {
  static const std::string kById = join_sql({select_alert(), "WHERE a.tenant = ?1 AND a.ulid = ?2"});
  static const std::string kByClientId = join_sql(
      {select_alert(),
       "WHERE a.tenant = ?1 AND a.id_key BETWEEN ?2 AND ?3 AND a.source_id = ?4 ORDER BY a.seq + 0 DESC "
       "LIMIT 1"});
  static const std::string kByRepeat = join_sql(
      {select_alert(),
       "WHERE a.tenant = ?1 AND a.seq = (SELECT alert_seq FROM alert_occurrences AS o WHERE o.tenant = "
       "?1 AND o.id_key BETWEEN ?2 AND ?3 AND o.source_id = ?4 ORDER BY alert_seq + 0 DESC LIMIT 1)"});
  if (AlertId::parse(id)) {
    auto row = db.prepare(kById);
    return read_one(row.query(tenant.value, id.substr(AlertTag::kPrefix.size())));
  }
  const auto range = client_id_range(tenant, id);
  auto row = db.prepare(kByClientId);
  TOCSIN_TRY(found, read_one(row.query(tenant.value, range.first, range.last, id)));
  if (found) return found;
  auto repeat = db.prepare(kByRepeat);
  return read_one(repeat.query(tenant.value, range.first, range.last, id));
}

Result<std::vector<StoredAlert>> load_alerts(Connection& db, TenantId tenant, std::span<const Seq> seqs) {
  // A search of the index for each: what the planner would rather do while a table grows faster than its
  // statistics is to compare every row of the tenant with every number.
  static const std::string kBySeq = join_sql(
      {alert_columns(),
       "FROM unnest(?2::text::int8[]) AS wanted (number) CROSS JOIN LATERAL (SELECT * FROM alerts WHERE "
       "tenant = ?1 AND seq = wanted.number OFFSET 0) AS a ",
       join_incident()});
  std::vector<StoredAlert> alerts;
  if (seqs.empty()) return alerts;
  std::unordered_map<Seq, StoredAlert> found;
  auto rows = db.prepare(kBySeq);
  rows.query(tenant.value, array_text(seqs));
  while (rows.next()) {
    auto stored = read_alert(rows);
    found.emplace(stored.seq, std::move(stored));
  }
  TOCSIN_CHECK(rows.status());
  alerts.reserve(found.size());
  for (const auto seq : seqs) {
    const auto one = found.find(seq);
    if (one != found.end()) alerts.push_back(one->second);
  }
  return alerts;
}

Result<void> load_documents(Connection& db, TenantId tenant, std::span<StoredAlert> alerts) {
  Slots slots;
  for (auto& stored : alerts) slots[stored.block].push_back(&stored);
  std::vector<std::int64_t> blocks;
  for (const auto& [block, wanted] : slots) blocks.push_back(block);
  std::sort(blocks.begin(), blocks.end());
  for (std::size_t at = 0; at < blocks.size(); at += kBlocksAtOnce) {
    const auto some = std::span(blocks).subspan(at, std::min(kBlocksAtOnce, blocks.size() - at));
    TOCSIN_CHECK(read_blocks(db, tenant, some, slots));
  }
  for (const auto& [block, missing] : slots) {
    if (!missing.empty()) return damaged(*missing.front());
  }
  return {};
}

}  // namespace tocsin::store::postgres
