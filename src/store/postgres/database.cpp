#include <map>

#include "base/hash.h"
#include "store/postgres/migrations.h"
#include "store/postgres/notice_listener.h"
#include "store/postgres/postgres.h"
#include "store/postgres/search_indexer.h"
#include "store/postgres/tenant_store.h"
#include "store/postgres/writer.h"
#include "store/sql/people_store.h"

namespace tocsin::store {
namespace {

// Lists differ too much for one plan each. A snapshot sees one state of things.
constexpr const char* kReading =
    "SET jit = off; SET plan_cache_mode = force_custom_plan; SET default_transaction_read_only = on; "
    "SET default_transaction_isolation = 'repeatable read'; SET statement_timeout = '60s'; "
    "SET idle_in_transaction_session_timeout = '120s'";

// A channel for each schema; a name of its own for each process that opens it.
Result<NoticeName> notice_name(Connection& db) {
  auto row = db.prepare("SELECT current_schema()");
  std::string schema;
  if (row.query().next()) schema = row.text(0);
  TOCSIN_CHECK(row.status());
  return NoticeName{"tocsin_" + to_hex(hash64(schema)), JobId::make(SystemClock().now()).str()};
}

class PostgresDatabase final : public Database {
 public:
  static Result<std::unique_ptr<Database>> open(const PostgresOptions& options) {
    std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(options));
    TOCSIN_TRY(writing, PgConnection::open(options.url, PostgresWriter::session()));
    TOCSIN_CHECK(migrate_postgres(*writing, postgres_migrations().size()));
    TOCSIN_TRY(name, notice_name(*writing));
    TOCSIN_TRY(readers, ReaderPool::open(
                            options.readers, [url = options.url] { return open_reader(url); }, [] {}));
    database->readers_ = std::move(readers);
    database->process_ = name.origin;
    database->writer_ =
        std::make_unique<PostgresWriter>(database->options_, database->rules_, database->clock(),
                                         std::move(writing), database->appender_, name);
    database->listener_ = std::make_unique<NoticeListener>(options.url, name.channel, name.origin);
    TOCSIN_CHECK(database->writer_->start([indexer = &database->indexer_] { indexer->wake(); }));
    database->people_ = std::make_unique<SqlPeopleStore>(database->clock(), *database->readers_,
                                                         TenantWriter(*database->writer_, kDefaultTenant));
    database->indexer_.start();
    return std::unique_ptr<Database>(std::move(database));
  }
  ~PostgresDatabase() override { close(); }

  TenantStore& tenant(TenantId tenant) override {
    const std::lock_guard lock(mutex_);
    auto& store = tenants_[tenant.value];
    if (!store) {
      store = std::make_unique<PostgresTenantStore>(
          Parts{postgres_dialect(), rules_, clock(), *readers_, {*writer_, tenant}}, tenant, appender_);
    }
    return *store;
  }
  PeopleStore& people() override { return *people_; }
  void close() override {
    if (writer_) writer_->close();
    indexer_.close();
    if (listener_) listener_->close();
  }
  Result<std::vector<ChainEnd>> chain_ends() const override {
    TOCSIN_TRY(db, readers_->take());
    return store::chain_ends(*db);
  }
  std::string trouble() const override { return writer_->trouble(); }
  std::string process() const override { return process_; }
  Result<void> listen(NoticeHandler handler) override { return listener_->start(std::move(handler)); }
  Result<void> backup(const std::string&) override {
    return error(ErrorKind::kUnsupported, "back up the database", "it is PostgreSQL's",
                 "Use pg_dump or pg_basebackup");
  }

 private:
  explicit PostgresDatabase(const PostgresOptions& options)
      : options_(options),
        rules_{options.dedup_window, options.idempotency_kept, options.dead_letters_kept},
        indexer_(options.url) {}
  const Clock& clock() const { return options_.clock != nullptr ? *options_.clock : system_clock_; }
  static Result<std::unique_ptr<Connection>> open_reader(const std::string& url) {
    TOCSIN_TRY(db, PgConnection::open(url, kReading));
    return std::unique_ptr<Connection>(std::move(db));
  }

  const PostgresOptions options_;
  const WriteRules rules_;
  const SystemClock system_clock_;
  std::string process_;
  GroupAppender appender_;
  SearchIndexer indexer_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<PostgresWriter> writer_;
  std::unique_ptr<NoticeListener> listener_;
  std::unique_ptr<SqlPeopleStore> people_;
  std::mutex mutex_;
  std::map<std::int64_t, std::unique_ptr<PostgresTenantStore>> tenants_;
};

}  // namespace

bool is_postgres_url(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options) {
  return PostgresDatabase::open(options);
}

}  // namespace tocsin::store
