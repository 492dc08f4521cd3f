#pragma once
// The desks of all tenants that this process serves. One is opened when its tenant is first asked for, or at
// the start when it left work behind; they stay open until the end.

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "app/tenant_desk.h"
#include "auth/directory.h"

namespace tocsin::app {

// Thread-safe.
class Desks {
 public:
  static constexpr std::chrono::seconds kMeasureEvery{30};
  static constexpr std::size_t kMaxOpen = 500;  // each has threads and caches of its own

  // What it borrows outlives it.
  Desks(const SharedParts& shared, const auth::Directory& directory)
      : shared_(shared), directory_(directory) {}

  // Opens the default tenant's desk: what is wrong with the settings shows here.
  Result<void> open();
  // Default tenant and those that left work behind.
  Result<void> start();
  void stop_taking();
  void stop();

  // kNotFound when there is no such tenant or it is suspended; kUnavailable beyond kMaxOpen.
  Result<TenantDesk*> of(store::TenantId tenant);
  TenantDesk& default_desk() { return *default_; }

  void hear(const store::Notice& notice);
  // Tenants were changed: quotas follow, clients whose rights are over are cut off, and the desks of those
  // that were deleted do nothing any more and their files go.
  void tenants_changed();
  // Of all pipelines together.
  std::uint64_t sum(std::atomic<std::uint64_t> PipelineCounters::*counter);
  std::size_t open_count();

 private:
  std::vector<TenantDesk*> all();
  TenantDesk* open_desk(store::TenantId tenant);
  void measure(const std::stop_token& stop);
  void end_deleted();
  void remove_files(store::TenantId tenant);
  Result<store::Tenant> find_tenant(store::TenantId tenant) const;
  Result<TenantDesk*> add(const store::Tenant& known, std::unique_lock<std::mutex>& lock);  // of mutex_

  const SharedParts& shared_;
  const auth::Directory& directory_;
  TenantDesk* default_ = nullptr;
  std::mutex ending_;  // desks are stopped by one thread at a time
  std::mutex mutex_;   // guards what follows
  bool started_ = false;
  bool stopped_ = false;
  std::map<store::TenantId, std::unique_ptr<TenantDesk>> desks_;
  std::set<store::TenantId> opening_;  // by a thread that is at it
  std::condition_variable opened_;
  std::condition_variable_any stopping_;
  std::jthread meter_;
};

}  // namespace tocsin::app
