#include <map>

#include "store/sql/people_store.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/tenant_store.h"
#include "store/sqlite/writer.h"

namespace tocsin::store {
namespace {

constexpr int kReaderCacheKib = 4096;
constexpr int kWriterCacheKib = 48 * 1024;

// WAL with synchronous=FULL: one flush a commit, and nothing acknowledged is lost. Checkpoints are the
// writer's own business (background.cpp); journal_size_limit keeps a grown log from staying on disk.
Result<std::unique_ptr<SqliteConnection>> open_writer(const std::string& file) {
  TOCSIN_TRY(db, SqliteConnection::open(
                     file, {.read_only = false, .cache_kib = kWriterCacheKib, .gather_log = true}));
  for (const char* pragma :
       {"PRAGMA page_size=8192", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
        "PRAGMA wal_autocheckpoint=0", "PRAGMA journal_size_limit=67108864", "PRAGMA foreign_keys=0"}) {
    TOCSIN_CHECK(db->exec(pragma));
  }
  TOCSIN_CHECK(migrate(*db, migrations().size()));
  return db;
}

Result<std::unique_ptr<Connection>> open_reader(const std::string& file) {
  TOCSIN_TRY(db, SqliteConnection::open(file, {.read_only = true, .cache_kib = kReaderCacheKib}));
  return std::unique_ptr<Connection>(std::move(db));
}

Result<std::int64_t> number(Connection& db, std::string_view sql) {
  auto row = db.prepare(sql);
  std::int64_t value = 0;
  if (row.query().next()) value = row.int64(0);
  TOCSIN_CHECK(row.status());
  return value;
}

Result<void> load_tail(Connection& db, IngestState& state) {
  TOCSIN_TRY(indexed, watermark_of(db, "keys"));
  auto rows = db.prepare(
      "SELECT seq, tenant, source, source_id, fingerprint FROM alerts WHERE seq > ?1 ORDER BY seq");
  rows.query(indexed);
  while (rows.next()) {
    const TenantId tenant{rows.int64(1)};
    const auto fingerprint = static_cast<std::uint64_t>(rows.int64(4));
    if (!rows.null(3)) state.tail.add(client_id_key(tenant, rows.text(2), rows.text(3)), rows.int64(0));
    if (fingerprint != 0) state.tail.add(fingerprint_key(tenant, fingerprint), rows.int64(0));
  }
  return rows.status();
}

Result<void> load_state(Connection& db, IngestState& state) {
  TOCSIN_TRY(last_seq, number(db, "SELECT max(seq) FROM alerts"));
  TOCSIN_TRY(last_block, number(db, "SELECT max(block) FROM blocks"));
  TOCSIN_TRY(seq_before, watermark_of(db, "last_seq"));  // of alerts that retention removed
  TOCSIN_TRY(block_before, watermark_of(db, "last_block"));
  state.last_seq = std::max(last_seq, seq_before);
  state.last_block = std::max(last_block, block_before);
  TOCSIN_CHECK(state.names.load(db));
  return load_tail(db, state);
}

class SqliteDatabase final : public Database {
 public:
  static Result<std::unique_ptr<Database>> open(const SqliteOptions& options) {
    std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(options));
    TOCSIN_TRY(writer, open_writer(options.file));
    TOCSIN_CHECK(load_state(*writer, database->state_));
    TOCSIN_TRY(applied, watermark_of(*writer, "journal"));
    TOCSIN_TRY(journal, IngestJournal::open(options.file + "-ingest", static_cast<std::uint64_t>(applied)));
    database->writer_ =
        std::make_unique<SqliteWriter>(database->options_, database->rules_, database->clock(),
                                       std::move(writer), std::move(journal), database->state_);
    TOCSIN_CHECK(database->writer_->start());
    TOCSIN_TRY(readers, ReaderPool::open(
                            options.readers, [file = options.file] { return open_reader(file); },
                            [writer = database->writer_.get()] { writer->settle(); }));
    database->readers_ = std::move(readers);
    database->people_ = std::make_unique<SqlPeopleStore>(database->clock(), *database->readers_,
                                                         TenantWriter(*database->writer_, kDefaultTenant));
    return std::unique_ptr<Database>(std::move(database));
  }
  ~SqliteDatabase() override { close(); }

  TenantStore& tenant(TenantId tenant) override {
    const std::lock_guard lock(mutex_);
    auto& store = tenants_[tenant.value];
    if (!store)
      store = std::make_unique<SqliteTenantStore>(
          Parts{sqlite_dialect(), rules_, clock(), *readers_, {*writer_, tenant}}, tenant, state_);
    return *store;
  }
  PeopleStore& people() override { return *people_; }
  void close() override {
    if (writer_) writer_->close();
  }
  std::string trouble() const override { return writer_->trouble(); }
  Result<std::vector<ChainEnd>> chain_ends() const override {
    TOCSIN_TRY(db, readers_->take());
    return store::chain_ends(*db);
  }
  Result<void> backup(const std::string& file) override {
    writer_->settle();
    TOCSIN_TRY(db, SqliteConnection::open(options_.file, {.read_only = false, .cache_kib = 2048}));
    return db->prepare("VACUUM INTO ?1").run(file);
  }

 private:
  explicit SqliteDatabase(const SqliteOptions& options)
      : options_(options),
        rules_{options.dedup_window, options.idempotency_kept, options.dead_letters_kept} {}
  const Clock& clock() const { return options_.clock != nullptr ? *options_.clock : system_clock_; }

  const SqliteOptions options_;
  const WriteRules rules_;
  const SystemClock system_clock_;
  IngestState state_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<SqliteWriter> writer_;
  std::unique_ptr<SqlPeopleStore> people_;
  std::mutex mutex_;
  std::map<std::int64_t, std::unique_ptr<SqliteTenantStore>> tenants_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options) {
  return SqliteDatabase::open(options);
}

}  // namespace tocsin::store
