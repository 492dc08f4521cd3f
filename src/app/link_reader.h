#pragma once
// Reads link records and memberships of a store in step, a chunk at a time: nothing is read inside a scan's
// callback.

#include <functional>
#include <vector>

#include "store/store.h"

namespace tocsin::app {

// The next records after `after` in order, `most` and what the store hands out along with them; none at the
// end. Reuses the memory of `records`.
Result<void> read_links(const store::AlertStore& alerts, model::Seq after, std::size_t most,
                        std::vector<model::LinkRecord>& records);

class MembershipReader {
 public:
  MembershipReader(const store::IncidentStore& incidents, model::Seq after)
      : incidents_(incidents), after_(after) {}
  // Alerts must be asked for in ascending order. Null when the alert is in no incident.
  Result<const model::Membership*> find(model::Seq alert);

 private:
  Result<void> refill();
  const store::IncidentStore& incidents_;
  model::Seq after_;
  bool at_end_ = false;
  std::vector<model::Membership> chunk_;
  std::size_t next_ = 0;
};

// Calls `each` for every alert after `after` with its membership (or null), in order.
Result<void> for_each_alert(
    store::TenantStore& store, model::Seq after,
    const std::function<void(const model::LinkRecord&, const model::Membership*)>& each);

// Calls `each` for the records of these alerts (ascending).
Result<void> for_each_of(const store::AlertStore& alerts, const std::vector<model::Seq>& seqs,
                         const std::function<void(const model::LinkRecord&)>& each);

}  // namespace tocsin::app
