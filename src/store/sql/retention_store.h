#pragma once
// Retention: alerts with their documents, keys, words and repeats; incidents with their notes, actions,
// decisions and memberships; events and dead letters. How an alert leaves every table that knows it is the
// database's own.

#include <span>

#include "store/retention.h"
#include "store/sql/core.h"

namespace tocsin::store {

// Takes alerts out of every table that knows them, inside the writer's transaction: row, repeats, membership,
// lookup keys, words, corrections and feedback; their slots in blocks are emptied, and blocks that nothing
// points into are dropped. Counters follow. Returns how many there were.
using RemoveAlerts = Result<std::int64_t> (*)(WriteContext&, TenantId, std::span<const Seq>);

class SqlRetentionStore final : public RetentionStore {
 public:
  SqlRetentionStore(Parts parts, TenantId tenant, RemoveAlerts remove_alerts)
      : parts_(parts), tenant_(tenant), remove_alerts_(remove_alerts) {}
  Result<void> hold(const IncidentId& incident, std::string_view reason) override;
  Result<void> release(const IncidentId& incident, std::string_view reason) override;
  Result<std::optional<Hold>> held(const IncidentId& incident) const override;
  Result<RetentionSlice> remove(Timestamp before, model::Seq after, std::size_t alerts) override;
  Result<Removed> would_remove(Timestamp before) const override;
  Result<std::optional<Timestamp>> newest_within(std::int64_t bytes) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
  const RemoveAlerts remove_alerts_;
};

}  // namespace tocsin::store
