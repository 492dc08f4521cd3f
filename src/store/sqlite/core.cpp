#include "store/sqlite/core.h"

namespace tocsin::store {
namespace {

constexpr int kReaderCacheKib = 4096;
constexpr auto kWaitForReader = std::chrono::seconds(10);

}  // namespace

ReaderPool::Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

Result<std::unique_ptr<ReaderPool>> ReaderPool::open(const SqliteOptions& options,
                                                     std::function<void()> before_read) {
  auto pool = std::make_unique<ReaderPool>();
  pool->before_read_ = std::move(before_read);
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    TOCSIN_TRY(connection, Connection::open(options.file, {.read_only = true, .cache_kib = kReaderCacheKib}));
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
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return Lease(*this, std::move(connection));
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
      "ON CONFLICT DO UPDATE SET value = value + excluded.value");
  for (const auto& [key, delta] : deltas_) {
    if (delta == 0) continue;
    TOCSIN_CHECK(upsert.run(std::get<0>(key), std::get<1>(key), std::get<2>(key), delta));
  }
  deltas_.clear();
  return {};
}

void CountedNames::know(TenantId tenant, Counter counter, std::string_view name) {
  known_[{tenant.value, counter}].emplace(std::string(name), true);
}

std::string_view CountedNames::counted_as(TenantId tenant, Counter counter, std::string_view name) {
  auto& names = known_[{tenant.value, counter}];
  if (names.contains(name)) return name;
  if (names.size() >= kCountedNames) return kOthers;
  names.emplace(std::string(name), true);
  return name;
}

void IngestState::roll_back(const Mark& mark) {
  tail.remove_from(mark.last_seq + 1);
  last_seq = mark.last_seq;
  last_block = mark.last_block;
  last_event = mark.last_event;
}

}  // namespace tocsin::store
