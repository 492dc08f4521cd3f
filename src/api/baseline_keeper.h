#pragma once
// Keeps what baselines learned in the tenant's store, and gives it to a detector after a start, a change of
// rules or of the process whose turn it is.
//
// Each baseline is a setting, written at intervals together with how far it had learned; what came after is
// learned again from the events that are kept. So nothing is lost by a crash but what retention has removed.
// One owner: the event desk, under its lock. May block on the database.

#include <optional>

#include "base/clock.h"
#include "detect/engine/detector.h"
#include "store/store.h"

namespace tocsin::api {

class BaselineKeeper {
 public:
  // Both outlive it.
  BaselineKeeper(store::TenantStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // To the state after the event `until`. `before`: the detector that it replaces, which gives away what it
  // learned; may be null.
  Result<void> give_past(detect::Detector& detector, detect::Detector* before, model::Seq until);
  // After events were judged. A failure is no loss: what is not kept is learned again.
  void keep_some(detect::Detector& detector, model::Seq until);

 private:
  Result<void> restore(detect::Detector& detector) const;
  Result<void> learn_missing(detect::Detector& detector, model::Seq until) const;
  Result<void> keep(detect::Detector& detector, model::Seq until);

  store::TenantStore& store_;
  const Clock& clock_;
  model::Seq kept_until_ = 0;
  std::optional<Timestamp> kept_at_;
};

}  // namespace tocsin::api
