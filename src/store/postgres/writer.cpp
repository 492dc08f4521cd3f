#include "store/postgres/writer.h"

#include <algorithm>

#include "base/this_thread.h"

namespace tocsin::store {
namespace {

constexpr auto kPruneEvery = std::chrono::minutes(10);
constexpr auto kDoneJobsKept = std::chrono::hours(24);
constexpr auto kReconnectFor = std::chrono::seconds(3);  // while a group waits
constexpr auto kReconnectStep = std::chrono::milliseconds(50);

bool is_append(const Writer::Work& work) {
  return work.appended != nullptr;
}

// What the planner cannot know of a table that grows by thousands a second: its statements find rows by their
// keys.
constexpr const char* kSession =
    "SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
    "SET lock_timeout = '20s'; SET idle_in_transaction_session_timeout = '60s'; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN "
    "('off', 'local')";

std::string array_of(const std::vector<std::int64_t>& numbers) {
  std::string text = "{";
  for (const auto number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
  return text + "}";
}

}  // namespace

const char* PostgresWriter::session() {
  return kSession;
}

PostgresWriter::PostgresWriter(const PostgresOptions& options, const WriteRules& rules, const Clock& clock,
                               std::unique_ptr<PgConnection> connection, GroupAppender& appender,
                               NoticeName name)
    : options_(options),
      rules_(rules),
      clock_(clock),
      db_(std::move(connection)),
      appender_(appender),
      channel_(std::move(name.channel)),
      origin_(std::move(name.origin)) {}

Result<void> PostgresWriter::start(std::function<void()> stored) {
  stored_ = std::move(stored);
  TOCSIN_CHECK(names_.load(*db_));
  thread_ = std::thread([this] { loop(); });
  return {};
}

PostgresWriter::~PostgresWriter() {
  close();
}

void PostgresWriter::submit(Work work) {
  bool closed = false;
  {
    const std::lock_guard lock(mutex_);
    closed = closed_;
    const bool full = !queue_.empty() && (queued_rows_ + work.rows > options_.queue_rows ||
                                          queued_bytes_ + work.bytes > options_.queue_bytes);
    if (!closed && !full) {
      queued_rows_ += work.rows;
      queued_bytes_ += work.bytes;
      queue_.push_back(std::move(work));
      arrived_.notify_one();
      return;
    }
  }
  if (closed) return work.done(error(ErrorKind::kUnavailable, "write to the database", "it is closing"));
  work.done(error(ErrorKind::kBusy, "write to the database", "too many writes are waiting",
                  "Try again in a second"));
}

void PostgresWriter::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::string PostgresWriter::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

WriteContext PostgresWriter::context() {
  return {*db_, counters_, ingested_, names_, rules_, clock_.now(), nullptr, &changes_, origin_};
}

PostgresWriter::Group PostgresWriter::take() {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, options_.probe_every, [&] { return closed_ || !queue_.empty(); });
  Group group;
  std::size_t rows = 0;
  while (!queue_.empty() && (group.empty() || rows + queue_.front().rows <= options_.group_rows)) {
    rows += queue_.front().rows;
    queued_rows_ -= queue_.front().rows;
    queued_bytes_ -= queue_.front().bytes;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void PostgresWriter::loop() {
  name_this_thread("store-writer");
  for (;;) {
    auto group = take();
    if (!group.empty()) {
      commit(group);
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      if (closed_ && queue_.empty()) return;
    }
    if (!trouble().empty()) note_outcome(connect());
    prune();
  }
}

void PostgresWriter::commit(Group& group) {
  auto outcomes = run(group);
  if (outcomes && std::any_of(group.begin(), group.end(), is_append)) stored_();
  note_outcome(outcomes ? Result<void>() : Result<void>(outcomes.error()));
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i].done(outcomes ? std::move((*outcomes)[i]) : Result<void>(outcomes.error()));
  }
}

// A connection that breaks costs one more try, and only when the transaction did not come through.
Result<PostgresWriter::Outcomes> PostgresWriter::run(Group& group) {
  TOCSIN_CHECK(connect());
  for (bool again = true;; again = false) {
    Outcomes outcomes;
    auto result = transact(group, outcomes, &PostgresWriter::run_together);
    if (!result && result.error().kind == ErrorKind::kInternal && db_->usable())
      result = transact(group, outcomes, &PostgresWriter::run_one_by_one);
    if (result) return outcomes;
    if (db_->usable() || !again) return std::move(result).error();
    const bool in_doubt = committing_;
    TOCSIN_CHECK(connect());
    if (!in_doubt) continue;
    TOCSIN_TRY(stored, came_through());
    if (stored) return outcomes;
  }
}

Result<void> PostgresWriter::transact(Group& group, Outcomes& outcomes, Way way) {
  outcomes.clear();
  auto result = begin(group);
  if (result) result = (this->*way)(group, outcomes);
  if (result) result = finish_transaction();
  if (!result) roll_back();
  return result;
}

// Appends that stand behind each other are one: their keys are looked up and their rows sent together.
Result<void> PostgresWriter::run_together(Group& group, Outcomes& outcomes) {
  auto write = context();
  for (auto it = group.begin(); it != group.end();) {
    const auto end = is_append(*it) ? std::find_if_not(it, group.end(), is_append) : it + 1;
    std::vector<const PreparedBatch*> batches;
    for (auto append = it; is_append(*it) && append != end; ++append) {
      if (!is_retired(*append)) batches.push_back(append->appended.get());
    }
    if (!batches.empty()) TOCSIN_CHECK(appender_.append(batches, write));
    for (; it != end; ++it) {
      auto outcome = run_work(*it, write);
      if (!outcome && !callers_mistake(outcome.error().kind)) return outcome;
      outcomes.push_back(std::move(outcome));
    }
  }
  return {};
}

Result<void> PostgresWriter::run_work(Work& work, WriteContext& write) {
  if (is_retired(work))
    return error(ErrorKind::kNotFound, "write to the database", "there is no such tenant",
                 "It was deleted: GET /api/v1/session lists yours");
  write.origin = &work.origin;
  return work.run(write);
}

Result<void> PostgresWriter::run_one_by_one(Group& group, Outcomes& outcomes) {
  for (auto& work : group) {
    auto outcome = run_guarded(work);
    if (!outcome && (!db_->usable() || outcome.error().kind == ErrorKind::kStorageFull)) return outcome;
    outcomes.push_back(std::move(outcome));
  }
  return {};
}

Result<void> PostgresWriter::run_guarded(Work& work) {
  TOCSIN_CHECK(db_->exec("SAVEPOINT work"));
  const auto held = appender_.held();
  auto write = context();
  Result<void> outcome;
  if (is_append(work) && !is_retired(work))
    outcome = appender_.append(std::vector{work.appended.get()}, write);
  if (outcome) outcome = run_work(work, write);
  if (outcome) outcome = write_gathered();
  if (!outcome) {
    forget_gathered();
    appender_.hold_again(held);
    TOCSIN_CHECK(db_->exec("ROLLBACK TO work"));
  }
  TOCSIN_CHECK(db_->exec("RELEASE work"));
  return outcome;
}

Result<void> PostgresWriter::begin(const Group& group) {
  committing_ = false;
  retired_.clear();
  forget_gathered();
  std::vector<std::int64_t> tenants;
  for (const auto& work : group) {
    if (work.tenant != kUnheld) tenants.push_back(work.tenant.value);
  }
  std::sort(tenants.begin(), tenants.end());
  tenants.erase(std::unique(tenants.begin(), tenants.end()), tenants.end());
  TOCSIN_CHECK(db_->exec("BEGIN"));
  return hold_tenants(std::move(tenants));
}

Result<void> PostgresWriter::name_transaction() {
  auto row = db_->prepare("SELECT pg_current_xact_id()::text");
  if (row.query().next()) transaction_ = row.text(0);
  return row.status();
}

// In ascending order, so that two processes never wait for each other.
Result<void> PostgresWriter::hold_tenants(std::vector<std::int64_t> tenants) {
  if (tenants.empty()) return name_transaction();
  const auto list = array_of(tenants);
  for (bool first = true;; first = false) {
    appender_.begin();
    auto rows = db_->prepare(
        "SELECT tenant, last_seq, last_block, pg_current_xact_id()::text, retired FROM tenant_locks WHERE "
        "tenant = ANY(?1::text::int8[]) ORDER BY tenant FOR UPDATE");
    std::size_t held = 0;
    for (rows.query(list); rows.next(); ++held) {
      appender_.hold({rows.int64(0)}, {rows.int64(1), rows.int64(2)});
      transaction_ = rows.text(3);
      if (rows.int64(4) != 0) retired_.insert(rows.int64(0));
    }
    TOCSIN_CHECK(rows.status());
    if (held == tenants.size()) return {};
    if (!first) return error(ErrorKind::kInternal, "write to the database", "a tenant's row is missing");
    TOCSIN_CHECK(db_->prepare("INSERT INTO tenant_locks (tenant) SELECT t FROM unnest(?1::text::int8[]) AS t "
                              "ORDER BY t ON CONFLICT DO NOTHING")
                     .run(list));
  }
}

// What the works of a transaction share.
Result<void> PostgresWriter::write_gathered() {
  TOCSIN_CHECK(ingested_.write(*db_));
  return counters_.write(*db_);
}

// Listeners hear them when the transaction commits, and not otherwise.
Result<void> PostgresWriter::send_notices() {
  auto notify = db_->prepare("SELECT pg_notify(?1, ?2)");
  for (const auto& notice : changes_.notices()) {
    TOCSIN_CHECK(notify.run(channel_, encode_notice(notice, origin_)));
  }
  changes_.clear();
  return {};
}

void PostgresWriter::forget_gathered() {
  ingested_.clear();
  counters_.clear();
  changes_.clear();
}

Result<void> PostgresWriter::finish_transaction() {
  TOCSIN_CHECK(write_gathered());
  TOCSIN_CHECK(send_notices());
  committing_ = true;
  auto done = db_->exec("COMMIT");
  committing_ = !done && !db_->usable();
  return done;
}

void PostgresWriter::roll_back() {
  forget_gathered();
  if (db_->usable() && db_->in_transaction()) (void)db_->exec("ROLLBACK");
}

// Nothing when it stands. While the server is away, callers are told so at once, but for a try now and then.
Result<void> PostgresWriter::connect() {
  if (db_->usable()) return {};
  const auto started = std::chrono::steady_clock::now();
  if (!trouble().empty() && started - tried_at_ < options_.probe_every)
    return error(ErrorKind::kUnavailable, "write to the database", trouble(), "Try again in a second");
  const auto until = started + (trouble().empty() ? Nanos(kReconnectFor) : Nanos(0));
  for (;;) {
    auto fresh = PgConnection::open(options_.url, kSession);
    tried_at_ = std::chrono::steady_clock::now();
    if (fresh) {
      db_ = std::move(*fresh);
      return {};
    }
    if (tried_at_ >= until) return std::move(fresh).error();
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, kReconnectStep, [&] { return closed_; });
    if (closed_) return std::move(fresh).error();
  }
}

// Whether the transaction was committed whose answer got lost.
Result<bool> PostgresWriter::came_through() {
  const auto until = std::chrono::steady_clock::now() + kReconnectFor;
  for (;;) {
    auto row = db_->prepare("SELECT coalesce(pg_xact_status(?1::xid8), 'unknown')");
    std::string status;
    if (row.query(transaction_).next()) status = row.text(0);
    TOCSIN_CHECK(row.status());
    if (status == "committed") return true;
    if (status != "in progress") return false;
    if (std::chrono::steady_clock::now() > until)
      return error(ErrorKind::kUnavailable, "write to the database",
                   "it is not known yet whether it was stored",
                   "Send it again: what has an id of its own or an Idempotency-Key is stored once");
    std::this_thread::sleep_for(kReconnectStep);  // its session has not noticed yet that it lost us
  }
}

void PostgresWriter::note_outcome(const Result<void>& result) {
  const std::lock_guard lock(mutex_);
  if (result) {
    trouble_.clear();
    return;
  }
  const auto kind = result.error().kind;
  if (!trouble_.empty() || (kind != ErrorKind::kUnavailable && kind != ErrorKind::kStorageFull)) return;
  const char* what = kind == ErrorKind::kUnavailable ? "PostgreSQL is away since " : "disk full since ";
  trouble_ = what + to_rfc3339(clock_.now()) + ": " + result.error().message;
}

void PostgresWriter::prune() {
  const auto now = clock_.now();
  if (now - pruned_at_ < kPruneEvery || !db_->usable()) return;
  pruned_at_ = now;
  (void)db_->prepare("DELETE FROM idempotency WHERE created_at <= ?1").run(now - rules_.idempotency_kept);
  (void)db_->prepare("DELETE FROM jobs WHERE state = 2 AND run_at <= ?1").run(now - kDoneJobsKept);
}

}  // namespace tocsin::store
