#pragma once
// How much a tenant may hand in: so many alerts and events a second (a bucket that holds a second's worth; a
// delivery is taken whole or not at all, and one that is larger than the bucket is paid for afterwards), and
// nothing while what it stores takes more room than it has.

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::app {

// Thread-safe.
class IngestQuota {
 public:
  explicit IngestQuota(const Clock& clock) : clock_(clock) {}
  void set_rate(std::int64_t alerts_per_second);  // 0: no bound
  void set_full(bool full) { full_.store(full, std::memory_order_relaxed); }
  // kBusy when the bucket is empty, kStorageFull when there is no room; nothing was taken then. 0: what we
  // made of what was paid for; it needs room alone.
  Result<void> take(std::size_t records);

 private:
  const Clock& clock_;
  std::atomic<bool> full_{false};
  std::mutex mutex_;  // guards what follows
  std::int64_t rate_ = 0;
  double left_ = 0;
  Timestamp filled_at_{};
};

}  // namespace tocsin::app
