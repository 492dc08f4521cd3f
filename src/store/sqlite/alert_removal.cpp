#include "store/sqlite/alert_removal.h"

#include <array>
#include <iterator>
#include <set>

#include "model/link.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/block.h"
#include "store/sqlite/incident_row.h"
#include "store/sqlite/key_index.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store {
namespace {

using Slots = std::set<std::size_t>;

template <class... Args>
Result<Slots> slots(Connection& db, std::string_view sql, const Args&... args) {
  Slots found;
  auto rows = db.prepare(sql);
  rows.query(args...);
  while (rows.next()) found.insert(static_cast<std::size_t>(rows.int64(0)));
  TOCSIN_CHECK(rows.status());
  return found;
}

// A block: its bytes, and which of its slots somebody still points to.
struct Leftover {
  std::string links;
  BlockReader docs;
  Slots alerts;
  Slots repeats;
};

Result<std::optional<Leftover>> read_leftover(Connection& db, std::int64_t block) {
  Leftover left;
  auto row = db.prepare("SELECT links, docs, first_seq FROM blocks WHERE block = ?1");
  if (!row.query(block).next()) {
    TOCSIN_CHECK(row.status());
    return std::optional<Leftover>();
  }
  left.links = row.blob(0);
  TOCSIN_TRY(docs, BlockReader::open(row.blob(1)));
  const auto first = row.int64(2);
  // Alerts of a block have consecutive seqs: no index on the block is needed.
  TOCSIN_TRY(alerts, slots(db, "SELECT slot FROM alerts WHERE seq >= ?1 AND seq < ?2 AND block = ?3", first,
                           first + static_cast<std::int64_t>(docs.size()), block));
  TOCSIN_TRY(repeats, slots(db, "SELECT slot FROM alert_occurrences WHERE block = ?1", block));
  left.docs = std::move(docs);
  left.alerts = std::move(alerts);
  left.repeats = std::move(repeats);
  return std::optional(std::move(left));
}

// A link record without a time of receipt is an alert that is gone (SqlAlertStore::scan_links).
Result<void> rewrite(Connection& db, std::int64_t block, const Leftover& left) {
  const auto& reader = left.docs;
  BlockWriter writer;
  std::string links;
  std::string_view rest = left.links;
  for (std::size_t slot = 0; slot < reader.size(); ++slot) {
    const auto record = model::decode_link_record(rest);
    if (!record) return error(ErrorKind::kInternal, "rewrite a block", "its links are damaged");
    const bool alert = left.alerts.contains(slot);
    model::encode(alert ? *record : model::LinkRecord{}, links);
    auto& item = writer.open_item();
    if (alert || left.repeats.contains(slot)) item = reader.item(slot);
    writer.close_item();
  }
  return db.prepare("UPDATE blocks SET links = ?2, docs = ?3 WHERE block = ?1")
      .run(block, Blob{links}, Blob{writer.pack()});
}

Result<void> tidy_block(Connection& db, std::int64_t block) {
  TOCSIN_TRY(left, read_leftover(db, block));
  if (!left) return {};
  if (!left->alerts.empty() || !left->repeats.empty()) return rewrite(db, block, *left);
  return db.prepare("DELETE FROM blocks WHERE block = ?1").run(block);
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
    count(stored.alert);
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
    TOCSIN_CHECK(context_.db.prepare("DELETE FROM feedback WHERE tenant = ?1 AND alert_id = ?2")
                     .run(tenant_.value, id));
    return context_.db.prepare("DELETE FROM alerts WHERE seq = ?1 AND tenant = ?2")
        .run(stored.seq, tenant_.value);
  }

  void count(const model::Alert& alert) {
    auto& counters = context_.counters;
    counters.add(tenant_, Counter::kAlerts, "", -1);
    counters.add(tenant_, Counter::kAlertSeverity, to_text(alert.severity), -1);
    counters.add(tenant_, Counter::kAlertStatus, to_text(alert.status), -1);
    counters.add(tenant_, Counter::kAlertSource,
                 context_.names.counted_as(tenant_, Counter::kAlertSource, alert.source), -1);
  }

  WriteContext& context_;
  const TenantId tenant_;
  const Seq searched_;
  std::set<std::int64_t> blocks_;
};

Result<std::vector<model::Incident>> read_all(Statement& rows) {
  std::vector<model::Incident> found;
  while (rows.next()) found.push_back(read_incident(rows));
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<void> remove_incident_rows(WriteContext& context, TenantId tenant, const model::Incident& incident) {
  constexpr std::array kById{
      "DELETE FROM note_revisions WHERE tenant = ?1 AND note IN (SELECT id FROM notes WHERE tenant = ?1 AND "
      "incident = ?2)",
      "DELETE FROM notes WHERE tenant = ?1 AND incident = ?2",
      "DELETE FROM actions WHERE tenant = ?1 AND incident = ?2",
      "DELETE FROM feedback WHERE tenant = ?1 AND incident_id = ?2",
      "DELETE FROM incidents WHERE tenant = ?1 AND id = ?2"};
  constexpr std::array kBySeq{
      "DELETE FROM decisions WHERE tenant = ?1 AND (incident = ?2 OR other_incident = ?2)",
      "DELETE FROM holds WHERE tenant = ?1 AND incident = ?2"};
  for (const auto* sql : kById) TOCSIN_CHECK(context.db.prepare(sql).run(tenant.value, incident.id.str()));
  for (const auto* sql : kBySeq) TOCSIN_CHECK(context.db.prepare(sql).run(tenant.value, incident.seq));
  if (incident.merged_into) return {};
  context.counters.add(tenant, Counter::kIncidents, "", -1);
  if (incident.status != model::IncidentStatus::kClosed)
    context.counters.add(tenant, Counter::kIncidentsOpen, "", -1);
  return {};
}

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

Result<std::int64_t> remove_incident(WriteContext& context, TenantId tenant, Seq incident) {
  auto own = context.db.prepare(join_sql({select_incident(), "WHERE tenant = ?1 AND seq = ?2"}));
  own.query(tenant.value, incident);
  TOCSIN_TRY(gone, read_all(own));
  for (std::size_t i = 0; i < gone.size(); ++i) {  // and what was merged into it, and into that
    auto merged = context.db.prepare(join_sql({select_incident(), "WHERE tenant = ?1 AND merged_into = ?2"}));
    merged.query(tenant.value, gone[i].id.str());
    TOCSIN_TRY(more, read_all(merged));
    gone.insert(gone.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  for (const auto& one : gone) TOCSIN_CHECK(remove_incident_rows(context, tenant, one));
  return static_cast<std::int64_t>(gone.size());
}

}  // namespace tocsin::store
