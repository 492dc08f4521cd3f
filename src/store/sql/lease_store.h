#pragma once

#include "store/leases.h"
#include "store/sql/core.h"

namespace tocsin::store {

class SqlLeaseStore final : public LeaseStore {
 public:
  SqlLeaseStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<bool> take(std::string_view name, std::string_view owner, std::chrono::milliseconds length) override;
  Result<void> seize(std::string_view name, std::string_view owner,
                     std::chrono::milliseconds length) override;
  Result<void> give_back(std::string_view name, std::string_view owner) override;
  Result<std::optional<Lease>> find(std::string_view name) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

// kConflict when another process than context.process has the lease, or when `owner` is given and has it not.
// Inside the writer's transaction, before its first change.
Result<void> check_lease(std::string_view name, std::string_view owner, TenantId tenant,
                         WriteContext& context);

}  // namespace tocsin::store
