#pragma once
// Whose turn it is to do a work of which a tenant needs one at a time (store/leases.h), among processes that
// share its database. Not thread-safe: the service that does the work asks under its lock.

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "store/store.h"

namespace tocsin::app {

class Turn {
 public:
  // `work` is the lease's name. `process`: this one's name (Database::process); empty: there are no others,
  // and it is always our turn.
  Turn(store::TenantStore& store, const Clock& clock, std::string_view work, std::string process)
      : store_(store), clock_(clock), work_(work), process_(std::move(process)) {}

  bool is_always_ours() const noexcept { return process_.empty(); }
  // Takes it when it is free and keeps it when it is ours; false: another process has it.
  Result<bool> take();
  // For what a person asked of this process: from whoever has it. That one's next
  // write under it is refused.
  Result<void> seize();
  // The next one need not wait until it runs out.
  void give_back();

 private:
  store::TenantStore& store_;
  const Clock& clock_;
  const std::string work_;
  const std::string process_;
  Timestamp until_{};
};

}  // namespace tocsin::app
