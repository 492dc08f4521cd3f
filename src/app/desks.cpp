#include "app/desks.h"

#include <algorithm>

#include "app/tenant_folder.h"
#include "base/this_thread.h"

namespace tocsin::app {
namespace {

// Alerts that nobody has correlated yet, or files that were taken and not read.
bool left_work(store::TenantStore& store) {
  const auto counts = store.counts();
  return counts && (counts->correlation_behind > 0 || counts->jobs_waiting > 0);
}

}  // namespace

Result<void> Desks::open() {
  TOCSIN_TRY(known, find_tenant(store::kDefaultTenant));
  std::unique_lock lock(mutex_);
  TOCSIN_TRY(desk, add(known, lock));
  default_ = desk;
  return {};
}

Result<void> Desks::start() {
  {
    const std::lock_guard lock(mutex_);
    started_ = true;
    for (const auto& [tenant, desk] : desks_) desk->start();
    meter_ = std::jthread([this](const std::stop_token& stop) { measure(stop); });
  }
  for (const auto& tenant : directory_.tenants()) {
    const store::TenantId id{tenant.number};
    if (tenant.suspended || !left_work(shared_.database.tenant(id))) continue;
    TOCSIN_CHECK(of(id));
  }
  return {};
}

Result<store::Tenant> Desks::find_tenant(store::TenantId tenant) const {
  auto known = directory_.tenant(tenant.value);
  if (known && !known->suspended) return *std::move(known);
  return error(ErrorKind::kNotFound, "find the tenant", "there is no such tenant",
               "GET /api/v1/session lists yours");
}

TenantDesk* Desks::open_desk(store::TenantId tenant) {
  const std::lock_guard lock(mutex_);
  const auto open = desks_.find(tenant);
  return open == desks_.end() ? nullptr : open->second.get();
}

Result<TenantDesk*> Desks::of(store::TenantId tenant) {
  TOCSIN_TRY(known, find_tenant(tenant));
  std::unique_lock lock(mutex_);
  opened_.wait(lock, [&] { return !opening_.contains(tenant); });
  if (const auto open = desks_.find(tenant); open != desks_.end()) return open->second.get();
  return add(known, lock);
}

// The lock is given up while the desk reads what its tenant has: the others are served meanwhile.
Result<TenantDesk*> Desks::add(const store::Tenant& known, std::unique_lock<std::mutex>& lock) {
  if (stopped_ || desks_.size() + opening_.size() >= kMaxOpen) {
    return error(ErrorKind::kUnavailable, "open the tenant",
                 stopped_ ? "the server is stopping"
                          : "this process serves " + std::to_string(kMaxOpen) + " tenants already",
                 "start another server on the same database for the others");
  }
  const store::TenantId tenant{known.number};
  opening_.insert(tenant);
  lock.unlock();
  auto desk = TenantDesk::open(shared_, tenant);
  if (desk) (*desk)->set_quota(known.alerts_per_second, known.storage_bytes);
  lock.lock();
  opening_.erase(tenant);
  opened_.notify_all();
  if (!desk) return desk.error();
  if (stopped_) return error(ErrorKind::kUnavailable, "open the tenant", "the server is stopping");
  if (started_) (*desk)->start();
  return desks_.emplace(tenant, *std::move(desk)).first->second.get();
}

std::vector<TenantDesk*> Desks::all() {
  const std::lock_guard lock(mutex_);
  std::vector<TenantDesk*> found;
  for (const auto& [tenant, desk] : desks_) found.push_back(desk.get());
  return found;
}

void Desks::stop_taking() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  if (meter_.joinable()) {
    meter_.request_stop();
    meter_.join();
  }
  const std::lock_guard ending(ending_);
  for (auto* desk : all()) desk->stop_taking();
}

void Desks::stop() {
  const std::lock_guard ending(ending_);
  for (auto* desk : all()) desk->stop();
}

// A commit for a tenant that nobody asked this process about opens its desk: it may be its turn to correlate.
void Desks::hear(const store::Notice& notice) {
  if (!notice.everything) {
    if (const auto desk = of(notice.tenant)) (*desk)->hear(notice);
    return;
  }
  for (auto* desk : all()) desk->hear(notice);
}

void Desks::tenants_changed() {
  for (const auto& known : directory_.tenants()) {
    if (auto* desk = open_desk({known.number})) desk->set_quota(known.alerts_per_second, known.storage_bytes);
  }
  for (auto* desk : all())
    desk->live().keep_only([this](const auto& caller) { return directory_.still_holds(caller); });
  end_deleted();
}

// A suspended tenant may come back; one that is not known any more was deleted, by another process.
void Desks::end_deleted() {
  std::vector<std::pair<store::TenantId, TenantDesk*>> deleted;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    for (const auto& [tenant, desk] : desks_)
      if (!directory_.tenant(tenant.value)) deleted.emplace_back(tenant, desk.get());
  }
  const std::lock_guard ending(ending_);
  for (const auto& [tenant, desk] : deleted) {
    desk->stop_taking();
    desk->stop();
    remove_files(tenant);
  }
}

// What this process remembers of the tenants may be wrong about one; the database is asked before files go.
void Desks::remove_files(store::TenantId tenant) {
  const auto known = shared_.database.people().tenants();
  if (!known) return;
  if (std::any_of(known->begin(), known->end(), [&](const auto& one) { return one.number == tenant.value; }))
    return;
  const bool removed = remove_tenant_folder(shared_.settings.data_dir, tenant);
  shared_.log.info("tenant_files_removed", {{"tenant", tenant.value}, {"all", removed}});
}

void Desks::measure(const std::stop_token& stop) {
  name_this_thread("quotas");
  while (!stop.stop_requested()) {
    for (auto* desk : all()) desk->measure();
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, stop, kMeasureEvery, [] { return false; });
  }
}

std::uint64_t Desks::sum(std::atomic<std::uint64_t> PipelineCounters::*counter) {
  std::uint64_t total = 0;
  for (auto* desk : all()) total += (desk->pipeline().counters().*counter).load(std::memory_order_relaxed);
  return total;
}

std::size_t Desks::open_count() {
  const std::lock_guard lock(mutex_);
  return desks_.size();
}

}  // namespace tocsin::app
