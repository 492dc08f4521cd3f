#pragma once
// Whose turn it is to correlate a tenant, among processes that share its database. Not thread-safe: the
// correlation service asks under its lock.

#include <chrono>
#include <string>

#include "base/clock.h"
#include "store/store.h"

namespace tocsin::app {

class CorrelationTurn {
 public:
  // `process`: this one's name (Database::process); empty: there are no others, and it is always our turn.
  CorrelationTurn(store::TenantStore& store, const Clock& clock, std::string process)
      : store_(store), clock_(clock), process_(std::move(process)) {}

  // Takes it when it is free and keeps it when it is ours; false: another process has it.
  Result<bool> take();
  // For what a person asked of this process: from whoever has it. That one's next delta is refused.
  Result<void> seize();
  // The next one need not wait until it runs out.
  void give_back();

 private:
  store::TenantStore& store_;
  const Clock& clock_;
  const std::string process_;
  Timestamp until_{};
};

}  // namespace tocsin::app
