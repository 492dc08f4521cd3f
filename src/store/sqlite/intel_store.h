#pragma once

#include "store/sql/core.h"

namespace tocsin::store {

class SqliteIntelStore final : public IntelStore {
 public:
  SqliteIntelStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}

  Result<IntelList> put(IntelList list, std::vector<IntelEntry> entries) override;
  Result<std::vector<IntelList>> lists() const override;
  Result<std::optional<IntelList>> find_list(const IntelListId& id) const override;
  Result<std::vector<std::pair<std::int64_t, IntelEntry>>> entries(const IntelListId& id, std::int64_t after,
                                                                   std::size_t limit) const override;
  Result<void> remove(const IntelListId& id) override;
  Result<std::vector<IntelHit>> find(const model::Ioc& ioc, Timestamp now) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
