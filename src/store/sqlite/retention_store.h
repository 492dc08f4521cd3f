#pragma once
// Retention over the tables of store/sqlite: alerts with their documents, keys, words and repeats; incidents
// with their notes, actions, decisions and memberships; events and dead letters.

#include "store/retention.h"
#include "store/sql/core.h"

namespace tocsin::store {

class SqliteRetentionStore final : public RetentionStore {
 public:
  SqliteRetentionStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<void> hold(const IncidentId& incident, std::string_view reason) override;
  Result<void> release(const IncidentId& incident, std::string_view reason) override;
  Result<std::optional<Hold>> held(const IncidentId& incident) const override;
  Result<RetentionSlice> remove(Timestamp before, model::Seq after, std::size_t alerts) override;
  Result<Removed> would_remove(Timestamp before) const override;
  Result<std::optional<Timestamp>> newest_within(std::int64_t bytes) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
