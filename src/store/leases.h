#pragma once
// Work that one process at a time does for a tenant: whoever holds the lease does it, and keeps holding it by
// taking it again in time. Part of what store.h promises: one tenant, thread-safe, durable when a write
// returns. Times are those of the caller's clock: hosts that share a database keep theirs in step.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::store {

// Correlation of a tenant's alerts. CorrelationDelta::owner has the delta checked against it.
inline constexpr std::string_view kCorrelationLease = "correlation";
// Judging a tenant's raw events.
inline constexpr std::string_view kDetectionLease = "detection";

struct Lease {
  std::string name;
  std::string owner;
  Timestamp until{};
};

class LeaseStore {
 public:
  virtual ~LeaseStore() = default;
  // True when `owner` now has it until now + `length`: it was free, had run out, or was his already.
  virtual Result<bool> take(std::string_view name, std::string_view owner,
                            std::chrono::milliseconds length) = 0;
  // As take(), from whoever has it: his next write under it is refused.
  virtual Result<void> seize(std::string_view name, std::string_view owner,
                             std::chrono::milliseconds length) = 0;
  // Free for the next one at once; nothing when it is another's.
  virtual Result<void> give_back(std::string_view name, std::string_view owner) = 0;
  virtual Result<std::optional<Lease>> find(std::string_view name) const = 0;  // absent: it is free
};

}  // namespace tocsin::store
