#include <random>

#include "store/audit_entries.h"
#include "store/sqlite/alert_list.h"
#include "store/sqlite/operation_stores.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kListName = "jobs";
constexpr std::string_view kSelect =
    "SELECT number, id, kind, payload, dedupe_key, urgency, state, attempts, max_attempts, run_at, "
    "lease_until, last_error "
    "FROM jobs ";
constexpr auto kFirstBackoff = std::chrono::seconds(2);
constexpr auto kLongestBackoff = std::chrono::hours(1);
constexpr std::size_t kLeasedAtOnce = 1000;

Job read_job(const Statement& row) {
  Job job;
  job.id = JobId::parse(row.text(1)).value_or(JobId());
  job.kind = row.text(2);
  job.payload = row.text(3);
  job.dedupe_key = row.text(4);
  job.urgency = row.integer(5);
  job.state = static_cast<JobState>(row.integer(6));
  job.attempts = row.integer(7);
  job.max_attempts = row.integer(8);
  job.run_at = row.time(9);
  job.lease_until = row.time(10);
  job.last_error = row.text(11);
  return job;
}

Result<Job> get_job(Connection& db, TenantId tenant, const JobId& id, std::string_view lock = {}) {
  auto row = db.prepare(join_sql({kSelect, "WHERE tenant = ?1 AND id = ?2", lock}));
  if (row.query(tenant.value, id.str()).next()) return read_job(row);
  TOCSIN_CHECK(row.status());
  return error(ErrorKind::kNotFound, "find job", "there is no job " + id.str());
}

// Doubled with each attempt; half of it by chance, so that jobs that failed together do not return together.
Nanos backoff(int attempts) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto doublings = std::clamp(attempts - 1, 0, 20);
  const auto full = std::min<Nanos>(Nanos(kFirstBackoff) * (1LL << doublings), kLongestBackoff);
  const auto half = full.count() / 2;
  return Nanos(half + std::uniform_int_distribution<std::int64_t>(0, half)(random));
}

// Waiting jobs of one kind and key are one: a job that comes back next to such a twin is dropped in its
// favour.
Result<bool> has_twin(Connection& db, TenantId tenant, const Job& job) {
  if (job.dedupe_key.empty()) return false;
  auto row = db.prepare(
      "SELECT 1 FROM jobs WHERE tenant = ?1 AND kind = ?2 AND dedupe_key = ?3 AND state = 0 AND dedupe_key "
      "IS NOT NULL "
      "AND id <> ?4");
  const bool found = row.query(tenant.value, job.kind, job.dedupe_key, job.id.str()).next();
  TOCSIN_CHECK(row.status());
  return found;
}

Result<void> set_state(Connection& db, TenantId tenant, const Job& job) {
  auto update = db.prepare(
      "UPDATE jobs SET state = ?3, attempts = ?4, run_at = ?5, lease_until = ?6, last_error = ?7 "
      "WHERE tenant = ?1 AND id = ?2");
  return update.run(tenant.value, job.id.str(), job.state, job.attempts, job.run_at, job.lease_until,
                    job.last_error);
}

Result<void> back_to_waiting(Connection& db, TenantId tenant, Job job, Timestamp run_at) {
  TOCSIN_TRY(twin, has_twin(db, tenant, job));
  job.state = twin ? JobState::kDone : JobState::kWaiting;
  job.run_at = run_at;
  return set_state(db, tenant, job);
}

// A lease that ran out counts as a failed attempt.
Result<void> expire_leases(Connection& db, TenantId tenant, Timestamp now, std::string_view lock) {
  std::vector<Job> expired;
  auto rows = db.prepare(
      join_sql({kSelect, "WHERE tenant = ?1 AND state = 1 AND lease_until <= ?2 LIMIT 1000", lock}));
  rows.query(tenant.value, now);
  while (rows.next()) expired.push_back(read_job(rows));
  TOCSIN_CHECK(rows.status());
  for (auto& job : expired) {
    job.last_error = "the lease ran out";
    job.state = JobState::kDead;
    TOCSIN_CHECK(job.attempts >= job.max_attempts ? set_state(db, tenant, job)
                                                  : back_to_waiting(db, tenant, job, now));
  }
  return {};
}

SqlText due_jobs(TenantId tenant, std::span<const std::string> kinds, Timestamp now, std::size_t limit) {
  SqlText text;
  text.sql = join_sql({kSelect, "WHERE tenant = "}) + text.bind(tenant.value) +
             " AND state = 0 AND run_at <= " + text.bind(to_unix_nanos(now)) + " AND kind IN (";
  for (std::size_t i = 0; i < kinds.size(); ++i) text.sql += (i == 0 ? "" : ", ") + text.bind(kinds[i]);
  text.sql += ") ORDER BY urgency DESC, number LIMIT " + text.bind(static_cast<std::int64_t>(limit));
  return text;
}

}  // namespace

Result<JobId> SqliteJobStore::enqueue(Job job) {
  return parts_.writer.wait<JobId>([&](WriteContext& context) -> Result<JobId> {
    if (!job.dedupe_key.empty()) {
      auto row = context.db.prepare(
          "SELECT id FROM jobs WHERE tenant = ?1 AND kind = ?2 AND dedupe_key = ?3 AND state = 0 AND "
          "dedupe_key IS NOT NULL");
      if (row.query(tenant_.value, job.kind, job.dedupe_key).next())
        return JobId::parse(row.text(0)).value_or(JobId());
      TOCSIN_CHECK(row.status());
    }
    const auto id = job.id.empty() ? JobId::make(context.now) : job.id;
    auto insert = context.db.prepare(
        "INSERT INTO jobs (tenant, id, kind, payload, dedupe_key, urgency, state, attempts, max_attempts, "
        "run_at, "
        "lease_until, last_error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, 0, '')");
    const auto key = job.dedupe_key.empty() ? std::nullopt : std::optional(job.dedupe_key);
    const auto run_at = job.run_at == Timestamp{} ? context.now : job.run_at;
    TOCSIN_CHECK(insert.run(tenant_.value, id.str(), job.kind, job.payload, key, job.urgency,
                            job.max_attempts, run_at));
    auto stored = job;
    stored.id = id;
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of_enqueue(stored)));
    return id;
  });
}

// Pollers ask often and mostly in vain: that is found without troubling the writer.
Result<bool> SqliteJobStore::any_due(std::span<const std::string> kinds) const {
  const auto now = parts_.clock.now();
  TOCSIN_TRY(db, parts_.readers.take());
  const auto text = due_jobs(tenant_, kinds, now, 1);
  auto due = db->prepare(text.sql);
  if (due.query_values(text.values).next()) return true;
  TOCSIN_CHECK(due.status());
  auto expired =
      db->prepare("SELECT 1 FROM jobs WHERE tenant = ?1 AND state = 1 AND lease_until <= ?2 LIMIT 1");
  const bool any = expired.query(tenant_.value, now).next();
  TOCSIN_CHECK(expired.status());
  return any;
}

Result<std::vector<Job>> SqliteJobStore::lease(std::span<const std::string> kinds, std::size_t limit,
                                               std::chrono::seconds lease) {
  std::vector<Job> none;
  if (kinds.empty()) return none;
  TOCSIN_TRY(due, any_due(kinds));
  if (!due) return none;
  limit = std::min(limit, kLeasedAtOnce);
  // Other processes lease beside us: each takes what the others have not locked.
  return parts_.writer.unheld().wait<std::vector<Job>>(
      [&](WriteContext& context) -> Result<std::vector<Job>> {
        TOCSIN_CHECK(expire_leases(context.db, tenant_, context.now, parts_.dialect.lock_free_rows));
        std::vector<Job> jobs;
        auto text = due_jobs(tenant_, kinds, context.now, limit);
        text.sql += parts_.dialect.lock_free_rows;
        auto rows = context.db.prepare(text.sql);
        rows.query_values(text.values);
        while (rows.next()) jobs.push_back(read_job(rows));
        TOCSIN_CHECK(rows.status());
        for (auto& job : jobs) {
          job.state = JobState::kLeased;
          job.lease_until = context.now + lease;
          ++job.attempts;
          TOCSIN_CHECK(set_state(context.db, tenant_, job));
        }
        return jobs;
      },
      limit);
}

Result<void> SqliteJobStore::complete(const JobId& id) {
  return parts_.writer.unheld().wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(job, get_job(context.db, tenant_, id, parts_.dialect.lock_rows));
    job.state = JobState::kDone;
    job.run_at = context.now;
    return set_state(context.db, tenant_, job);
  });
}

Result<void> SqliteJobStore::fail(const JobId& id, std::string_view why) {
  return parts_.writer.unheld().wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(job, get_job(context.db, tenant_, id, parts_.dialect.lock_rows));
    job.last_error = why.substr(0, 4096);
    job.state = JobState::kDead;
    if (job.attempts >= job.max_attempts) return set_state(context.db, tenant_, job);
    return back_to_waiting(context.db, tenant_, job, context.now + backoff(job.attempts));
  });
}

Result<void> SqliteJobStore::retry(const JobId& id) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(job, get_job(context.db, tenant_, id));
    if (job.state != JobState::kDead) {
      return error(ErrorKind::kConflict, "retry job", "job " + id.str() + " is not dead");
    }
    auto after = job;
    after.attempts = 0;
    after.state = JobState::kWaiting;
    TOCSIN_CHECK(back_to_waiting(context.db, tenant_, after, context.now));
    return write_audit(context, tenant_, audit_of_retry(job, after));
  });
}

Result<void> SqliteJobStore::discard(const JobId& id) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(job, get_job(context.db, tenant_, id));
    if (job.state != JobState::kWaiting && job.state != JobState::kDead) {
      return error(ErrorKind::kConflict, "discard job",
                   "job " + id.str() + (job.state == JobState::kDone ? " is done" : " is at work"),
                   "Only a job that waits or that failed for good can be discarded");
    }
    TOCSIN_CHECK(
        context.db.prepare("DELETE FROM jobs WHERE tenant = ?1 AND id = ?2").run(tenant_.value, id.str()));
    return write_audit(context, tenant_, audit_of_discard(job));
  });
}

Result<Page<Job>> SqliteJobStore::list(std::optional<JobState> state, std::string_view cursor,
                                       std::size_t limit) const {
  Cursor from{0, std::numeric_limits<std::int64_t>::max()};
  if (!cursor.empty()) {
    TOCSIN_TRY(decoded, decode_cursor(kListName, cursor));
    from = decoded;
  }
  limit = std::clamp<std::size_t>(limit, 1, 1000);
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  Page<Job> page;
  auto rows = db->prepare(join_sql(
      {kSelect,
       "WHERE tenant = ?1 AND (?2 IS NULL OR state = ?2) AND number < ?3 ORDER BY number DESC LIMIT ?4"}));
  rows.query(tenant_.value, state, from.seq, limit + 1);
  std::int64_t last = 0;
  while (rows.next()) {
    if (page.items.size() == limit) {
      page.next_cursor = encode_cursor(kListName, {0, last});
      break;
    }
    page.items.push_back(read_job(rows));
    last = rows.int64(0);
  }
  TOCSIN_CHECK(rows.status());
  auto counted = db->prepare(
      "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE tenant = ?1 AND (?2 IS NULL OR state = ?2) LIMIT ?3) "
      "AS counted");
  if (counted.query(tenant_.value, state, kCountedAtMost + 1).next()) page.total = counted.int64(0);
  page.total_capped = page.total > kCountedAtMost;
  page.total = std::min(page.total, kCountedAtMost);
  TOCSIN_CHECK(counted.status());
  return page;
}

}  // namespace tocsin::store
