#include "store/postgres/search_indexer.h"

#include "base/this_thread.h"
#include "store/postgres/alert_read.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kTextsPerStep = 2'000;
constexpr auto kLookEvery = std::chrono::seconds(1);  // for what other processes left

constexpr const char* kSession = "SET jit = off; SET enable_seqscan = off; SET synchronous_commit = off";

constexpr std::string_view kBehind =
    "SELECT l.tenant, coalesce(w.seq, 0), l.last_seq FROM tenant_locks AS l LEFT JOIN watermarks AS w ON "
    "w.tenant = l.tenant AND w.name = 'search' WHERE l.last_seq > coalesce(w.seq, 0) AND l.retired = 0 ORDER "
    "BY l.tenant LIMIT 64";

struct Behind {
  TenantId tenant;
  model::Seq from = 0;
  model::Seq last = 0;
};

// Of this schema. One process at a time writes words, or takes away what is not indexed yet.
constexpr std::string_view kTurn = "hashtextextended('tocsin search ' || current_schema(), 0))";

}  // namespace

Result<void> hold_search(Connection& db) {
  return db.prepare(join_sql({"SELECT pg_advisory_xact_lock(", kTurn})).run();
}

void SearchIndexer::start() {
  thread_ = std::thread([this] { loop(); });
}

void SearchIndexer::wake() {
  {
    const std::lock_guard lock(mutex_);
    work_ = true;
  }
  woken_.notify_one();
}

void SearchIndexer::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  woken_.notify_one();
  if (thread_.joinable()) thread_.join();
}

// False when it is time to end.
bool SearchIndexer::wait() {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, kLookEvery, [&] { return closed_ || work_; });
  work_ = false;
  return !closed_;
}

void SearchIndexer::loop() {
  name_this_thread("store-search");
  while (wait()) {
    const auto more = step();
    if (more && *more) wake();
  }
}

// True when there is more to do. What fails is tried again with the next look.
Result<bool> SearchIndexer::step() {
  if (!db_ || !db_->usable()) {
    TOCSIN_TRY(fresh, PgConnection::open(url_, kSession));
    db_ = std::move(fresh);
  }
  TOCSIN_CHECK(db_->exec("BEGIN"));
  auto more = index_some();
  if (more) {
    TOCSIN_CHECK(db_->exec("COMMIT"));
  } else if (db_->usable()) {
    (void)db_->exec("ROLLBACK");
  }
  return more;
}

Result<bool> SearchIndexer::take_turn() {
  auto row = db_->prepare(join_sql({"SELECT pg_try_advisory_xact_lock(", kTurn}));
  const bool ours = row.query().next() && row.int64(0) != 0;
  TOCSIN_CHECK(row.status());
  return ours;
}

Result<bool> SearchIndexer::index_some() {
  TOCSIN_TRY(ours, take_turn());
  if (!ours) return false;
  std::vector<Behind> behind;
  auto rows = db_->prepare(kBehind);
  rows.query();
  while (rows.next()) behind.push_back({TenantId{rows.int64(0)}, rows.int64(1), rows.int64(2)});
  TOCSIN_CHECK(rows.status());
  for (const auto& [tenant, from, last] : behind) TOCSIN_CHECK(index(tenant, from, last));
  return !behind.empty();
}

// `last`: the tenant's newest number when its row was read. What is missing up to there is gone for good.
Result<void> SearchIndexer::index(TenantId tenant, model::Seq from, model::Seq last) {
  std::vector<model::Seq> seqs;
  auto rows = db_->prepare("SELECT seq FROM alerts WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
  rows.query(tenant.value, from, kTextsPerStep);
  while (rows.next()) seqs.push_back(rows.int64(0));
  TOCSIN_CHECK(rows.status());
  if (!seqs.empty()) TOCSIN_CHECK(add_words(tenant, seqs));
  if (seqs.size() == kTextsPerStep || (!seqs.empty() && seqs.back() > last)) last = seqs.back();
  return db_
      ->prepare(
          "INSERT INTO watermarks (tenant, name, seq) VALUES (?1, 'search', ?2) ON CONFLICT (tenant, name) "
          "DO UPDATE SET seq = excluded.seq")
      .run(tenant.value, last);
}

Result<void> SearchIndexer::add_words(TenantId tenant, std::span<const model::Seq> seqs) {
  TOCSIN_TRY(alerts, postgres::load_alerts(*db_, tenant, seqs));
  TOCSIN_CHECK(postgres::load_documents(*db_, tenant, alerts));
  std::string texts;  // a line each: words hold no control characters
  for (const auto& stored : alerts) {
    const auto words = search_words(stored.alert);
    if (!texts.empty()) texts += '\n';
    texts += words.size() > 2 ? std::string_view(words).substr(1, words.size() - 2) : std::string_view("-");
  }
  auto insert = db_->prepare(
      "INSERT INTO alert_text (tenant, seq, words) SELECT ?1, t.seq, "
      "array_to_tsvector(string_to_array(t.words, "
      "' ')) FROM unnest(?2::text::int8[], string_to_array(?3, chr(10))) AS t (seq, words) ON CONFLICT DO "
      "NOTHING");
  return insert.run(tenant.value, postgres::array_text(seqs), texts);
}

}  // namespace tocsin::store
