#include "store/sql/alert_store.h"

#include "model/link.h"
#include "store/audit_entries.h"
#include "store/change_log.h"
#include "store/sqlite/action_log.h"
#include "store/sqlite/alert_change.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kOccurrencesShown = 100;
constexpr std::size_t kIdsAtOnce = 10'000;
constexpr int kBlocksPerChunk = 256;
constexpr std::size_t kRecordsPerChunk = 16'384;

Error no_such_alert(std::string_view id) {
  return error(ErrorKind::kNotFound, "find alert", "there is no alert " + std::string(id.substr(0, 100)));
}

// An incident shows what its alerts are.
void note_change(WriteContext& context, TenantId tenant, const model::Alert& alert) {
  if (context.changes == nullptr) return;
  context.changes->alert(tenant, alert.id.str());
  if (alert.incident_id) context.changes->incident(tenant, alert.incident_id->str());
}

std::vector<model::Alert> without_rows(std::vector<StoredAlert> stored) {
  std::vector<model::Alert> alerts;
  alerts.reserve(stored.size());
  for (auto& one : stored) alerts.push_back(std::move(one.alert));
  return alerts;
}

// Link records of one block, numbered; false for bytes that are damaged.
bool append_links(const Statement& block, Seq after, std::vector<model::LinkRecord>& records) {
  auto seq = block.int64(1);
  const auto created = block.blob(2);
  auto links = block.blob(3);
  for (std::size_t slot = 0; !links.empty(); ++slot) {
    auto record = model::decode_link_record(links);
    if (!record) return false;
    if (!created.empty() && (slot / 8 >= created.size() || (created[slot / 8] >> slot % 8 & 1) == 0))
      continue;
    record->seq = seq++;
    if (record->received_at == Timestamp{}) continue;  // retention took the alert out
    if (record->seq > after) records.push_back(std::move(*record));
  }
  return true;
}

// One chunk of blocks from `block` on, which is left behind the last one read; false at the end.
Result<bool> read_links(Connection& db, TenantId tenant, Seq after, std::int64_t& block,
                        std::vector<model::LinkRecord>& records) {
  auto rows = db.prepare(
      "SELECT block, first_seq, created, links FROM blocks WHERE block >= ?1 AND tenant = ?2 ORDER BY block "
      "LIMIT ?3");
  rows.query(block, tenant.value, kBlocksPerChunk);
  bool any = false;
  // A block holds one alert or thousands: the chunk is bounded by both.
  while (records.size() < kRecordsPerChunk && rows.next()) {
    any = true;
    block = rows.int64(0) + 1;
    if (!append_links(rows, after, records)) {
      return error(ErrorKind::kInternal, "read links", "block " + std::to_string(block - 1) + " is damaged",
                   "Restore a backup");
    }
  }
  TOCSIN_CHECK(rows.status());
  return any;
}

Result<std::int64_t> block_after(Connection& db, TenantId tenant, Seq after) {
  // By its number: SQLite would rather walk all of the tenant's rows in an index that begins with the tenant.
  auto row =
      db.prepare("SELECT block FROM alerts NOT INDEXED WHERE seq > ?1 AND tenant = ?2 ORDER BY seq LIMIT 1");
  std::int64_t block = std::numeric_limits<std::int64_t>::max();
  if (row.query(after, tenant.value).next()) block = row.int64(0);
  TOCSIN_CHECK(row.status());
  return block;
}

Result<void> record(const AlertAudit& changes, TenantId tenant, WriteContext& context) {
  auto entry = changes.entry();
  return entry ? write_audit(context, tenant, *std::move(entry)) : Result<void>();
}

// What the scope says of sources, said as the query's own filter where it can be; false when the two exclude
// each other.
bool take_sources(AlertQuery& query) {
  if (!query.scope) return true;
  auto& sources = query.scope->sources;
  if (sources.size() == 1 && !query.source) query.source = sources.front();
  if (query.source && !sources.empty()) {
    if (std::find(sources.begin(), sources.end(), *query.source) == sources.end()) return false;
    sources.clear();
  }
  if (query.scope->is_everything()) query.scope.reset();
  return true;
}

struct OccurrencePlace {
  Occurrence occurrence;
  std::int64_t block = 0;
  std::size_t slot = 0;
};

Result<std::vector<OccurrencePlace>> occurrence_places(Connection& db, std::string_view sql, TenantId tenant,
                                                       const StoredAlert& stored) {
  std::vector<OccurrencePlace> places;
  auto rows = db.prepare(sql);
  rows.query(tenant.value, stored.seq, kOccurrencesShown);
  while (rows.next()) {
    places.push_back(
        {{rows.time(0), rows.time(1), {}}, rows.int64(2), static_cast<std::size_t>(rows.int64(3))});
  }
  TOCSIN_CHECK(rows.status());
  if (places.size() < kOccurrencesShown) {
    places.push_back({{stored.alert.occurred_at, stored.alert.received_at, {}}, stored.block, stored.slot});
  }
  return places;
}

}  // namespace

void SqlAlertStore::append(IngestBatch batch, AppendDone done) {
  auto prepared = prepare_batch(tenant_, std::move(batch));
  if (!prepared) return done(std::move(prepared).error());
  const auto& shared = *prepared;
  auto outcomes = std::make_shared<std::vector<AppendOutcome>>();
  Writer::Work work;
  work.rows = std::max<std::size_t>(shared->alerts.size(), 1);
  work.bytes = shared->bytes;
  work.appended = shared;
  work.run = [this, shared, outcomes](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(appended, append_prepared(*shared, context));
    *outcomes = std::move(appended);
    return {};
  };
  work.done = [outcomes, done = std::move(done)](Result<void> result) {
    if (result) return done(std::move(*outcomes));
    done(std::move(result).error());
  };
  parts_.writer.submit(std::move(work));
}

Result<std::optional<model::Alert>> SqlAlertStore::find(std::string_view id_or_source_id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  TOCSIN_TRY(stored, find_stored(*db, id_or_source_id));
  if (!stored) return std::optional<model::Alert>();
  auto loaded = load_documents(*db, std::span(&*stored, 1));
  if (loaded) return std::optional(std::move(stored->alert));
  TOCSIN_TRY(still, find_stored(*db, id_or_source_id));
  if (still) return std::move(loaded).error();
  return std::optional<model::Alert>();  // retention took it out meanwhile
}

Result<std::vector<model::Alert>> SqlAlertStore::by_seq(std::span<const Seq> seqs) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);  // one, instead of a lock taken and given back for each row
  TOCSIN_TRY(stored, load_stored(*db, seqs));
  TOCSIN_CHECK(load_documents(*db, stored));
  return without_rows(std::move(stored));
}

Result<Page<model::Alert>> SqlAlertStore::list(const AlertQuery& query, bool with_documents) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  auto asked = query;
  if (!take_sources(asked)) return Page<model::Alert>();
  ScopePtr scope;
  if (asked.scope) {
    TOCSIN_TRY(filter, read_scope(*db, tenant_, *parts_.asset_groups, *asked.scope));
    scope = std::move(filter);
  }
  TOCSIN_TRY(stored, list_stored(*db, asked, std::move(scope)));
  if (with_documents) TOCSIN_CHECK(load_documents(*db, stored.items));
  Page<model::Alert> page;
  page.items = without_rows(std::move(stored.items));
  page.next_cursor = std::move(stored.next_cursor);
  page.total = stored.total;
  page.total_capped = stored.total_capped;
  return page;
}

Result<model::Alert> SqlAlertStore::update(std::string_view id, const AlertChange& change,
                                           std::optional<std::int64_t> if_version) {
  auto changed = parts_.writer.wait<StoredAlert>([&](WriteContext& context) -> Result<StoredAlert> {
    TOCSIN_TRY(stored, find_stored(context.db, id));
    if (!stored) return no_such_alert(id);
    AlertChangeLines log;
    AlertAudit recorded;
    const auto before = stored->alert;
    TOCSIN_TRY(after, change_alert(std::move(*stored), change, if_version, tenant_, context));
    log.add(before, after.alert);
    recorded.add(before, after.alert);
    note_change(context, tenant_, after.alert);
    TOCSIN_CHECK(write_actions(log.lines(change.actor, context.now), tenant_, context.db));
    TOCSIN_CHECK(record(recorded, tenant_, context));
    return after;
  });
  if (!changed) return std::move(changed).error();
  TOCSIN_TRY(db, parts_.readers.take());
  TOCSIN_CHECK(load_documents(*db, std::span(&*changed, 1)));
  return std::move(changed->alert);
}

Result<AlertStore::BulkResult> SqlAlertStore::update_many(const std::vector<std::string>& ids,
                                                          const AlertChange& change) {
  if (ids.size() > kIdsAtOnce) {
    return error(ErrorKind::kInvalidInput, "change alerts", "more than 10000 ids", "Send them in parts");
  }
  return parts_.writer.wait<BulkResult>(
      [&](WriteContext& context) -> Result<BulkResult> {
        BulkResult result;
        AlertChangeLines log;
        AlertAudit recorded;
        for (const auto& id : ids) {
          TOCSIN_TRY(stored, find_stored(context.db, id));
          if (!stored) {
            result.failed.emplace_back(id, no_such_alert(id).message);
            continue;
          }
          const auto before = stored->alert;
          TOCSIN_TRY(after, change_alert(std::move(*stored), change, std::nullopt, tenant_, context));
          log.add(before, after.alert);
          recorded.add(before, after.alert);
          note_change(context, tenant_, after.alert);
          ++result.changed;
        }
        TOCSIN_CHECK(write_actions(log.lines(change.actor, context.now), tenant_, context.db));
        TOCSIN_CHECK(record(recorded, tenant_, context));
        return result;
      },
      std::max<std::size_t>(ids.size(), 1));
}

Result<std::int64_t> SqlAlertStore::version(std::string_view id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  TOCSIN_TRY(stored, find_stored(*db, id));
  if (!stored) return no_such_alert(id);
  return stored->version;
}

Result<std::vector<Occurrence>> SqlAlertStore::occurrences(std::string_view id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(stored, find_stored(*db, id));
  if (!stored) return no_such_alert(id);
  TOCSIN_TRY(places, occurrence_places(*db, parts_.dialect.occurrences, tenant_, *stored));
  std::vector<Occurrence> occurrences;
  for (auto& place : places) {
    StoredAlert document;
    document.block = place.block;
    document.slot = place.slot;
    TOCSIN_CHECK(load_documents(*db, std::span(&document, 1)));
    place.occurrence.raw = std::move(document.alert.raw);
    occurrences.push_back(std::move(place.occurrence));
  }
  return occurrences;
}

Result<Seq> SqlAlertStore::last_seq() const {
  TOCSIN_TRY(db, parts_.readers.take());
  return number_for(*db, parts_.dialect.last_seq, tenant_);
}

Result<std::vector<Seq>> SqlAlertStore::seqs_of(std::span<const std::string> ids) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  std::vector<Seq> seqs;
  for (const auto& id : ids) {
    TOCSIN_TRY(stored, find_stored(*db, id));
    seqs.push_back(stored ? stored->seq : 0);
  }
  return seqs;
}

Result<std::vector<Seq>> SqlAlertStore::in_scope(std::span<const Seq> seqs,
                                                 const model::AlertScope& scope) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(filter, read_scope(*db, tenant_, *parts_.asset_groups, scope));
  if (!filter) return std::vector<Seq>(seqs.begin(), seqs.end());
  return seqs_in_scope(*db, tenant_, *filter, seqs);
}

Result<AlertFigures> SqlAlertStore::figures(const model::AlertScope& scope) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(filter, read_scope(*db, tenant_, *parts_.asset_groups, scope));
  return count_figures(*db, tenant_, filter ? *filter : ScopeFilter(scope, nullptr));
}

// The connection goes back before each callback, which may well read something itself.
Result<void> SqlAlertStore::scan_links(
    Seq after, const std::function<bool(std::span<const model::LinkRecord>)>& each) const {
  std::int64_t block = -1;
  for (;;) {
    std::vector<model::LinkRecord> records;
    {
      TOCSIN_TRY(db, parts_.readers.take());
      if (block < 0) {
        TOCSIN_TRY(first, block_after(*db, tenant_, after));
        block = first;
      }
      TOCSIN_TRY(more, read_links(*db, tenant_, after, block, records));
      if (!more) return {};
    }
    if (!records.empty() && !each(records)) return {};
  }
}

}  // namespace tocsin::store
