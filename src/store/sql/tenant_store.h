#pragma once
// All stores of a tenant but that of alerts.

#include "store/sql/audit_store.h"
#include "store/sql/desk_store.h"
#include "store/sql/disposition_store.h"
#include "store/sql/lease_store.h"
#include "store/sql/retention_store.h"
#include "store/sqlite/incident_store.h"
#include "store/sqlite/intel_store.h"
#include "store/sqlite/inventory_store.h"
#include "store/sqlite/operation_stores.h"

namespace tocsin::store {

class SqlTenantStore : public TenantStore {
 public:
  SqlTenantStore(Parts parts, TenantId tenant, RemoveAlerts remove_alerts)
      : parts_(parts),
        tenant_(tenant),
        incidents_(parts, tenant),
        dead_letters_(parts, tenant),
        jobs_(parts, tenant),
        events_(parts, tenant),
        intel_(parts, tenant),
        assets_(parts, tenant),
        users_(parts, tenant),
        references_(parts, tenant),
        audit_(parts, tenant),
        leases_(parts, tenant),
        dispositions_(parts, tenant),
        desk_(parts, tenant),
        retention_(parts, tenant, remove_alerts) {}

  IncidentStore& incidents() override { return incidents_; }
  DeadLetterStore& dead_letters() override { return dead_letters_; }
  JobStore& jobs() override { return jobs_; }
  EventStore& events() override { return events_; }
  IntelStore& intel() override { return intel_; }
  AssetTable& assets() override { return assets_; }
  UserTable& users() override { return users_; }
  ReferenceStore& references() override { return references_; }
  AuditStore& audit() override { return audit_; }
  LeaseStore& leases() override { return leases_; }
  DispositionStore& dispositions() override { return dispositions_; }
  DeskStore& desk() override { return desk_; }
  RetentionStore& retention() override { return retention_; }
  Result<void> add_feedback(const Feedback& feedback) override;
  Result<std::optional<std::string>> setting(std::string_view key) const override;
  Result<void> set_setting(std::string_view key, std::string_view value) override;
  Result<Counts> counts() const override;
  Result<RuleHistory> rule_history(std::string_view source, std::string_view type) const override;
  Result<std::optional<KeptAnswer>> kept_answer(std::string_view key) const override;
  Result<void> keep_answer(std::string_view key, const KeptAnswer& answer) override;

 private:
  const Parts parts_;
  const TenantId tenant_;
  SqliteIncidentStore incidents_;
  SqliteDeadLetterStore dead_letters_;
  SqliteJobStore jobs_;
  SqliteEventStore events_;
  SqliteIntelStore intel_;
  SqliteInventoryTable<Asset> assets_;
  SqliteInventoryTable<User> users_;
  SqliteReferenceStore references_;
  SqlAuditStore audit_;
  SqlLeaseStore leases_;
  SqlDispositionStore dispositions_;
  SqlDeskStore desk_;
  SqlRetentionStore retention_;
};

}  // namespace tocsin::store
