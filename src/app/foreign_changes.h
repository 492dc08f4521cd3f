#pragma once
// What other processes changed in the shared database, shown by this one's live feed.

#include <functional>

#include "api/live.h"
#include "store/store.h"

namespace tocsin::app {

class ForeignChanges {
 public:
  // `alerts_came`: for correlation, when it is this process's turn. All outlive it.
  ForeignChanges(store::TenantStore& store, store::TenantId tenant, api::LiveHub& live,
                 std::function<void()> alerts_came)
      : store_(store), tenant_(tenant), live_(live), alerts_came_(std::move(alerts_came)) {}

  // One thread. Reads what changed, and only when somebody watches.
  void hear(const store::Notice& notice);

 private:
  void show_stored(model::Seq up_to);
  void show_changed(const store::Notice& notice);

  store::TenantStore& store_;
  const store::TenantId tenant_;
  api::LiveHub& live_;
  const std::function<void()> alerts_came_;
  model::Seq shown_ = 0;
};

}  // namespace tocsin::app
