#pragma once

#include "store/dispositions.h"
#include "store/sql/core.h"

namespace tocsin::store {

class SqlDispositionStore final : public DispositionStore {
 public:
  SqlDispositionStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<std::vector<Disposition>> after(Timestamp decided_at, model::Seq alert,
                                         std::size_t limit) const override;
  Result<std::vector<Disposition>> newest(std::size_t limit) const override;
  Result<std::vector<DecidedAlert>> decided(Timestamp from, std::size_t limit) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

// Inside the writer's transaction, in the name of context.origin.
Result<void> keep_disposition(Seq alert, model::Verdict verdict, TenantId tenant, WriteContext& context);
// Of the alerts of an incident on which nobody said anything else.
Result<void> keep_incident_dispositions(Seq incident, model::Verdict verdict, TenantId tenant,
                                        WriteContext& context);

}  // namespace tocsin::store
