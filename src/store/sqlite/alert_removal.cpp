#include "store/sqlite/alert_removal.h"

#include <set>

#include "store/sql/emptied_block.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/key_index.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store {
namespace {

template <class... Args>
Result<Slots> slots(Connection& db, std::string_view sql, const Args&... args) {
  Slots found;
  auto rows = db.prepare(sql);
  rows.query(args...);
  while (rows.next()) found.insert(static_cast<std::size_t>(rows.int64(0)));
  TOCSIN_CHECK(rows.status());
  return found;
}

struct StoredBlock {
  std::string links;
  BlockReader docs;
  Seq first_seq = 0;
};

Result<std::optional<StoredBlock>> read_block(Connection& db, std::int64_t block) {
  std::optional<StoredBlock> stored;
  auto row = db.prepare("SELECT links, docs, first_seq FROM blocks WHERE block = ?1");
  if (row.query(block).next()) {
    TOCSIN_TRY(docs, BlockReader::open(row.blob(1)));
    stored = StoredBlock{std::string(row.blob(0)), std::move(docs), row.int64(2)};
  }
  TOCSIN_CHECK(row.status());
  return stored;
}

Result<void> tidy_block(Connection& db, std::int64_t block) {
  TOCSIN_TRY(stored, read_block(db, block));
  if (!stored) return {};
  // Alerts of a block have consecutive seqs: no index on the block is needed.
  const auto behind = stored->first_seq + static_cast<Seq>(stored->docs.size());
  TOCSIN_TRY(alerts, slots(db, "SELECT slot FROM alerts WHERE seq >= ?1 AND seq < ?2 AND block = ?3",
                           stored->first_seq, behind, block));
  TOCSIN_TRY(repeats, slots(db, "SELECT slot FROM alert_occurrences WHERE block = ?1", block));
  if (alerts.empty() && repeats.empty()) return db.prepare("DELETE FROM blocks WHERE block = ?1").run(block);
  TOCSIN_TRY(left, emptied_block(stored->links, stored->docs, {alerts, repeats}));
  return db.prepare("UPDATE blocks SET links = ?2, docs = ?3 WHERE block = ?1")
      .run(block, Blob{left.links}, Blob{left.docs});
}

class Remover {
 public:
  Remover(WriteContext& context, TenantId tenant, Seq searched)
      : context_(context), tenant_(tenant), searched_(searched) {}

  Result<void> remove(const StoredAlert& stored) {
    blocks_.insert(stored.block);
    TOCSIN_CHECK(remove_repeats(stored));
    TOCSIN_CHECK(remove_index_entries(stored));
    TOCSIN_CHECK(remove_rows(stored));
    count_gone(context_, tenant_, stored.alert);
    return {};
  }
  Result<void> tidy_blocks() {
    for (const auto block : blocks_) TOCSIN_CHECK(tidy_block(context_.db, block));
    return {};
  }

 private:
  Result<void> remove_repeats(const StoredAlert& stored) {
    auto rows = context_.db.prepare("SELECT DISTINCT block FROM alert_occurrences WHERE alert_seq = ?1");
    rows.query(stored.seq);
    while (rows.next()) blocks_.insert(rows.int64(0));
    TOCSIN_CHECK(rows.status());
    return context_.db.prepare("DELETE FROM alert_occurrences WHERE alert_seq = ?1").run(stored.seq);
  }

  // A contentless index forgets words that it is told again.
  Result<void> remove_index_entries(const StoredAlert& stored) {
    const auto& alert = stored.alert;
    auto keys = context_.db.prepare("DELETE FROM alert_keys WHERE key = ?1 AND seq = ?2");
    if (alert.source_id)
      TOCSIN_CHECK(keys.run(client_id_key(tenant_, alert.source, *alert.source_id), stored.seq));
    if (const auto number = fingerprint_of(stored.seq); number != 0)
      TOCSIN_CHECK(keys.run(fingerprint_key(tenant_, number), stored.seq));
    if (stored.seq > searched_) return {};
    return context_.db.prepare("INSERT INTO alert_text (alert_text, rowid, words) VALUES ('delete', ?1, ?2)")
        .run(stored.seq, search_words(alert));
  }
  std::uint64_t fingerprint_of(Seq seq) {
    auto row = context_.db.prepare("SELECT fingerprint FROM alerts WHERE seq = ?1");
    return row.query(seq).next() ? static_cast<std::uint64_t>(row.int64(0)) : 0;
  }

  Result<void> remove_rows(const StoredAlert& stored) {
    const auto id = stored.alert.id.str();
    TOCSIN_CHECK(context_.db.prepare("DELETE FROM incident_alerts WHERE alert_seq = ?1 AND tenant = ?2")
                     .run(stored.seq, tenant_.value));
    TOCSIN_CHECK(
        context_.db
            .prepare("DELETE FROM priority_corrections WHERE tenant = ?1 AND source = ?2 AND type = ?3 AND "
                     "alert_id = ?4")
            .run(tenant_.value, stored.alert.source, stored.alert.type, id));
    TOCSIN_CHECK(context_.db.prepare("DELETE FROM dispositions WHERE tenant = ?1 AND alert_seq = ?2")
                     .run(tenant_.value, stored.seq));
    TOCSIN_CHECK(context_.db.prepare("DELETE FROM desk_marks WHERE tenant = ?1 AND kind = 0 AND object = ?2")
                     .run(tenant_.value, stored.seq));
    TOCSIN_CHECK(context_.db.prepare("DELETE FROM feedback WHERE tenant = ?1 AND alert_id = ?2")
                     .run(tenant_.value, id));
    return context_.db.prepare("DELETE FROM alerts WHERE seq = ?1 AND tenant = ?2")
        .run(stored.seq, tenant_.value);
  }

  WriteContext& context_;
  const TenantId tenant_;
  const Seq searched_;
  std::set<std::int64_t> blocks_;
};

// Numbers are never given twice, also when the newest alert is gone and the program starts again.
Result<void> remember_last(Connection& db) {
  return db.exec(
      "INSERT INTO watermarks (name, seq) SELECT 'last_seq', coalesce(max(seq), 0) FROM alerts WHERE true "
      "ON CONFLICT (name) DO UPDATE SET seq = max(watermarks.seq, excluded.seq);"
      "INSERT INTO watermarks (name, seq) SELECT 'last_block', coalesce(max(block), 0) FROM blocks WHERE "
      "true "
      "ON CONFLICT (name) DO UPDATE SET seq = max(watermarks.seq, excluded.seq)");
}

}  // namespace

Result<std::int64_t> remove_alerts(WriteContext& context, TenantId tenant, std::span<const Seq> seqs) {
  if (seqs.empty()) return std::int64_t{0};
  TOCSIN_CHECK(remember_last(context.db));
  TOCSIN_TRY(stored, load_alerts(context.db, tenant, seqs));
  TOCSIN_CHECK(load_documents(context.db, stored));
  TOCSIN_TRY(searched, watermark_of(context.db, "search"));
  Remover remover(context, tenant, searched);
  for (const auto& one : stored) TOCSIN_CHECK(remover.remove(one));
  TOCSIN_CHECK(remover.tidy_blocks());
  return static_cast<std::int64_t>(stored.size());
}

}  // namespace tocsin::store
