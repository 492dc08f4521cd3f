#include "store/sqlite/alert_read.h"

#include <algorithm>
#include <numeric>

#include "store/sqlite/block.h"
#include "store/sqlite/document.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kSourcesOfOneId = 64;

Result<std::optional<StoredAlert>> read_one(Statement& row) {
  std::optional<StoredAlert> stored;
  if (row.next()) stored = read_alert(row);
  TOCSIN_CHECK(row.status());
  return stored;
}

// The tail first: what leaves it is in the table by then.
Result<std::vector<model::Seq>> seqs_with_client_id(Connection& db, const KeyTail& tail, TenantId tenant,
                                                    std::string_view id) {
  const auto range = client_id_range(tenant, id);
  auto seqs = tail.find(range, kSourcesOfOneId);
  auto rows = db.prepare("SELECT seq FROM alert_keys WHERE key BETWEEN ?1 AND ?2 ORDER BY seq DESC LIMIT ?3");
  rows.query(range.first, range.last, kSourcesOfOneId);
  while (rows.next()) seqs.push_back(rows.int64(0));
  TOCSIN_CHECK(rows.status());
  std::sort(seqs.rbegin(), seqs.rend());
  return seqs;
}

// The newest alert that a repeat with this id was added to.
Result<std::optional<StoredAlert>> find_by_id_of_repeat(Connection& db, TenantId tenant,
                                                        std::string_view id) {
  const auto range = client_id_range(tenant, id);
  auto row = db.prepare(
      "SELECT alert_seq FROM alert_occurrences WHERE id_key BETWEEN ?1 AND ?2 AND source_id = ?3 "
      "ORDER BY alert_seq DESC LIMIT 1");
  const bool known = row.query(range.first, range.last, id).next();
  TOCSIN_CHECK(row.status());
  if (!known) return std::optional<StoredAlert>();
  const auto seq = row.int64(0);
  TOCSIN_TRY(found, load_alerts(db, tenant, std::span(&seq, 1)));
  return found.empty() ? std::nullopt : std::optional(std::move(found[0]));
}

}  // namespace

Result<std::optional<StoredAlert>> find_alert(Connection& db, const KeyTail& tail, TenantId tenant,
                                              std::string_view id) {
  static const std::string kById = join_sql({select_alert(), "WHERE a.tenant = ?1 AND a.ulid = ?2"});
  if (AlertId::parse(id)) {
    auto row = db.prepare(kById);
    return read_one(row.query(tenant.value, id.substr(AlertTag::kPrefix.size())));
  }
  TOCSIN_TRY(seqs, seqs_with_client_id(db, tail, tenant, id));
  for (const auto seq : seqs) {
    TOCSIN_TRY(found, load_alerts(db, tenant, std::span(&seq, 1)));
    if (!found.empty() && found[0].alert.source_id == id) return std::optional(std::move(found[0]));
  }
  return find_by_id_of_repeat(db, tenant, id);
}

Result<std::vector<StoredAlert>> load_alerts(Connection& db, TenantId tenant,
                                             std::span<const model::Seq> seqs) {
  static const std::string kBySeq = join_sql({select_alert(), "WHERE a.seq = ?1 AND a.tenant = ?2"});
  std::vector<StoredAlert> alerts;
  alerts.reserve(seqs.size());
  auto row = db.prepare(kBySeq);
  for (const auto seq : seqs) {
    TOCSIN_TRY(one, read_one(row.query(seq, tenant.value)));
    if (one) alerts.push_back(std::move(*one));
  }
  return alerts;
}

Result<void> load_documents(Connection& db, std::span<StoredAlert> alerts) {
  std::vector<std::size_t> order(alerts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return alerts[a].block < alerts[b].block; });
  auto row = db.prepare("SELECT docs FROM blocks WHERE block = ?1");
  std::int64_t open = 0;
  BlockReader block;
  for (const auto index : order) {
    auto& stored = alerts[index];
    if (stored.block != open && row.query(stored.block).next()) {
      TOCSIN_TRY(reader, BlockReader::open(row.blob(0)));
      block = std::move(reader);
      open = stored.block;
    }
    TOCSIN_CHECK(row.status());
    if (stored.block != open || !decode_document(block.item(stored.slot), stored.alert)) {
      return error(ErrorKind::kInternal, "read alert " + stored.alert.id.str(), "its document is damaged",
                   "Restore a backup");
    }
  }
  return {};
}

std::string_view last_seq_sql() {
  static const std::string sql = [] {
    std::string all = "SELECT coalesce(max(newest), 0) FROM (";
    for (int status = 0; status < 3; ++status) {
      for (int severity = 0; severity < 5; ++severity) {
        if (status + severity > 0) all += " UNION ALL ";
        all +=
            "SELECT max(seq) AS newest FROM alerts WHERE tenant = ?1 AND status = " + std::to_string(status) +
            " AND severity = " + std::to_string(severity);
      }
    }
    return all + ")";
  }();
  return sql;
}

Result<model::Seq> last_seq_of(Connection& db, TenantId tenant) {
  auto row = db.prepare(last_seq_sql());
  model::Seq seq = 0;
  if (row.query(tenant.value).next()) seq = row.int64(0);
  TOCSIN_CHECK(row.status());
  return seq;
}

Result<model::Seq> watermark_of(Connection& db, std::string_view name) {
  auto row = db.prepare("SELECT seq FROM watermarks WHERE name = ?1");
  if (row.query(name).next()) return row.int64(0);
  TOCSIN_CHECK(row.status());
  return model::Seq{0};
}

}  // namespace tocsin::store
