#include "app/ingest_quota.h"

#include <algorithm>
#include <string>

namespace tocsin::app {

void IngestQuota::set_rate(std::int64_t alerts_per_second) {
  const std::lock_guard lock(mutex_);
  if (rate_ == alerts_per_second) return;
  rate_ = alerts_per_second;
  left_ = static_cast<double>(rate_);
  filled_at_ = clock_.now();
}

Result<void> IngestQuota::take(std::size_t records) {
  if (full_.load(std::memory_order_relaxed)) {
    return error(ErrorKind::kStorageFull, "ingest", "what the tenant stores takes all the room that it has",
                 "ask the provider for more, or have retention remove what is old");
  }
  const std::lock_guard lock(mutex_);
  if (rate_ == 0 || records == 0) return {};
  const auto now = clock_.now();
  const auto rate = static_cast<double>(rate_);
  const auto passed = std::chrono::duration<double>(std::max(now - filled_at_, Nanos(0))).count();
  left_ = std::min(rate, left_ + passed * rate);
  filled_at_ = now;
  if (left_ <= 0) {
    return error(ErrorKind::kBusy, "ingest",
                 "the tenant's quota of " + std::to_string(rate_) + " alerts and events a second is used up",
                 "send it again after Retry-After, or ask the provider for more");
  }
  left_ -= static_cast<double>(records);
  return {};
}

}  // namespace tocsin::app
