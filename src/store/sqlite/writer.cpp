#include "store/sqlite/writer.h"

#include <algorithm>

#include "base/this_thread.h"

namespace tocsin::store {
SqliteWriter::SqliteWriter(const SqliteOptions& options, const WriteRules& rules, const Clock& clock,
                           std::unique_ptr<SqliteConnection> connection,
                           std::unique_ptr<IngestJournal> journal, IngestState& state)
    : options_(options),
      rules_(rules),
      clock_(clock),
      db_(std::move(connection)),
      state_(state),
      open_groups_(*db_, state, counters_, ingested_, options_, rules, std::move(journal)),
      background_(*db_, state, options_) {}

Result<void> SqliteWriter::start() {
  TOCSIN_CHECK(open_groups_.recover());
  thread_ = std::thread([this] { loop(); });
  return {};
}

SqliteWriter::~SqliteWriter() {
  close();
}

void SqliteWriter::submit(Work work) {
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

void SqliteWriter::settle() {
  if (!open_groups_.any() || std::this_thread::get_id() == thread_.get_id()) return;
  std::unique_lock lock(mutex_);
  if (closed_) return;
  const auto ticket = ++settle_wanted_;
  arrived_.notify_one();
  settled_one_.wait(lock, [&] { return settled_ >= ticket; });
}

void SqliteWriter::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::string SqliteWriter::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool SqliteWriter::has_work() const {
  const std::lock_guard lock(mutex_);
  return closed_ || !queue_.empty();
}

WriteContext SqliteWriter::context() {
  return {*db_, counters_, ingested_, state_.names, rules_, clock_.now(), nullptr};
}

SqliteWriter::Group SqliteWriter::take(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, timeout, [&] { return closed_ || !queue_.empty() || settle_wanted_ > settled_; });
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

void SqliteWriter::loop() {
  name_this_thread("store-writer");
  bool more_to_do = true;
  auto timeout = options_.idle_after;
  const auto interrupted = [this] { return has_work(); };
  for (;;) {
    auto group = take(timeout);
    timeout = options_.idle_after;
    if (!group.empty()) {
      commit(group);
      group.clear();
      if (open_groups_.worth_a_commit() || settle_is_wanted()) commit_open_groups();
      if (!db_->in_transaction()) background_.between_groups();
      more_to_do = true;
      continue;
    }
    commit_open_groups();
    {
      const std::lock_guard lock(mutex_);
      if (closed_ && queue_.empty() && settled_ == settle_wanted_) return;
    }
    if (!trouble().empty()) {
      probe();
      timeout = options_.probe_every;
    } else if (more_to_do) {
      more_to_do = background_.when_idle(clock_.now(), interrupted);
      if (more_to_do) timeout = std::chrono::milliseconds(0);
    } else {
      more_to_do = background_.due(clock_.now());
    }
  }
}

bool SqliteWriter::settle_is_wanted() const {
  const std::lock_guard lock(mutex_);
  return settle_wanted_ > settled_;
}

void SqliteWriter::commit_open_groups() {
  std::uint64_t wanted = 0;
  {
    const std::lock_guard lock(mutex_);
    wanted = settle_wanted_;
  }
  if (open_groups_.any()) note_outcome(open_groups_.commit());
  {
    const std::lock_guard lock(mutex_);
    settled_ = wanted;
  }
  settled_one_.notify_all();
}

// Whether the group is answered: it held appends alone, and all went well.
bool SqliteWriter::append_together(Group& group) {
  if (!std::all_of(group.begin(), group.end(), [](const Work& work) { return work.appended != nullptr; })) {
    return false;
  }
  auto outcomes = run_appends(group);
  if (!outcomes) {
    open_groups_.abandon();
    return false;
  }
  note_outcome({});
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move((*outcomes)[i]));
  return true;
}

Result<SqliteWriter::Outcomes> SqliteWriter::run_appends(Group& group) {
  TOCSIN_CHECK(open_groups_.begin());
  auto write = context();
  Outcomes outcomes;
  std::vector<std::shared_ptr<const PreparedBatch>> batches;
  for (auto& work : group) {
    write.origin = &work.origin;
    auto outcome = work.run(write);
    if (!outcome && !callers_mistake(outcome.error().kind)) return std::move(outcome).error();
    if (outcome) batches.push_back(work.appended);
    outcomes.push_back(std::move(outcome));
  }
  TOCSIN_CHECK(open_groups_.end(batches, write.now));
  return outcomes;
}

void SqliteWriter::commit(Group& group) {
  if (append_together(group)) return;
  if (auto committed = open_groups_.commit(); !committed) {
    note_outcome(committed);
    for (auto& work : group) work.done(committed.error());
    return;
  }
  auto outcomes = run_together(group);
  if (!outcomes && outcomes.error().kind == ErrorKind::kInternal) outcomes = run_one_by_one(group);
  note_outcome(outcomes ? Result<void>() : Result<void>(outcomes.error()));
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i].done(outcomes ? std::move((*outcomes)[i]) : Result<void>(outcomes.error()));
  }
}

Result<SqliteWriter::Outcomes> SqliteWriter::run_together(Group& group) {
  const auto mark = state_.mark();
  auto write = context();
  Outcomes outcomes;
  auto result = db_->exec("BEGIN IMMEDIATE");
  for (auto it = group.begin(); result && it != group.end(); ++it) {
    write.origin = &it->origin;
    auto outcome = it->run(write);
    if (!outcome && !callers_mistake(outcome.error().kind)) result = outcome;
    outcomes.push_back(std::move(outcome));
  }
  if (result) result = finish_transaction();
  if (result) return outcomes;
  roll_back(mark);
  return std::move(result).error();
}

Result<SqliteWriter::Outcomes> SqliteWriter::run_one_by_one(Group& group) {
  const auto mark = state_.mark();
  Outcomes outcomes;
  auto result = db_->exec("BEGIN IMMEDIATE");
  for (auto it = group.begin(); result && it != group.end(); ++it) {
    auto outcome = run_guarded(*it);
    if (!outcome && outcome.error().kind == ErrorKind::kStorageFull) result = outcome;
    outcomes.push_back(std::move(outcome));
  }
  if (result) result = finish_transaction();
  if (result) return outcomes;
  roll_back(mark);
  return std::move(result).error();
}

Result<void> SqliteWriter::run_guarded(Work& work) {
  const auto mark = state_.mark();
  TOCSIN_CHECK(db_->exec("SAVEPOINT work"));
  auto write = context();
  write.origin = &work.origin;
  auto outcome = work.run(write);
  if (outcome) outcome = ingested_.write(*db_);
  if (outcome) outcome = counters_.write(*db_);
  if (!outcome) {
    counters_.clear();
    ingested_.clear();
    state_.roll_back(mark);
    TOCSIN_CHECK(db_->exec("ROLLBACK TO work"));
  }
  TOCSIN_CHECK(db_->exec("RELEASE work"));
  return outcome;
}

Result<void> SqliteWriter::finish_transaction() {
  TOCSIN_CHECK(ingested_.write(*db_));
  TOCSIN_CHECK(counters_.write(*db_));
  return db_->exec("COMMIT");
}

void SqliteWriter::roll_back(const IngestState::Mark& mark) {
  counters_.clear();
  ingested_.clear();
  state_.roll_back(mark);
  if (db_->in_transaction()) (void)db_->exec("ROLLBACK");
}

void SqliteWriter::note_outcome(const Result<void>& result) {
  const std::lock_guard lock(mutex_);
  if (result) {
    trouble_.clear();
  } else if (trouble_.empty() && result.error().kind == ErrorKind::kStorageFull) {
    trouble_ = "disk full since " + to_rfc3339(clock_.now()) + ": " + result.error().message;
  }
}

// Enough bytes that they do not fit into what is left of a page.
void SqliteWriter::probe() {
  auto result = db_->exec("BEGIN IMMEDIATE; INSERT INTO probe (bytes) VALUES (zeroblob(131072)); COMMIT");
  if (result) result = db_->exec("DELETE FROM probe");
  if (!result && db_->in_transaction()) (void)db_->exec("ROLLBACK");
  note_outcome(result);
}

}  // namespace tocsin::store
