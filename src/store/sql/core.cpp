#include "store/sql/core.h"

#include <future>

namespace tocsin::store {
namespace {

constexpr auto kWaitForReader = std::chrono::seconds(10);

}  // namespace

ReaderPool::Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

Result<std::unique_ptr<ReaderPool>> ReaderPool::open(std::size_t size, Open open_one,
                                                     std::function<void()> before_read) {
  auto pool = std::make_unique<ReaderPool>();
  pool->open_one_ = std::move(open_one);
  pool->before_read_ = std::move(before_read);
  for (std::size_t i = 0; i < std::max<std::size_t>(size, 1); ++i) {
    TOCSIN_TRY(connection, pool->open_one_());
    pool->idle_.push_back(std::move(connection));
  }
  return pool;
}

Result<ReaderPool::Lease> ReaderPool::take() {
  before_read_();
  std::unique_lock lock(mutex_);
  if (!freed_.wait_for(lock, kWaitForReader, [&] { return !idle_.empty(); })) {
    return error(ErrorKind::kBusy, "read the database", "all read connections are at work", "Try again");
  }
  Lease lease(*this, std::move(idle_.back()));
  idle_.pop_back();
  lock.unlock();
  if (!lease->usable()) TOCSIN_CHECK(lease.renew());
  return lease;
}

Result<void> ReaderPool::Lease::renew() {
  TOCSIN_TRY(fresh, pool_->open_one_());
  connection_ = std::move(fresh);
  return {};
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

void CounterDeltas::add(TenantId tenant, Counter counter, std::string_view name, std::int64_t delta) {
  deltas_[{tenant.value, static_cast<std::int64_t>(counter), std::string(name)}] += delta;
}

Result<void> CounterDeltas::write(Connection& db) {
  auto upsert = db.prepare(
      "INSERT INTO counters (tenant, kind, name, value) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (tenant, kind, name) DO UPDATE SET value = counters.value + excluded.value");
  for (const auto& [key, delta] : deltas_) {
    if (delta == 0) continue;
    TOCSIN_CHECK(upsert.run(std::get<0>(key), std::get<1>(key), std::get<2>(key), delta));
  }
  deltas_.clear();
  return {};
}

Result<void> CountedNames::load(Connection& db) {
  auto rows = db.prepare("SELECT tenant, kind, name FROM counters WHERE kind IN (?1, ?2)");
  rows.query(Counter::kAlertSource, Counter::kEventSource);
  while (rows.next())
    known_[{rows.int64(0), static_cast<Counter>(rows.int64(1))}].emplace(std::string(rows.text(2)), true);
  return rows.status();
}

std::string_view CountedNames::counted_as(TenantId tenant, Counter counter, std::string_view name) {
  auto& names = known_[{tenant.value, counter}];
  if (names.contains(name)) return name;
  if (names.size() >= kCountedNames) return kOthers;
  names.emplace(std::string(name), true);
  return name;
}

Result<std::vector<std::pair<std::string, std::int64_t>>> read_counters(Connection& db, TenantId tenant,
                                                                        Counter counter, std::size_t limit) {
  auto rows = db.prepare(
      "SELECT name, value FROM counters WHERE tenant = ?1 AND kind = ?2 AND value <> 0 ORDER BY value DESC, "
      "name LIMIT ?3");
  std::vector<std::pair<std::string, std::int64_t>> counters;
  rows.query(tenant.value, counter, limit);
  while (rows.next()) counters.emplace_back(std::string(rows.text(0)), rows.int64(1));
  TOCSIN_CHECK(rows.status());
  return counters;
}

Result<std::int64_t> number_for(Connection& db, std::string_view sql, TenantId tenant) {
  auto row = db.prepare(sql);
  std::int64_t value = 0;
  if (row.query(tenant.value).next()) value = row.int64(0);
  TOCSIN_CHECK(row.status());
  return value;
}

bool callers_mistake(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidSyntax:
    case ErrorKind::kInvalidInput:
    case ErrorKind::kNotFound:
    case ErrorKind::kConflict:
    case ErrorKind::kForbidden:
    case ErrorKind::kUnsupported:
      return true;
    default:
      return false;
  }
}

Result<void> TenantWriter::wait_for(std::function<Result<void>(WriteContext&)> write, std::size_t rows,
                                    std::size_t bytes) const {
  std::promise<Result<void>> promise;
  auto committed = promise.get_future();
  submit({std::move(write), [&](Result<void> result) { promise.set_value(std::move(result)); }, rows, bytes});
  return committed.get();
}

}  // namespace tocsin::store
