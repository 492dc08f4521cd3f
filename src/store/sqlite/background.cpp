#include "store/sqlite/background.h"

#include <limits>

#include "store/sqlite/alert_read.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kKeysPerStep = 16'000;  // some 20 ms: as long as a write may have to wait
constexpr std::size_t kKeysWorthARun =
    2'000;  // fewer wait, so that a trickle does not rewrite the table's leaves
constexpr std::int64_t kBloomKeysPerStep = 50'000;
constexpr std::int64_t kTextsPerStep = 20'000;
constexpr int kRowsBetweenLooks = 64;
constexpr int kLogPagesBusy = 8192;  // 64 MiB of 8 KiB pages
constexpr int kLogPagesIdle = 512;
constexpr auto kPruneEvery = std::chrono::minutes(10);
constexpr auto kDoneJobsKept = std::chrono::hours(24);

int remember_log_pages(void* pages, sqlite3*, const char*, int now) {
  *static_cast<int*>(pages) = now;
  return SQLITE_OK;
}

Result<void> save_watermark(Connection& db, std::string_view name, model::Seq seq) {
  return db.prepare("INSERT OR REPLACE INTO watermarks (name, seq) VALUES (?1, ?2)").run(name, seq);
}

// The documents of consecutive alerts are neighbours: the block at hand is kept open.
class DocumentCursor {
 public:
  explicit DocumentCursor(Connection& db) : rows_(db.prepare("SELECT docs FROM blocks WHERE block = ?1")) {}

  Result<void> read(std::int64_t block, std::size_t slot, model::Alert& alert) {
    if (block != block_) TOCSIN_CHECK(open(block));
    if (!decode_document(reader_.item(slot), alert)) {
      return error(ErrorKind::kInternal, "read a document", "it is damaged", "Restore a backup");
    }
    return {};
  }

 private:
  Result<void> open(std::int64_t block) {
    if (!rows_.query(block).next()) {
      TOCSIN_CHECK(rows_.status());
      return error(ErrorKind::kInternal, "read a document", "its block is missing", "Restore a backup");
    }
    TOCSIN_TRY(reader, BlockReader::open(rows_.blob(0)));
    reader_ = std::move(reader);
    block_ = block;
    return {};
  }

  Statement rows_;
  std::int64_t block_ = 0;
  BlockReader reader_;
};

}  // namespace

Background::Background(SqliteConnection& db, IngestState& state, const SqliteOptions& options)
    : db_(db), state_(state), options_(options) {
  sqlite3_wal_hook(db_.handle(), remember_log_pages, &log_pages_);
}

Result<void> Background::transact(const std::function<Result<void>()>& body) {
  TOCSIN_CHECK(db_.exec("BEGIN IMMEDIATE"));
  auto result = body();
  if (result) result = db_.exec("COMMIT");
  if (!result && db_.in_transaction()) (void)db_.exec("ROLLBACK");
  return result;
}

void Background::between_groups() {
  if (!run_.active() && state_.tail.size() >= options_.key_tail_rows) start_key_run();
  if (run_.active()) (void)write_keys();
  if (!state_.bloom_ready) (void)fill_bloom();
  if (log_pages_ >= kLogPagesBusy) checkpoint();
}

bool Background::due(Timestamp now) const {
  return now - pruned_at_ >= kPruneEvery;
}

bool Background::when_idle(Timestamp now, const std::function<bool()>& interrupted) {
  if (!state_.bloom_ready) return fill_bloom().ok();
  if (!run_.active() && state_.tail.size() >= kKeysWorthARun) start_key_run();
  if (run_.active()) return write_keys().ok();
  const auto indexed = index_text(interrupted);
  if (!indexed) return false;
  if (*indexed) return true;
  if (due(now)) (void)prune(now);
  pruned_at_ = due(now) ? now : pruned_at_;
  if (log_pages_ >= kLogPagesIdle) checkpoint();
  return false;
}

void Background::start_key_run() {
  run_ = {state_.tail.start_run(), 0, state_.last_seq};
}

// A part of the run; after the last one the tail is let go of. A crash between parts only means that keys are
// there twice: in the table and, read anew from the alerts above the watermark, in the tail.
Result<void> Background::write_keys() {
  const auto end = std::min(run_.entries.size(), run_.written + kKeysPerStep);
  const bool last = end == run_.entries.size();
  TOCSIN_CHECK(transact([&] { return insert_keys(end, last); }));
  for (; run_.written < end; ++run_.written) state_.bloom.add(run_.entries[run_.written].key);
  if (last) {
    state_.tail.end_run();
    run_ = {};
  }
  return {};
}

Result<void> Background::insert_keys(std::size_t end, bool last) {
  auto insert = db_.prepare("INSERT OR IGNORE INTO alert_keys (key, seq) VALUES (?1, ?2)");
  for (auto i = run_.written; i < end; ++i)
    TOCSIN_CHECK(insert.run(run_.entries[i].key, run_.entries[i].seq));
  if (last) return save_watermark(db_, "keys", run_.through);
  return {};
}

Result<void> Background::fill_bloom() {
  auto rows =
      db_.prepare("SELECT key, seq FROM alert_keys WHERE (key, seq) > (?1, ?2) ORDER BY key, seq LIMIT ?3");
  rows.query(bloom_at_.key, bloom_at_.seq, kBloomKeysPerStep);
  std::int64_t count = 0;
  for (; rows.next(); ++count) {
    bloom_at_ = {rows.int64(0), rows.int64(1)};
    state_.bloom.add(bloom_at_.key);
  }
  TOCSIN_CHECK(rows.status());
  if (count < kBloomKeysPerStep) return fill_bloom_of_repeats();
  return {};
}

Result<void> Background::fill_bloom_of_repeats() {
  auto rows = db_.prepare("SELECT id_key FROM alert_occurrences WHERE id_key > ?1 ORDER BY id_key LIMIT ?2");
  rows.query(bloom_at_repeat_, kBloomKeysPerStep);
  std::int64_t count = 0;
  for (; rows.next(); ++count) {
    bloom_at_repeat_ = rows.int64(0);
    state_.bloom.add(bloom_at_repeat_);
  }
  TOCSIN_CHECK(rows.status());
  state_.bloom_ready = count < kBloomKeysPerStep;
  return {};
}

Result<bool> Background::index_text(const std::function<bool()>& interrupted) {
  if (searched_ < 0) {
    TOCSIN_TRY(seq, watermark_of(db_, "search"));
    searched_ = seq;
  }
  if (searched_ >= state_.last_seq) return false;
  auto reached = searched_;
  TOCSIN_CHECK(transact([&] { return insert_texts(interrupted, reached); }));
  searched_ = reached;
  return true;
}

Result<void> Background::insert_texts(const std::function<bool()>& interrupted, model::Seq& reached) {
  auto alerts = db_.prepare(
      "SELECT seq, title, type, source, source_id, block, slot FROM alerts WHERE seq > ?1 ORDER BY seq LIMIT "
      "?2");
  auto insert = db_.prepare("INSERT INTO alert_text (rowid, words) VALUES (?1, ?2)");
  DocumentCursor documents(db_);
  alerts.query(searched_, kTextsPerStep);
  for (int row = 1; alerts.next(); ++row) {
    model::Alert alert;
    alert.title = alerts.text(1);
    alert.type = alerts.text(2);
    alert.source = alerts.text(3);
    alert.source_id = alerts.optional_text(4);
    TOCSIN_CHECK(documents.read(alerts.int64(5), static_cast<std::size_t>(alerts.int64(6)), alert));
    TOCSIN_CHECK(insert.run(alerts.int64(0), search_words(alert)));
    reached = alerts.int64(0);
    if (row % kRowsBetweenLooks == 0 && interrupted()) break;
  }
  TOCSIN_CHECK(alerts.status());
  return save_watermark(db_, "search", reached);
}

Result<void> Background::prune(Timestamp now) {
  return transact([&]() -> Result<void> {
    auto keys = db_.prepare("DELETE FROM idempotency WHERE created_at <= ?1");
    TOCSIN_CHECK(keys.run(now - options_.idempotency_kept));
    auto jobs = db_.prepare("DELETE FROM jobs WHERE state = 2 AND run_at <= ?1");
    return jobs.run(now - kDoneJobsKept);
  });
}

// Passive: it takes what no reader holds back, and waits for none.
void Background::checkpoint() {
  sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  log_pages_ = 0;
}

}  // namespace tocsin::store
